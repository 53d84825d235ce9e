"""Withings, simulated (https://developer.withings.com)."""

import datetime as dt
import hashlib
import time
from typing import ClassVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from wearable_gateway.simulators._base.book import Person, TokenSet
from wearable_gateway.simulators._base.config import Clock, SimulatorConfig
from wearable_gateway.simulators._base.simulator import Simulator
from wearable_gateway.simulators.withings.data import Data, epoch
from wearable_gateway.simulators.withings.envelopes import INVALID, TOO_MANY, UNAUTHENTICATED, fault
from wearable_gateway.simulators.withings.notify import Notify
from wearable_gateway.simulators.withings.reads import Reads
from wearable_gateway.simulators.withings.tokens import Actions, WrongGrant, token_body

_USER, _WEIGHT, _ACTIVITY, _SLEEP = 46, 1, 16, 44
_PATHS = ("/measure", "/v2/measure", "/v2/sleep", "/v2/heart", "/v2/user")


class Withings(Simulator):
    name = "Withings"
    authorize_path = "/oauth2_user/authorize2"
    token_path = "/v2/oauth2"  # noqa: S105 - a path
    data_paths = _PATHS
    scopes = ("user.info", "user.metrics", "user.activity", "user.sleepevents")
    kinds = ("daily", "sleep", "activity", "body")
    code_seconds = 30
    access_seconds = 10_800
    retry_schedule: ClassVar = (10, 60, 3600, 14_400)

    def __init__(self, config: SimulatorConfig, clock: Clock = time.time) -> None:
        super().__init__(config, clock)
        self.token_endpoint: Actions = Actions(self)
        self.notify = Notify(self)
        self._reads = Reads(self)
        self._data = Data(self)

    def forgive(self) -> None:
        self._reads.calls.clear()

    def routes(self) -> list[Route]:
        return [
            Route("/v2/signature", self.token_endpoint.give_nonce, methods=["POST"]),
            Route("/notify", self.notify.answer, methods=["POST"]),
            *(Route(path, self._reads.answer, methods=["POST"]) for path in _PATHS),
        ]

    def account_id(self, name: str) -> str:
        digest = hashlib.sha256(f"withings/{name}".encode()).digest()
        return str(10_000_000 + int.from_bytes(digest[:4], "big") % 90_000_000)

    def token_answer(self, tokens: TokenSet, person: Person, *, first: bool) -> Response:
        return token_body(tokens, person, self.access_seconds)

    def token_error(self, error: str) -> Response:
        if error == "invalid_grant":
            return WrongGrant()
        if error == "invalid_client":
            return fault(INVALID, "Invalid Params: invalid client_secret")
        return fault(INVALID, "Invalid Params: invalid grant_type")

    def unauthorized(self) -> Response:
        return fault(UNAUTHENTICATED, "invalid_token: The access token provided is invalid")

    def too_many(self, seconds: float) -> Response:
        return fault(TOO_MANY, "Too Many Requests")

    def tokens_of(self, request: Request) -> TokenSet:
        found = super().tokens_of(request)
        self.token_endpoint.settle(found.access)
        return found

    # --- what the app is told ---

    async def changed(self, person: Person, kind: str, day: dt.date) -> None:
        if kind in {"daily", "activity"}:
            self.notify.tell(person, _ACTIVITY, date=day.isoformat())
        elif kind == "sleep":
            night = self._data.night(person, day)
            self._tell_range(person, _SLEEP, night["startdate"], night["enddate"])
        else:
            self._tell_range(person, _WEIGHT, epoch(day, 7), epoch(day, 7) + 1)

    async def delete(self, person: Person, kind: str, day: dt.date) -> int:
        """What is no more is told like what is new."""
        if kind == "activity":
            gone = [self._data.workout(person, day)["id"]]
        elif kind == "body":
            gone = [group["grpid"] for group in self._data.groups(person, day)]
        else:
            return 0
        person.deleted.extend(str(one) for one in gone)
        await self.changed(person, kind, day)
        return len(gone)

    async def withdrawn(self, person: Person) -> None:
        self.notify.tell(person, _USER, action="unlink")
        person.more.pop("profiles", None)

    def _tell_range(self, person: Person, appli: int, first: int, last: int) -> None:
        self.notify.tell(person, appli, startdate=str(first), enddate=str(last))


SIMULATOR = Withings
