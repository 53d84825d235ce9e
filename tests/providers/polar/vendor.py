"""Polar, simulated over real HTTP, and the connector as one app of it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.fakes.gateway import EndUser, serving
from tests.fakes.ports import free_port
from wearable_gateway.errors import NoticeRefusedError
from wearable_gateway.providers._base.notices import Notice, NoticeRequest
from wearable_gateway.providers._base.oauth2 import OAuth2Flow
from wearable_gateway.providers._base.reaching import Access, AppAccess, Tokens
from wearable_gateway.providers.polar import PROVIDER
from wearable_gateway.simulators._base.config import SimulatorConfig
from wearable_gateway.simulators.polar import Polar

SCOPE = PROVIDER.oauth.scopes[0]
BACK = "http://127.0.0.1:9/back"


@dataclass
class Ear:
    """Where the vendor sends its notices: what the gateway does with them before it stores any."""

    url: str
    app: AppAccess
    deaf: bool = False
    heard: list[Notice] = field(default_factory=list)
    refused: int = 0

    async def receive(self, request: Request) -> Response:
        if self.deaf:
            return Response(status_code=503)
        came = NoticeRequest(dict(request.headers), await request.body(), datetime.now(UTC))
        answer = PROVIDER.answer(came, self.app)
        if answer is not None:
            return Response(status_code=answer.status)
        try:
            PROVIDER.verify(came, self.app)
        except NoticeRefusedError:
            self.refused += 1
            return Response(status_code=401)
        self.heard.extend(PROVIDER.notices(came.body))
        return Response(status_code=PROVIDER.notice_status)


@dataclass
class Vendor:
    simulator: Polar
    app: AppAccess
    ear: Ear
    plain: httpx.AsyncClient
    stack: AsyncExitStack

    async def sign_in(self, name: str, *, consents: bool = True) -> Tokens:
        """Tokens of a person who allowed the app; without `consents` they have not agreed to all the vendor wants."""
        person, flow = EndUser(), OAuth2Flow(PROVIDER, self.app)
        self.stack.push_async_callback(person.browser.aclose)
        page = flow.authorize_url(redirect_uri=BACK, state="state", verifier="v" * 43)
        back = await person.answer(page, name, scopes=[SCOPE] if consents else [])
        (code,) = parse_qs(urlsplit(back).query)["code"]
        return await flow.exchange(code=code, redirect_uri=BACK, verifier="v" * 43)

    def client(self, tokens: Tokens) -> httpx.AsyncClient:
        made = httpx.AsyncClient(
            base_url=self.app.hosts["api"],
            headers={"authorization": f"Bearer {tokens.access}"},
            trust_env=False,
        )
        self.stack.push_async_callback(made.aclose)
        return made

    async def connect(self, name: str) -> Access:
        """A person who signed in and was registered."""
        tokens = await self.sign_in(name)
        client = self.client(tokens)
        account = await PROVIDER.account(client, self.app, tokens)
        return Access(client, self.app, account.id, frozenset(account.scopes or ()))

    async def look_after(self) -> None:
        """What the gateway does for its app once a day, keeping what comes of it."""
        added = await PROVIDER.subscribe_app(self.plain, self.app, self.ear.url)
        self.app = replace(self.app, extra={**self.app.extra, **added})
        self.ear.app = self.app

    def calls(self, start: str) -> dict[str, int]:
        """How often each of the vendor's addresses was called whose method and path begin so."""
        return {name: count for name, count in self.simulator.frame.calls.items() if name.startswith(start)}


@asynccontextmanager
async def polar_vendor() -> AsyncIterator[Vendor]:
    port, ear_port = free_port(), free_port()
    url = f"http://127.0.0.1:{port}"
    app = AppAccess("client", "client-secret", "notice-secret", dict.fromkeys(PROVIDER.default_hosts, url))
    ear = Ear(f"http://127.0.0.1:{ear_port}/notices", app)
    simulator = Polar(
        SimulatorConfig(
            url=url,
            client_id=app.client_id,
            client_secret=app.client_secret,
            redirect_uris=(BACK,),
            control_token="control",
            retry_schedule=(0.01, 0.01),
        )
    )
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(
            serving(Starlette(routes=[Route("/notices", ear.receive, methods=["POST"])]), ear_port)
        )
        await stack.enter_async_context(serving(simulator.app(), port))
        plain = await stack.enter_async_context(httpx.AsyncClient(base_url=url, trust_env=False))
        yield Vendor(simulator, app, ear, plain, stack)
