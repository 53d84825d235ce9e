"""Garmin's Connect Developer Program, simulated: it pushes, or pings, what its people sync; it signs nothing.

After the public re-statements named in docs/providers/garmin.md.
"""

import asyncio
import datetime as dt
import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from wearable_gateway.simulators._base.answers import Refusal
from wearable_gateway.simulators._base.book import Person, TokenSet
from wearable_gateway.simulators._base.simulator import Simulator
from wearable_gateway.simulators.garmin.summaries import Summary, of_day

_REST = "/wellness-api/rest"
_HISTORY = "HISTORICAL_DATA_EXPORT"
_TOGETHER_SECONDS = 0.02
_SECONDS_A_DAY = 86_400
_MILLISECONDS = 10_000_000_000
_FIXED_SCOPE = "PARTNER_WRITE PARTNER_READ CONNECT_READ CONNECT_WRITE"
_NAMES = {
    "daily": ("dailies", "stressDetails", "pulseox", "hrv"),
    "sleep": ("sleeps",),
    "activity": ("activities", "activityDetails"),
    "body": ("bodyComps", "bloodPressures", "userMetrics"),
    "menstruation": ("mct",),
}
_ASKED_AS = {{"pulseox": "pulseOx"}.get(name, name): name for names in _NAMES.values() for name in names}
"""The names of a backfill, and what comes of it."""
_MOST_DAYS = {"activities": 30, "activityDetails": 30}


