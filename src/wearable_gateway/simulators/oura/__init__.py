"""Oura, simulated (https://cloud.ouraring.com/v2/docs)."""

import datetime as dt
import hmac
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from wearable_gateway.simulators._base.answers import Refusal
from wearable_gateway.simulators._base.book import Person, TokenSet
from wearable_gateway.simulators._base.config import Clock, SimulatorConfig
from wearable_gateway.simulators._base.simulator import Simulator
from wearable_gateway.simulators._base.tokens import rfc_body
from wearable_gateway.simulators.oura.documents import Documents, Item
from wearable_gateway.simulators.oura.sending import OuraSender
from wearable_gateway.simulators.oura.subscriptions import Subscriptions, unprocessable

_DATA = "/v2/usercollection"
_PAGE, _ROWS = 50, 1000
_MOST_DIGITS = 9
_MOST_DAYS = dt.timedelta(days=30)
_CALLS, _WINDOW_SECONDS = 5000, 300
_EVENTS = {
    "daily": ("daily_activity", "daily_sleep", "daily_readiness", "daily_stress", "daily_spo2", "vO2_max"),
    "sleep": ("sleep",),
    "activity": ("workout", "session"),
    "tag": ("enhanced_tag",),
}
_SCOPES = {
    "workout": "workout",
    "session": "session",
    "heartrate": "heartrate",
    "daily_spo2": "spo2",
    "vO2_max": "heart_health",
    "enhanced_tag": "tag",
    "ring_configuration": "ring_configuration",
}
_FIRST_DAY_OUT = frozenset({"sleep"})
_LAST_DAY_OUT = frozenset({"sleep", "daily_activity"})


