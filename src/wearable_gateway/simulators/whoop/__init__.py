"""WHOOP, simulated: version 2 of its API (https://developer.whoop.com/api)."""

import base64
import datetime as dt
import hmac
import math
import time
import uuid
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
from wearable_gateway.simulators.whoop.documents import Documents, Item, number_of
from wearable_gateway.simulators.whoop.pages import page_of, span_of
from wearable_gateway.simulators.whoop.tokens import WhoopTokens

_API = "/developer/v2"
_A_MINUTE, _CALLS_A_MINUTE = 60, 100
_KNOWN_DAYS = 400
_FIRST_ID = 10_000_000
_SCOPES = {
    "cycle": "read:cycles",
    "recovery": "read:recovery",
    "activity/sleep": "read:sleep",
    "activity/workout": "read:workout",
}

Make = Callable[[Person, dt.date], Item]


class Whoop(Simulator):
    name = "Whoop"
    authorize_path = "/oauth/oauth2/auth"
    token_path = "/oauth/oauth2/token"  # noqa: S105 - a path
    data_paths = (_API,)
    scopes = (
        "offline",
        "read:recovery",
        "read:cycles",
        "read:workout",
        "read:sleep",
        "read:profile",
        "read:body_measurement",
    )
    kinds = ("sleep", "activity", "daily")
    refresh_kills_access = True
    reuse_kills_family = True
    retry_schedule: ClassVar = (60, 240, 600, 1200, 1500)

    def __init__(self, config: SimulatorConfig, clock: Clock = time.time) -> None:
        super().__init__(config, clock)
        self.token_endpoint = WhoopTokens(self)
        self._documents = Documents(self)
        self._minute = (0, 0)
        self._blocked_until = 0.0

    def routes(self) -> Sequence[BaseRoute]:
        made: dict[str, Make] = {
            "cycle": self._documents.cycle,
            "recovery": self._documents.recovery,
            "activity/sleep": self._documents.sleep,
            "activity/workout": self._documents.workout,
        }
        singles = {name: make for name, make in made.items() if name != "recovery"}
        return [
            *(Route(f"{_API}/{name}", self._collection(name, make)) for name, make in made.items()),
            *(Route(f"{_API}/{name}/{{id}}", self._single(name, make)) for name, make in singles.items()),
            *(
                Route(f"{_API}/cycle/{{id:int}}/{name.split('/')[-1]}", self._of_cycle(name, made[name]))
                for name in ("recovery", "activity/sleep")
            ),
            Route(f"{_API}/user/profile/basic", self._profile),
            Route(f"{_API}/user/measurement/body", self._measurement),
            Route(f"{_API}/user/access", self._give_back, methods=["DELETE"]),
        ]

    def account_id(self, name: str) -> str:
        return str(_FIRST_ID + number_of(self.name, name))

    # --- tokens and limits ---

    def token_answer(self, tokens: TokenSet, person: Person, *, first: bool) -> Response:
        if "offline" not in tokens.scopes:
            tokens.refresh = None
        body = rfc_body(tokens, self.access_seconds) | {"token_type": "bearer"}
        # Refreshed with `scope=offline`, it names that scope and keeps the others in silence.
        return JSONResponse(body if first else body | {"scope": "offline"})

    def token_error(self, error: str) -> Response:
        described = {"error": error, "error_description": "The provided authorization grant is not valid"}
        return JSONResponse(described, 401 if error == "invalid_client" else 400)

    def too_many(self, seconds: float) -> Response:
        self._blocked_until = self.clock() + seconds
        return JSONResponse({"message": "too many requests"}, 429)

    def rate_headers(self) -> Mapping[str, str]:
        """Of the minute's limit, which is the nearer one."""
        now = self.clock()
        minute = int(now // _A_MINUTE)
        self._minute = (minute, self._minute[1] + 1 if self._minute[0] == minute else 1)
        left, reset = max(_CALLS_A_MINUTE - self._minute[1], 0), (minute + 1) * _A_MINUTE - now
        if now < self._blocked_until:
            left, reset = 0, self._blocked_until - now
        return {
            "x-ratelimit-limit": f"{_CALLS_A_MINUTE}, {_CALLS_A_MINUTE};window={_A_MINUTE}, 10000;window=86400",
            "x-ratelimit-remaining": str(left),
            "x-ratelimit-reset": str(math.ceil(reset)),
        }

    def forgive(self) -> None:
        self._minute, self._blocked_until = (0, 0), 0.0

    # --- notices ---

    async def changed(self, person: Person, kind: str, day: dt.date) -> None:
        """What is new is told of at once and scored later, which is told of too."""
        item = self._id_of(person, kind, day)
        person.deleted = [one for one in person.deleted if one != item]
        if kind == "daily":
            self._tell(person, "recovery.updated", item)
            return
        self._pending(person)[item] = day.isoformat()
        self._tell(person, "sleep.updated" if kind == "sleep" else "workout.updated", item)

    async def delete(self, person: Person, kind: str, day: dt.date) -> int:
        item = self._id_of(person, kind, day)
        person.deleted.append(item)
        if kind == "activity":
            self._tell(person, "workout.deleted", item)
            return 1
        self._tell(person, "sleep.deleted", item)
        self._tell(person, "recovery.deleted", item)
        return 1

    def _id_of(self, person: Person, kind: str, day: dt.date) -> str:
        """A recovery goes by the id of its sleep."""
        made = self._documents
        return made.workout_id(person, day) if kind == "activity" else made.sleep_id(person, day)

    def _pending(self, person: Person) -> dict[str, str]:
        found: dict[str, str] = person.more.setdefault("pending", {})
        return found

    def _tell(self, person: Person, kind: str, item: str) -> None:
        if person.scopes is None:
            return
        body = {"user_id": int(person.id), "id": item, "type": kind, "trace_id": str(uuid.uuid4())}
        self.tell(orjson.dumps(body), self._signed)

    def _signed(self, body: bytes) -> Mapping[str, str]:
        at = str(int(self.clock() * 1000))
        digest = hmac.digest(self.config.client_secret.encode(), at.encode() + body, "sha256")
        return {
            "content-type": "application/json",
            "x-whoop-signature": base64.b64encode(digest).decode(),
            "x-whoop-signature-timestamp": at,
        }

    # --- data ---

    def _entitled(self, request: Request, scope: str) -> Person:
        tokens = self.tokens_of(request)
        if scope not in tokens.scopes:
            raise Refusal(self.unauthorized())
        return self.book.people[tokens.name]

    def _collection(self, name: str, make: Make) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            person = self._entitled(request, _SCOPES[name])
            now = dt.datetime.fromtimestamp(self.clock(), dt.UTC)
            start, end = span_of(request.query_params, now)
            days = self.days(start.date() - dt.timedelta(days=1), end.date() + dt.timedelta(days=1))
            asked = [day for day in reversed(days) if _touches(self._times(person, day, name), start, end)]
            items = [item for day in asked if (item := self._shown(person, day, make))]
            return page_of(items, request.query_params)

        return answer

    def _times(self, person: Person, day: dt.date, name: str) -> Item:
        """What says when the thing was: for a recovery, its sleep."""
        made = self._documents
        if name == "cycle":
            return made.cycle(person, day)
        return made.workout(person, day) if name == "activity/workout" else made.sleep(person, day)

    def _single(self, name: str, make: Make) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            person = self._entitled(request, _SCOPES[name])
            wanted = request.path_params["id"]
            return self._found(person, make, lambda item: str(item["id"]) == wanted)

        return answer

    def _of_cycle(self, name: str, make: Make) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            person = self._entitled(request, _SCOPES[name])
            wanted = request.path_params["id"]
            return self._found(person, make, lambda item: item["cycle_id"] == wanted)

        return answer

    def _found(self, person: Person, make: Make, is_it: Callable[[Item], bool]) -> Response:
        days = self.days(self.today() - dt.timedelta(days=_KNOWN_DAYS), self.today())
        day = next((day for day in reversed(days) if is_it(make(person, day))), None)
        item = self._shown(person, day, make) if day else None
        return JSONResponse(item) if item else JSONResponse({"message": "not found"}, 404)

    def _shown(self, person: Person, day: dt.date, make: Make) -> Item | None:
        """The document as it is now: none when it was deleted, and at first without its score."""
        item = make(person, day)
        key = str(_key(item))
        if key in person.deleted:
            return None
        if "id" not in item or key not in self._pending(person):
            return item
        del self._pending(person)[key]
        self._tell(person, "sleep.updated" if "nap" in item else "workout.updated", key)
        if "nap" in item:
            self._tell(person, "recovery.updated", key)
        unscored = {name: value for name, value in item.items() if name != "score"}
        return unscored | {"score_state": "PENDING_SCORE"}

    async def _profile(self, request: Request) -> Response:
        person = self._entitled(request, "read:profile")
        return JSONResponse(
            {
                "user_id": int(person.id),
                "email": f"{person.name}@wearers.example",
                "first_name": person.name.capitalize(),
                "last_name": "Testwell",
            }
        )

    async def _measurement(self, request: Request) -> Response:
        self._entitled(request, "read:body_measurement")
        return JSONResponse({"height_meter": 1.8288, "weight_kilogram": 90.7185, "max_heart_rate": 198})

    async def _give_back(self, request: Request) -> Response:
        self.withdraw(self.caller(request))
        return Response(status_code=204)


def _key(item: Item) -> Any:
    return item.get("id", item.get("sleep_id"))


def _touches(item: Item, start: dt.datetime, end: dt.datetime) -> bool:
    began = dt.datetime.fromisoformat(item["start"])
    return began < end and ("end" not in item or dt.datetime.fromisoformat(item["end"]) >= start)


SIMULATOR = Whoop