class Garmin(Simulator):
    name = "Garmin"
    authorize_path = "/oauth2Confirm"
    token_path = "/di-oauth2-service/oauth/token"  # noqa: S105 - a path
    data_paths = (_REST,)
    scopes = ("ACTIVITY_EXPORT", "HEALTH_EXPORT", "MCT_EXPORT", _HISTORY)
    kinds = tuple(_NAMES)
    needs_pkce = True
    access_seconds = 86_400
    retry_schedule: ClassVar = (10, 30, 120, 600, 3600)

    pings = False
    """Whether this app set its addresses to ping; a push otherwise."""
    backfilled_days_a_minute = 10_000
    """Of a production key; an evaluation key has 100."""

    _waiting: dict[str, list[Summary]]

    def routes(self) -> Sequence[Route]:
        self._waiting = {}
        return [
            Route(f"{_REST}/user/id", self._user_id),
            Route(f"{_REST}/user/permissions", self._permissions),
            Route(f"{_REST}/user/registration", self._deregister, methods=["DELETE"]),
            Route(f"{_REST}/backfill/{{name}}", self._backfill),
            Route(f"{_REST}/{{name}}", self._pull),
        ]

    def asked_scopes(self, text: str | None) -> Sequence[str]:
        """It asks the person itself what to allow, whatever the app would like."""
        return self.scopes

    def token_answer(self, tokens: TokenSet, person: Person, *, first: bool) -> Response:
        return JSONResponse(
            {
                "access_token": tokens.access,
                "expires_in": self.access_seconds,
                "token_type": "bearer",
                "refresh_token": tokens.refresh,
                "scope": _FIXED_SCOPE,
                "jti": secrets.token_hex(8),
                "refresh_token_expires_in": 7_775_998,
            }
        )

    def unauthorized(self) -> Response:
        return _error(401, "Token is not active")

    def too_many(self, seconds: float) -> Response:
        return _error(429, "Too many requests")

    def consent(self, person: Person, scopes: Sequence[str]) -> None:
        """Whoever comes back may have their history sent once more."""
        if person.scopes is None:
            person.more.pop("backfilled", None)
        super().consent(person, scopes)

    # --- notices ---

    async def changed(self, person: Person, kind: str, day: dt.date) -> None:
        self._send(person, (of_day(self, person, name, day) for name in _NAMES[kind]), _NAMES[kind])

    async def withdrawn(self, person: Person) -> None:
        self._put("deregistrations", [{"userId": person.id}])

    async def scopes_changed(self, person: Person) -> None:
        change = {
            "userId": person.id,
            "summaryId": f"x{person.id[:7]}-{int(self.clock()):x}",
            "permissions": list(person.scopes or ()),
            "changeTimeInSeconds": int(self.clock()) + 1,
        }
        self._put("userPermissionsChange", [change])

    def _send(self, person: Person, summaries: Iterable[Summary], names: Iterable[str]) -> None:
        for name, summary in zip(names, summaries, strict=True):
            if self._needed(name) in (person.scopes or ()):
                self._put(name, [self._ping(person, name, summary) if self.pings else summary])

    def _ping(self, person: Person, name: str, summary: Summary) -> Summary:
        """The summary is to be had at an address, for a day and with a token of its own."""
        token, now = secrets.token_urlsafe(12), int(self.clock())
        self.book.more.setdefault("pulls", {})[token] = [name, summary]
        query = f"uploadStartTimeInSeconds={now - 2}&uploadEndTimeInSeconds={now}&token={token}"
        return {"userId": person.id, "callbackURL": f"{self.config.url}{_REST}/{name}?{query}"}

    def _put(self, name: str, items: list[Summary]) -> None:
        """Into the next body: what comes within a moment, of whoever and whatever kind, comes in one."""
        if not self._waiting:
            asyncio.get_running_loop().call_later(_TOGETHER_SECONDS, self._flush)
        self._waiting.setdefault(name, []).extend(items)

    def _flush(self) -> None:
        body, self._waiting = orjson.dumps(self._waiting), {}
        self.tell(body, self._headers)

    def _headers(self, _body: bytes) -> Mapping[str, str]:
        return {
            "content-type": "application/json;charset=UTF-8",
            "user-agent": "Garmin Health API",
            "garmin-client-id": self.config.client_id,
        }

    # --- what may be asked ---

    async def _user_id(self, request: Request) -> Response:
        return JSONResponse({"userId": self.caller(request).id})

    async def _permissions(self, request: Request) -> Response:
        return JSONResponse(self.caller(request).scopes)

    async def _deregister(self, request: Request) -> Response:
        person = self.caller(request)
        self.withdraw(person)
        await self.withdrawn(person)
        return Response(status_code=204)

    async def _pull(self, request: Request) -> Response:
        """Only what a ping named, at the address it came with."""
        name, query = request.path_params["name"], request.query_params
        kept = self.book.more.get("pulls", {}).get(query.get("token", ""))
        if kept is None or kept[0] != name:
            return _error(401, "Unauthorized pull request")
        first, last = _moments(query, "uploadStartTimeInSeconds", "uploadEndTimeInSeconds")
        if not 0 <= last - first <= _SECONDS_A_DAY:
            return _error(400, "the upload range is longer than 24 hours")
        return JSONResponse([kept[1]])

    async def _backfill(self, request: Request) -> Response:
        """202 without a body; what there is comes by notice."""
        person, name = self.caller(request), request.path_params["name"]
        first, last = _moments(request.query_params, "summaryStartTimeInSeconds", "summaryEndTimeInSeconds")
        self._check_backfill(person, name, first, last)
        days = self.days(_day(first), _day(last - 1))
        pushed = _ASKED_AS[name]
        self._send(person, (of_day(self, person, pushed, day) for day in days), [pushed] * len(days))
        return Response(status_code=202)

    def _check_backfill(self, person: Person, name: str, first: int, last: int) -> None:
        """Raises Refusal, for each of the vendor's reasons."""
        days = (last - first) / _SECONDS_A_DAY
        if name not in _ASKED_AS:
            raise Refusal(_error(404, "no such summary type"))
        if not 0 < days <= _MOST_DAYS.get(name, 90):
            raise Refusal(_error(400, "the range is too long, or ends before it begins"))
        if _HISTORY not in (person.scopes or ()):
            raise Refusal(_error(403, "the user has not allowed historical data"))
        if self._needed(_ASKED_AS[name]) not in (person.scopes or ()):
            raise Refusal(_error(412, "the user has not allowed this summary type"))
        asked = person.more.setdefault("backfilled", {}).setdefault(name, [])
        if any(first < end and start < last for start, end in asked):
            raise Refusal(_error(409, "duplicate backfill request"))
        self._spend(days)
        asked.append([first, last])

    def _spend(self, days: float) -> None:
        minute, spent = self.book.more.get("spent", [0, 0.0])
        now = int(self.clock() // 60)
        spent = days + (spent if minute == now else 0)
        if spent > self.backfilled_days_a_minute:
            raise Refusal(self.too_many(60))
        self.book.more["spent"] = [now, spent]

    def _needed(self, name: str) -> str:
        if name in _NAMES["activity"]:
            return "ACTIVITY_EXPORT"
        return "MCT_EXPORT" if name in _NAMES["menstruation"] else "HEALTH_EXPORT"


def _moments(query: Mapping[str, str], *names: str) -> tuple[int, int]:
    """Two moments in Unix seconds. Raises Refusal."""
    try:
        first, last = (int(query[name]) for name in names)
    except (KeyError, ValueError):
        raise Refusal(_error(400, "a timestamp is missing")) from None
    if max(first, last) > _MILLISECONDS:
        raise Refusal(_error(400, "a timestamp appears to be in milliseconds"))
    return first, last


def _day(seconds: int) -> dt.date:
    return dt.datetime.fromtimestamp(seconds, dt.UTC).date()


def _error(status: int, message: str) -> Response:
    body: dict[str, Any] = {"errorMessage": message}
    return JSONResponse(body, status)


SIMULATOR = Garmin
