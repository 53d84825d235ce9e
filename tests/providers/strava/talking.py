"""The simulated vendor over real HTTP, an app of ours at it, and an address that is told of its athletes."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.fakes.gateway import serving
from tests.fakes.ports import free_port
from wearable_gateway.errors import NoticeRefusedError
from wearable_gateway.providers._base.client import api_client
from wearable_gateway.providers._base.facts import Usage
from wearable_gateway.providers._base.notices import NoticeRequest
from wearable_gateway.providers._base.oauth2 import OAuth2Flow
from wearable_gateway.providers._base.reaching import Access, AppAccess, Tokens
from wearable_gateway.providers.strava import PROVIDER
from wearable_gateway.simulators._base.config import SimulatorConfig
from wearable_gateway.simulators.strava import Strava

BACK = "https://gateway.example/connect/callback"
NOON = datetime(2026, 11, 21, 16, 0, tzinfo=UTC)
EVERYTHING = ("read", "activity:read", "activity:read_all")


class Clock:
    def __init__(self) -> None:
        self.seconds = NOON.timestamp()

    def __call__(self) -> float:
        return self.seconds


@dataclass
class Address:
    """Where the vendor pushes to: shakes hands as the gateway does, and keeps what comes."""

    url: str
    app: AppAccess
    came: list[NoticeRequest] = field(default_factory=list)

    async def answer(self, request: Request) -> Response:
        read = NoticeRequest(
            dict(request.headers), await request.body(), NOON, request.method, dict(request.query_params)
        )
        try:
            said = PROVIDER.answer(read, self.app)
        except NoticeRefusedError:
            return Response(status_code=401)
        if said is not None:
            return JSONResponse(said.body, said.status)
        self.came.append(read)
        return Response(status_code=PROVIDER.notice_status)


class Held:
    """The tokens of one athlete, refreshed when they are refused."""

    def __init__(self, flow: OAuth2Flow, tokens: Tokens) -> None:
        self.tokens = tokens
        self._flow = flow

    async def current(self) -> str:
        return self.tokens.access

    async def refresh(self, stale: str) -> str:
        assert stale == self.tokens.access
        self.tokens = await self._flow.refresh(self.tokens)
        return self.tokens.access


class Unlimited:
    """A budget that is never used up, and remembers what it was told."""

    def __init__(self) -> None:
        self.learnt: Sequence[Usage] = ()
        self.status = 0

    async def take(self) -> None:
        """There is always room."""

    async def learn(self, status: int, headers: Mapping[str, str]) -> None:
        self.learnt = PROVIDER.usage(headers, NOON)
        self.status = status


@dataclass
class Talking:
    simulator: Strava
    clock: Clock
    app: AppAccess
    address: Address
    http: httpx.AsyncClient
    budget: Unlimited = field(default_factory=Unlimited)

    @property
    def flow(self) -> OAuth2Flow:
        return OAuth2Flow(PROVIDER, self.app)

    async def control(self, command: str, **body: Any) -> dict[str, Any]:
        answer = await self.http.post(
            f"/control/{command}", json=body, headers={"authorization": "Bearer control"}
        )
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def calls(self) -> dict[str, int]:
        answer = await self.http.get("/control/counters", headers={"authorization": "Bearer control"})
        found: dict[str, int] = answer.json()["calls"]
        return found

    async def consent(self, name: str, scopes: Sequence[str] = EVERYTHING) -> dict[str, str]:
        """The query that the athlete comes back with."""
        asked = urlsplit(self.flow.authorize_url(redirect_uri=BACK, state="s", verifier="v"))
        fields = {key: values[0] for key, values in parse_qs(asked.query).items()}
        form: dict[str, Any] = {**fields, "account": name, "scope": list(scopes), "answer": "allow"}
        answer = await self.http.post(asked.path, data=form)
        assert answer.status_code == 303, answer.text
        query = parse_qs(urlsplit(answer.headers["location"]).query)
        return {key: values[0] for key, values in query.items()}

    async def tokens(self, name: str = "ann", scopes: Sequence[str] = EVERYTHING) -> Tokens:
        query = await self.consent(name, scopes)
        return await self.flow.exchange(code=query["code"], redirect_uri=BACK, verifier="v")

    @asynccontextmanager
    async def access(
        self, tokens: Tokens, *, app: AppAccess | None = None, scopes: Sequence[str] = EVERYTHING
    ) -> AsyncIterator[Access]:
        held = Held(self.flow, tokens)
        async with api_client(held, self.budget, self.app.hosts["api"], {}) as client:
            yield Access(client, app or self.app, str(tokens.extra["athlete_id"]), frozenset(scopes))

    def with_extra(self, **extra: str) -> AppAccess:
        return replace(self.app, extra=extra)


@asynccontextmanager
async def talking(**config: Any) -> AsyncIterator[Talking]:
    port, clock = free_port(), Clock()
    url = f"http://127.0.0.1:{port}"
    hosts = {**dict.fromkeys(PROVIDER.default_hosts, url), "api": f"{url}/api/v3"}
    app = AppAccess("client", "client-secret", "notice-secret", hosts)
    address = Address(f"{url}/notices/strava/app.key", app)
    simulator = Strava(
        SimulatorConfig(
            url=url,
            client_id=app.client_id,
            client_secret=app.client_secret,
            redirect_uris=(BACK,),
            control_token="control",
            **{"retry_schedule": (0.05, 0.05), **config},
        ),
        clock,
    )
    both = _beside(simulator.app(), address)
    async with serving(both, port), httpx.AsyncClient(base_url=url, trust_env=False) as http:
        yield Talking(simulator, clock, app, address, http)


def _beside(vendor: ASGIApp, address: Address) -> ASGIApp:
    """Both behind one port, for each server takes its time to stop."""
    told = Starlette(routes=[Route("/{path:path}", address.answer, methods=["GET", "POST"])])

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        at_vendor = scope["type"] != "http" or not scope["path"].startswith(("/notices/", "/somewhere/"))
        await (vendor if at_vendor else told)(scope, receive, send)

    return app
