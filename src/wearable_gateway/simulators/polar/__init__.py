"""Polar, simulated: AccessLink v3 (https://www.polar.com/accesslink-api/)."""

import datetime as dt
import hashlib
import time
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from wearable_gateway.simulators._base.answers import Refusal
from wearable_gateway.simulators._base.book import Person, TokenSet
from wearable_gateway.simulators._base.config import Clock, SimulatorConfig
from wearable_gateway.simulators._base.simulator import Simulator
from wearable_gateway.simulators.polar.data import Data
from wearable_gateway.simulators.polar.documents import Documents
from wearable_gateway.simulators.polar.users import Users
from wearable_gateway.simulators.polar.webhook import Webhook

_WINDOWS = (15 * 60, 24 * 3600)
_CALLS, _CALLS_FOR_EACH_USER = (500, 5000), (20, 100)
_YEAR = 31_535_999


class Polar(Simulator):
    """Who unticks the one scope on the consent page has not given the vendor all mandatory consents."""

    name = "Polar"
    authorize_path = "/oauth2/authorization"
    token_path = "/v2/oauth2/token"  # noqa: S105 - a path
    data_paths = ("/v3/exercises", "/v3/users")
    scopes = ("accesslink.read_all",)
    kinds = ("activity", "daily", "sleep", "body")
    client_auth = "basic"
    access_seconds = _YEAR
    refreshes = False
    # Not documented; only that seven days of failure put a webhook to sleep.
    retry_schedule: ClassVar[Sequence[float]] = (60, 600, 3600)

    def __init__(self, config: SimulatorConfig, clock: Clock = time.time) -> None:
        super().__init__(config, clock)
        self.users = Users(self)
        self.webhook = Webhook(self)
        self.documents = Documents(self)
        self._counted = dict.fromkeys(_WINDOWS, (0, 0))
        self.sender.gave_up = self.webhook.failed

    def routes(self) -> Sequence[BaseRoute]:
        return [*self.users.routes(), *Data(self).routes(), *self.webhook.routes()]

    # --- the account and its token ---

    def account_id(self, name: str) -> str:
        return str(10_000_000 + int(hashlib.sha256(name.encode()).hexdigest()[:6], 16))

    def token_answer(self, tokens: TokenSet, person: Person, *, first: bool) -> Response:
        """No refresh token and no scope, but whose it is."""
        return JSONResponse(
            {
                "access_token": tokens.access,
                "token_type": "bearer",
                "expires_in": _YEAR,
                "x_user_id": int(person.id),
            }
        )

    def reader(self, request: Request) -> Person:
        """Who may be read with this call's token: registered, and with every consent given. Raises Refusal."""
        person = self.caller(request)
        self.check_consents(person)
        if not self.users.registered(person):
            raise Refusal(error(403, "user is not registered"))
        return person

    def check_consents(self, person: Person) -> None:
        """Raises Refusal."""
        if not person.scopes:
            raise Refusal(error(403, "user has not accepted all mandatory consents"))

    def unauthorized(self) -> Response:
        return error(401, "access token is not valid")

    # --- limits ---

    def rate_headers(self) -> Mapping[str, str]:
        """Pairs: of the short window, and of the long one."""
        now, users = self.clock(), self.users.count()
        usage, most, reset = [], [], []
        for window, calls, more in zip(_WINDOWS, _CALLS, _CALLS_FOR_EACH_USER, strict=True):
            number, used = self._counted[window]
            current = int(now // window)
            used = used + 1 if number == current else 1
            self._counted[window] = (current, used)
            limit = calls + more * users
            usage.append(str(used))
            most.append(str(limit))
            reset.append(str(int((current + 1) * window - now)))
        return {
            "RateLimit-Usage": ", ".join(usage),
            "RateLimit-Limit": ", ".join(most),
            "RateLimit-Reset": ", ".join(reset),
        }

    def forgive(self) -> None:
        self._counted = dict.fromkeys(_WINDOWS, (0, 0))

    def too_many(self, seconds: float) -> Response:
        return JSONResponse({"message": "rate limit exceeded"}, 429)

    # --- what a wearable does ---

    async def changed(self, person: Person, kind: str, day: dt.date) -> None:
        uploads: dict[str, float] = person.more.setdefault("uploads", {})
        uploads[f"{kind}/{day}"] = self.clock()
        exercise = self.documents.exercise_id(person, day)
        told: dict[str, list[tuple[str, dict[str, Any]]]] = {
            "activity": [("EXERCISE", {"entity_id": exercise})],
            "daily": [
                ("ACTIVITY_SUMMARY", {"date": day.isoformat()}),
                ("CONTINUOUS_HEART_RATE", {"date": day.isoformat()}),
            ],
            "sleep": [("SLEEP", {"date": day.isoformat()})],
            "body": [("PHYSICAL_INFORMATION", {})],
        }
        for event, about in told[kind]:
            self.webhook.tell(person, event, about)

    async def delete(self, person: Person, kind: str, day: dt.date) -> int:
        """Gone without a word: there is no notice of it."""
        person.deleted.append(f"{kind}/{day}")
        return 1


def error(status: int, message: str) -> Response:
    return JSONResponse({"status": status, "errorType": "error", "message": message}, status)


SIMULATOR = Polar
