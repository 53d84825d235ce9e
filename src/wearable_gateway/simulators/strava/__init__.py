"""Strava, simulated (https://developers.strava.com/docs/)."""

import datetime as dt
import hashlib
import hmac
import itertools
import math
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, ClassVar

import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from wearable_gateway.simulators._base.answers import Refusal
from wearable_gateway.simulators._base.book import Person, TokenSet
from wearable_gateway.simulators._base.config import Clock, SimulatorConfig
from wearable_gateway.simulators._base.simulator import Simulator
from wearable_gateway.simulators._base.tokens import basic_of
from wearable_gateway.simulators.strava import activities
from wearable_gateway.simulators.strava.limits import Limits
from wearable_gateway.simulators.strava.refusals import refused
from wearable_gateway.simulators.strava.subscriptions import Subscriptions
from wearable_gateway.simulators.strava.tokens import Tokens, athlete_of, body_of

_BASES = ("/api/v3", "")
"""Of today, and, on a host of its own, of 2027."""
_READS = frozenset({"activity:read", "activity:read_all"})
_MOST_PER_PAGE = 200
_LISTED_DAYS = 60

Endpoint = Callable[[Request], Awaitable[Response]]
Shape = Callable[[Simulator, Person, dt.date], Any]


class Strava(Simulator):
    name = "Strava"
    authorize_path = "/oauth/authorize"
    token_path = "/oauth/token"  # noqa: S105 - a path
    data_paths = ("/athlete", "/activities/", "/api/v3/")
    scopes = ("read", "activity:read", "activity:read_all")
    kinds = ("activity",)
    extra: ClassVar[Mapping[str, str]] = {"signing_secret": "strava-signing-secret"}
    access_seconds = 21_600
    retry_schedule: ClassVar[Sequence[float]] = (120, 120)

    def __init__(self, config: SimulatorConfig, clock: Clock = time.time) -> None:
        super().__init__(config, clock)
        self.token_endpoint = Tokens(self)
        self._subscriptions = Subscriptions(self)
        self._limits = Limits(clock)

    def forgive(self) -> None:
        self._limits = Limits(self.clock)

    def routes(self) -> Sequence[Route]:
        return [
            Route("/oauth/deauthorize", self._deauthorize, methods=["POST"]),
            Route("/oauth/revoke", self._revoke, methods=["POST"]),
            *itertools.chain.from_iterable(self._api(base) for base in _BASES),
        ]

    def _api(self, base: str) -> Sequence[Route]:
        one = f"{base}/activities/{{number:int}}"
        subscriptions = f"{base}/push_subscriptions"
        return [
            Route(f"{base}/athlete", self._counted(self._athlete)),
            Route(f"{base}/athlete/activities", self._counted(self._list)),
            Route(one, self._counted(self._of_activity(activities.detailed))),
            Route(f"{one}/streams", self._counted(self._of_activity(activities.streams))),
            Route(f"{one}/zones", self._counted(self._of_activity(activities.zones))),
            Route(subscriptions, self._subscriptions.list, methods=["GET"]),
            Route(subscriptions, self._subscriptions.create, methods=["POST"]),
            Route(f"{subscriptions}/{{id}}", self._subscriptions.remove, methods=["DELETE"]),
        ]

    # --- tokens ---

    def account_id(self, name: str) -> str:
        return str(int(hashlib.sha256(name.encode()).hexdigest()[:6], 16) + 1000)

    def redirect_extra(self, person: Person) -> Mapping[str, str]:
        return {"scope": ",".join(person.scopes or ())}

    def token_answer(self, tokens: TokenSet, person: Person, *, first: bool) -> Response:
        return JSONResponse(body_of(tokens, self.clock(), athlete_of(person) if first else None))

    def token_error(self, error: str) -> Response:
        resource, field = {
            "invalid_client": ("Application", "client_id"),
            "invalid_grant": ("RequestToken", "code"),
        }.get(error, ("RequestToken", "grant_type"))
        return refused(400, "Bad Request", resource, field)

    def unauthorized(self) -> Response:
        return refused(401, "Authorization Error", "Athlete", "access_token")

    async def _deauthorize(self, request: Request) -> Response:
        """Everything the app has of the athlete is over, and the app is told so like of any other revocation."""
        tokens = self.tokens_of(request)
        await self._end(self.book.people[tokens.name])
        return JSONResponse({"access_token": tokens.access})

    async def _revoke(self, request: Request) -> Response:
        """A refresh token takes everything with it, an access token only itself; 200 even for a token nobody knows."""
        if basic_of(request) != (self.config.client_id, self.config.client_secret):
            return refused(401, "Authorization Error", "Application", "client_id")
        given = str((await request.form()).get("token", ""))
        found = next((one for one in self.book.tokens.values() if given in {one.access, one.refresh}), None)
        if found is not None and given == found.refresh:
            await self._end(self.book.people[found.name])
        elif found is not None:
            found.ends = 0
        return Response(status_code=200)

    async def _end(self, person: Person) -> None:
        self.withdraw(person)
        await self.withdrawn(person)

    # --- pushes ---

    async def changed(self, person: Person, kind: str, day: dt.date) -> None:
        number = activities.number_of(person, day)
        if person.revision(kind, day) == 1:
            self._push(person, "activity", number, "create", {})
        else:
            self._push(person, "activity", number, "update", {"title": activities.title_of(person, day)})

    async def delete(self, person: Person, kind: str, day: dt.date) -> int:
        number = activities.number_of(person, day)
        if str(number) in person.deleted:
            return 0
        person.deleted.append(str(number))
        self._push(person, "activity", number, "delete", {})
        return 1

    async def withdrawn(self, person: Person) -> None:
        self._send(person, "athlete", int(person.id), "update", {"authorized": "false"})

    def _push(
        self, person: Person, object_type: str, object_id: int, aspect: str, updates: Mapping[str, str]
    ) -> None:
        if _READS & set(person.scopes or ()):
            self._send(person, object_type, object_id, aspect, updates)

    def _send(
        self, person: Person, object_type: str, object_id: int, aspect: str, updates: Mapping[str, str]
    ) -> None:
        subscription = self._subscriptions.current
        if subscription is None:
            return
        event = {
            "object_type": object_type,
            "object_id": object_id,
            "aspect_type": aspect,
            "updates": updates,
            "owner_id": int(person.id),
            "subscription_id": subscription["id"],
            "event_time": int(self.clock()),
        }
        self.tell(orjson.dumps(event), self._headers, subscription["callback_url"])

    def _headers(self, body: bytes) -> Mapping[str, str]:
        """Signed where there is a secret for it, as some clients say it is."""
        headers = {"content-type": "application/json"}
        secret = self.config.extra.get("signing_secret")
        if not secret:
            return headers
        at = int(self.clock())
        digest = hmac.digest(secret.encode(), b"%d." % at + body, "sha256").hex()
        return {**headers, "x-strava-signature": f"t={at},v1={digest}"}

    # --- data ---

    def too_many(self, seconds: float) -> Response:
        """Strava names no seconds, and neither does `_counted`; who orders a limit does."""
        return JSONResponse(_TOO_MANY, 429, headers={"retry-after": str(math.ceil(seconds))})

    def _counted(self, endpoint: Endpoint) -> Endpoint:
        """The headers stand on answers of the API, not on those of the token endpoint."""

        async def answer(request: Request) -> Response:
            if not self._limits.count(request.method):
                response: Response = JSONResponse(_TOO_MANY, 429)
            else:
                try:
                    response = await endpoint(request)
                except Refusal as refusal:
                    response = refusal.response
            response.headers.update(self._limits.headers())
            return response

        return answer

    async def _athlete(self, request: Request) -> Response:
        return JSONResponse(athlete_of(self.caller(request)))

    async def _list(self, request: Request) -> Response:
        """Oldest first when `after` is given, otherwise newest first."""
        person, query = self._reader(request), request.query_params
        try:
            before = float(query.get("before", self.clock()))
            after = float(query.get("after", before - _LISTED_DAYS * 86_400))
            page, size = int(query.get("page", 1)), int(query.get("per_page", 30))
        except ValueError:
            return refused(400, "Bad Request", "Activity", "page")
        if page < 1 or not 0 < size <= _MOST_PER_PAGE:
            return refused(400, "Bad Request", "Activity", "per_page")
        days = self.days(_day(after), _day(before))
        found = [
            activities.summary(self, person, day)
            for day in (days if "after" in query else reversed(days))
            if after < activities.begins(day).timestamp() < before and not self._is_gone(person, day)
        ]
        return JSONResponse(found[(page - 1) * size : page * size])

    def _of_activity(self, shape: Shape) -> Endpoint:
        async def answer(request: Request) -> Response:
            person, number = self._reader(request), request.path_params["number"]
            day = activities.day_of(number)
            if day is None or number != activities.number_of(person, day) or self._is_gone(person, day):
                return refused(404, "Record Not Found", "Activity", "id", "not found")
            return JSONResponse(shape(self, person, day))

        return answer

    def _is_gone(self, person: Person, day: dt.date) -> bool:
        return day > self.today() or str(activities.number_of(person, day)) in person.deleted

    def _reader(self, request: Request) -> Person:
        person = self.caller(request)
        if not _READS & set(self.tokens_of(request).scopes):
            raise Refusal(
                refused(401, "Authorization Error", "AccessToken", "activity:read_permission", "missing")
            )
        return person


_TOO_MANY = {
    "message": "Rate Limit Exceeded",
    "errors": [{"resource": "Application", "field": "rate limit", "code": "exceeded"}],
}


def _day(seconds: float) -> dt.date:
    return dt.datetime.fromtimestamp(seconds, dt.UTC).date()


SIMULATOR = Strava