class Oura(Simulator):
    name = "Oura"
    authorize_path = "/oauth/authorize"
    token_path = "/oauth/token"  # noqa: S105 - a path
    data_paths = (_DATA,)
    scopes = (
        "email", "personal", "daily", "heartrate", "workout", "tag", "session", "spo2", "heart_health",
        "ring_configuration",
    )  # fmt: skip
    kinds = ("daily", "sleep", "activity", "tag")
    access_seconds = 86_400
    retry_schedule: ClassVar[Sequence[float]] = (10, 30, 60, 120, 240, 360, 480, 600, 780, 900)
    """Ten times within the hour."""

    def __init__(self, config: SimulatorConfig, clock: Clock | None = None) -> None:
        super().__init__(config, *([clock] if clock else []))
        self.documents = Documents(self)
        self.subscriptions = Subscriptions(self)
        schedule = config.retry_schedule if config.retry_schedule is not None else self.retry_schedule
        self.sender = OuraSender(schedule, self.subscriptions.cancel)

    def routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/oauth/revoke", self._revoke, methods=["POST"]),
            Route(f"{_DATA}/personal_info", self._personal_info),
            Route(f"{_DATA}/ring_configuration", self._rings),
            Route(f"{_DATA}/heartrate", self._heart_rates),
            *(Route(f"{_DATA}/{name}", self._collection(name)) for name in self.documents.made),
            *(Route(f"{_DATA}/{name}/{{id}}", self._single(name)) for name in self.documents.made),
            *self.subscriptions.routes(),
        ]

    # --- consent and tokens ---

    def redirect_extra(self, person: Person) -> Mapping[str, str]:
        return {"iss": self.config.url, "scope": _granted(person.scopes or ())}

    def token_answer(self, tokens: TokenSet, person: Person, *, first: bool) -> Response:
        body = rfc_body(tokens, self.access_seconds)
        return JSONResponse(
            {**body, "token_type": "bearer", "scope": _granted(tokens.scopes), "id_token": None}
        )

    def unauthorized(self) -> Response:
        return _problem(401, "Unauthorized", "invalid access token")

    def too_many(self, seconds: float) -> Response:
        return JSONResponse(
            {"detail": "Request Rate Limit Exceeded."},
            429,
            headers={
                "retry-after": str(math.ceil(seconds)),
                "x-ratelimit-limit": str(_CALLS),
                "x-ratelimit-window": str(_WINDOW_SECONDS),
                "x-ratelimit-reset": str(math.ceil(self.clock() + seconds)),
                "x-ratelimit-tier": "application",
            },
        )

    async def _revoke(self, request: Request) -> Response:
        tokens = self.book.tokens.get(request.query_params.get("access_token", ""))
        if tokens is None:
            return self.unauthorized()
        self.withdraw(self.book.people[tokens.name])
        return Response(status_code=200)

    # --- notices; of a withdrawn consent there is none ---

    async def changed(self, person: Person, kind: str, day: dt.date) -> None:
        event = "create" if person.revision(kind, day) == 1 else "update"
        for name in _EVENTS[kind]:
            self._tell(person, event, name, self.identifier(person, name, day))

    async def delete(self, person: Person, kind: str, day: dt.date) -> int:
        for name in _EVENTS[kind]:
            object_id = self.identifier(person, name, day)
            person.deleted.append(object_id)
            self._tell(person, "delete", name, object_id)
        return len(_EVENTS[kind])

    def _tell(self, person: Person, event: str, name: str, object_id: str) -> None:
        url = self.subscriptions.url_for(event, name.lower())
        if url is None or person.scopes is None or _SCOPES.get(name, "daily") not in person.scopes:
            return
        told = {
            "event_type": event,
            "data_type": name.lower(),
            "object_id": object_id,
            "event_time": dt.datetime.fromtimestamp(self.clock(), dt.UTC).isoformat(),
            "user_id": person.id,
        }
        self.tell(orjson.dumps(told), self._signed, url)

    def _signed(self, body: bytes) -> Mapping[str, str]:
        at = str(int(self.clock()))
        signature = hmac.digest(self.config.client_secret.encode(), at.encode() + body, "sha256").hex()
        return {
            "content-type": "application/json",
            "x-oura-timestamp": at,
            "x-oura-signature": signature.upper(),
        }

    # --- data ---

    def _entitled(self, request: Request, name: str) -> Person:
        tokens = self.tokens_of(request)
        if _SCOPES.get(name, "daily") not in tokens.scopes:
            raise Refusal(_problem(403, "Forbidden", "the token lacks a scope, or the membership has ended"))
        return self.book.people[tokens.name]

    async def _personal_info(self, request: Request) -> Response:
        """Open to every token; what a scope does not reach is null."""
        tokens = self.tokens_of(request)
        return JSONResponse(self.documents.profile(self.book.people[tokens.name], tokens.scopes))

    async def _rings(self, request: Request) -> Response:
        person = self._entitled(request, "ring_configuration")
        return JSONResponse({"data": [self.documents.ring(person)], "next_token": None})

    def _collection(self, name: str) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            person = self._entitled(request, name)
            try:
                first = dt.date.fromisoformat(request.query_params["start_date"])
                last = dt.date.fromisoformat(request.query_params["end_date"])
            except (KeyError, ValueError):
                return unprocessable("query", "start_date")
            if first > last:
                return unprocessable("query", "start_date")
            first += dt.timedelta(days=name in _FIRST_DAY_OUT)
            last -= dt.timedelta(days=name in _LAST_DAY_OUT)
            items = [self.documents.made[name](person, day) for day in self.days(first, last)]
            return _page(request, [item for item in items if item["id"] not in person.deleted], _PAGE)

        return answer

    def _single(self, name: str) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            person = self._entitled(request, name)
            wanted = request.path_params["id"]
            for day in reversed(self.days(self.today() - dt.timedelta(days=400), self.today())):
                if self.identifier(person, name, day) == wanted and wanted not in person.deleted:
                    return JSONResponse(self.documents.made[name](person, day))
            return _problem(404, "Not Found", "no such document")

        return answer

    async def _heart_rates(self, request: Request) -> Response:
        person = self._entitled(request, "heartrate")
        try:
            first = dt.datetime.fromisoformat(request.query_params["start_datetime"])
            last = dt.datetime.fromisoformat(request.query_params["end_datetime"])
        except (KeyError, ValueError):
            return unprocessable("query", "start_datetime")
        if first > last or last - first > _MOST_DAYS:
            return unprocessable("query", "start_datetime")
        days = self.days(first.date(), last.date())
        rows = [row for day in days for row in self.documents.pulse(person, day, first, last)]
        return _page(request, rows, _ROWS)


def _granted(scopes: Sequence[str]) -> str:
    return " ".join(f"extapi:{scope}" for scope in scopes)


def _page(request: Request, items: Sequence[Item], size: int) -> Response:
    given = request.query_params.get("next_token") or "0"
    if not given.isdecimal() or len(given) > _MOST_DIGITS:
        return JSONResponse({"detail": "invalid next_token"}, 400)
    end = int(given) + size
    more = str(end) if end < len(items) else None
    return JSONResponse({"data": items[int(given) : end], "next_token": more})


def _problem(status: int, title: str, detail: str) -> Response:
    return JSONResponse({"status": status, "title": title, "detail": detail}, status)


SIMULATOR = Oura
