"""A simulated vendor: facts as attributes, what differs as methods, the rest here."""

import asyncio
import base64
import contextlib
import datetime as dt
import hashlib
import math
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, ClassVar, Literal

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from wearable_gateway.simulators._base.answers import Refusal, answer_refusal
from wearable_gateway.simulators._base.book import Keeper, Person, TokenSet, new_token
from wearable_gateway.simulators._base.config import Clock, SimulatorConfig
from wearable_gateway.simulators._base.consent import Consent
from wearable_gateway.simulators._base.control import Control
from wearable_gateway.simulators._base.frame import Frame
from wearable_gateway.simulators._base.sending import Headers, Sender
from wearable_gateway.simulators._base.tokens import TokenEndpoint, rfc_body


class Simulator(ABC):
    name: ClassVar[str]
    authorize_path: ClassVar[str]
    token_path: ClassVar[str]
    data_paths: ClassVar[tuple[str, ...]]
    """What the paths of data begin with: a limit stands for these."""
    scopes: ClassVar[tuple[str, ...]]
    kinds: ClassVar[tuple[str, ...]]
    """What a wearable can sync; names of unified data types where they fit."""
    extra: ClassVar[Mapping[str, str]] = {}
    """The credentials beyond id and secret that an app has here."""

    client_auth: ClassVar[Literal["basic", "post"]] = "post"
    needs_pkce: ClassVar[bool] = False
    code_prefix: ClassVar[str] = ""
    code_seconds: ClassVar[float] = 600
    access_seconds: ClassVar[int] = 3600
    refreshes: ClassVar[bool] = True
    rotates: ClassVar[bool] = True
    refresh_kills_access: ClassVar[bool] = False
    reuse_kills_family: ClassVar[bool] = False
    second_consent_kills: ClassVar[bool] = False
    gives_back: ClassVar[bool] = True
    """Whether an app can give a grant back by a call."""
    retry_schedule: ClassVar[Sequence[float]] = (10, 60, 600)

    def __init__(self, config: SimulatorConfig, clock: Clock = time.time) -> None:
        self.config = config
        self.clock = clock
        self.keeper = Keeper(config.state_file)
        self.book = self.keeper.book
        schedule = config.retry_schedule if config.retry_schedule is not None else self.retry_schedule
        self.sender = Sender(schedule)
        self.frame = Frame(self)
        self.token_endpoint = TokenEndpoint(self)

    # --- what a vendor says for itself ---

    @abstractmethod
    def routes(self) -> Sequence[BaseRoute]:
        """Beyond the consent page and the token endpoint."""

    async def changed(self, person: Person, kind: str, day: dt.date) -> None:
        """Data is new or different: tell the app, as the vendor does."""

    async def delete(self, person: Person, kind: str, day: dt.date) -> int:
        """Delete what there is of `kind` on `day`, tell the app as the vendor does; how many it were."""
        return 0

    async def withdrawn(self, person: Person) -> None:
        """The person took the app's access away: tell the app, if the vendor does."""

    async def scopes_changed(self, person: Person) -> None:
        """The person allows other things: tell the app, if the vendor does."""

    def account_id(self, name: str) -> str:
        """The vendor's id of the account of that name, the same at each start."""
        return hashlib.sha256(f"{self.name}/{name}".encode()).hexdigest()[:32]

    def asked_scopes(self, text: str | None) -> Sequence[str]:
        """What the consent page offers: what was asked for, as far as it is known here."""
        asked = (text or "").replace(",", " ").split()
        return [scope for scope in self.scopes if scope in asked] if text is not None else self.scopes

    def redirect_extra(self, person: Person) -> Mapping[str, str]:
        """What the way back to the app carries beside code and state."""
        return {}

    def new_access_token(self, person: Person) -> str:
        return new_token("a-")

    def token_answer(self, tokens: TokenSet, person: Person, *, first: bool) -> Response:
        """`first`: for a code; otherwise for a refresh token."""
        return JSONResponse(rfc_body(tokens, self.access_seconds))

    def token_error(self, error: str) -> Response:
        """RFC 6749 §5.2, where the vendor keeps to it."""
        return JSONResponse({"error": error}, 401 if error == "invalid_client" else 400)

    def unauthorized(self) -> Response:
        """For a call of data with a token that is not, or no longer, good."""
        return JSONResponse({"message": "unauthorized"}, 401)

    def too_many(self, seconds: float) -> Response:
        return JSONResponse(
            {"message": "too many requests"}, 429, headers={"retry-after": str(math.ceil(seconds))}
        )

    def rate_headers(self) -> Mapping[str, str]:
        """What every answer says about the limits."""
        return {}

    def forgive(self) -> None:
        """Begin anew with what was counted towards the vendor's limits."""

    # --- what it stands on ---

    def person(self, name: str) -> Person:
        """The account of that name, opened when it is first spoken of."""
        if name not in self.book.people:
            self.book.people[name] = Person(name=name, id=self.account_id(name))
        return self.book.people[name]

    def find(self, account_id: str) -> Person | None:
        return next((one for one in self.book.people.values() if one.id == account_id), None)

    def consent(self, person: Person, scopes: Sequence[str]) -> None:
        person.scopes = [scope for scope in scopes if scope in self.scopes]

    def withdraw(self, person: Person) -> None:
        """All that the app was ever given for this person is over."""
        person.scopes = None
        self.book.end_tokens_of(person)

    def tokens_of(self, request: Request) -> TokenSet:
        """The token set of a call of data. Raises Refusal."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        found = self.book.tokens.get(token) if scheme.lower() == "bearer" else None
        if found is None or found.ends <= self.clock():
            raise Refusal(self.unauthorized())
        return found

    def caller(self, request: Request) -> Person:
        """Whose data may be read with this call's token. Raises Refusal."""
        return self.book.people[self.tokens_of(request).name]

    def today(self) -> dt.date:
        return dt.datetime.fromtimestamp(self.clock(), dt.UTC).date()

    def days(self, first: dt.date, last: dt.date) -> list[dt.date]:
        """The days of a range that have data: there is some for every day up to today."""
        last = min(last, self.today())
        return [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]

    def number(
        self, person: Person, kind: str, day: dt.date, low: float, high: float, what: str = ""
    ) -> float:
        """A measured value: the same each time until the day is synced anew."""
        seed = f"{person.id}/{kind}/{day}/{person.revision(kind, day)}/{what}"
        part = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:6], "big") / 2**48
        return low + (high - low) * part

    def whole(self, person: Person, kind: str, day: dt.date, low: int, high: int, what: str = "") -> int:
        return round(self.number(person, kind, day, low, high, what))

    def identifier(self, person: Person, kind: str, day: dt.date, what: str = "") -> str:
        """An id in the form of a UUID that stays with the thing, whatever becomes of its content."""
        digest = hashlib.sha256(f"{person.id}/{kind}/{day}/{what}".encode()).hexdigest()
        return f"{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-a{digest[17:20]}-{digest[20:32]}"

    def tell(self, body: bytes, headers: Headers, url: str | None = None) -> None:
        """Queue a notice for the app; nothing where the app has not said where it wants to be told."""
        target = url or self.config.notice_url
        if target is not None:
            self.sender.add(target, body, headers)

    def app(self) -> ASGIApp:
        """The vendor as an ASGI app; its own state hangs on `app.state.vendor`."""

        @asynccontextmanager
        async def lifespan(_app: Starlette) -> AsyncIterator[None]:
            sending = asyncio.create_task(self.sender.run())
            yield
            sending.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await sending
            self.keeper.save()

        consent = Consent(self)
        app = Starlette(
            routes=[
                Route(self.authorize_path, consent.show, methods=["GET"]),
                Route(self.authorize_path, consent.take, methods=["POST"]),
                Route(self.token_path, self.token_endpoint.answer, methods=["POST"]),
                *self.routes(),
                *Control(self).routes(),
            ],
            exception_handlers={Refusal: answer_refusal},
            lifespan=lifespan,
        )
        return self.frame.wrap(app)


def as_json(response: Any, status: int = 200) -> Response:
    return JSONResponse(response, status)


def base64_of(digest: bytes) -> str:
    return base64.b64encode(digest).decode()
