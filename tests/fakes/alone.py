"""A provider and its simulated vendor over real HTTP, without a gateway around them: notices reach nobody."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, urlsplit

import httpx

from tests.fakes.gateway import serving
from tests.fakes.ports import free_port
from wearable_gateway.providers import PROVIDERS
from wearable_gateway.providers._base.client import api_client
from wearable_gateway.providers._base.oauth2 import OAuth2Flow
from wearable_gateway.providers._base.provider import Provider
from wearable_gateway.providers._base.reaching import Access, AppAccess, Tokens
from wearable_gateway.simulators import SIMULATORS
from wearable_gateway.simulators._base.config import SimulatorConfig
from wearable_gateway.simulators._base.simulator import Simulator

CALLBACK = "http://127.0.0.1/callback"


class HeldTokens:
    """A TokenSource that keeps what it is given, and refreshes as the gateway does."""

    def __init__(self, flow: OAuth2Flow, tokens: Tokens) -> None:
        self._flow = flow
        self.tokens = tokens
        self.refreshed = 0

    async def current(self) -> str:
        return self.tokens.access

    async def refresh(self, stale: str) -> str:
        if stale == self.tokens.access:
            self.refreshed += 1
            self.tokens = await self._flow.refresh(self.tokens)
        return self.tokens.access


class NoBudget:
    async def take(self) -> None:
        pass

    async def learn(self, status: int, headers: Mapping[str, str]) -> None:
        pass


@dataclass
class Linked:
    """Somebody who allowed the app what it asked for."""

    held: HeldTokens
    access: Access


@dataclass
class Alone:
    provider: Provider
    vendor: Simulator
    app: AppAccess

    @property
    def flow(self) -> OAuth2Flow:
        return OAuth2Flow(self.provider, self.app)

    async def tokens(self, account: str) -> Tokens:
        """What comes of a consent."""
        where = urlsplit(self.flow.authorize_url(redirect_uri=CALLBACK, state="s", verifier="v" * 43))
        form = {name: values[0] for name, values in parse_qs(where.query).items() if name != "scope"}
        async with httpx.AsyncClient(trust_env=False) as browser:
            answer = await browser.post(
                f"{where.scheme}://{where.netloc}{where.path}",
                data={**form, "account": account, "scope": list(self.vendor.scopes), "answer": "allow"},
            )
        code = parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]
        return await self.flow.exchange(code=code, redirect_uri=CALLBACK, verifier="v" * 43)

    @asynccontextmanager
    async def linked(self, account: str = "ann") -> AsyncIterator[Linked]:
        held = HeldTokens(self.flow, await self.tokens(account))
        headers = self.provider.headers(self.app)
        async with api_client(held, NoBudget(), self.app.hosts["api"], headers) as client:
            access = Access(client, self.app, "", frozenset(self.provider.oauth.scopes))
            found = await self.provider.account(client, self.app, held.tokens)
            yield Linked(held, replace(access, account_id=found.id))


@asynccontextmanager
async def alone(name: str) -> AsyncIterator[Alone]:
    """The provider and the simulator called `name`."""
    provider, made = PROVIDERS[name.upper()], SIMULATORS[name]
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    app = AppAccess(
        f"{name}-client",
        f"{name}-client-secret",
        "notice-secret",
        dict.fromkeys(provider.default_hosts, url),
        made.extra,
    )
    vendor = made(
        SimulatorConfig(
            url=url,
            client_id=app.client_id,
            client_secret=app.client_secret,
            redirect_uris=(CALLBACK,),
            notice_url=f"{url}/nobody",
            extra=made.extra,
            control_token="control",
        )
    )
    async with serving(vendor.app(), port):
        yield Alone(provider, vendor, app)


@asynccontextmanager
async def answering(provider: Provider, transport: httpx.MockTransport) -> AsyncIterator[Access]:
    """A way to a vendor that answers as `transport` says, for answers that no simulated one gives."""
    hosts = dict.fromkeys(provider.default_hosts, "http://vendor.test")
    app = AppAccess("client", "secret", "notice-secret", hosts)
    async with httpx.AsyncClient(transport=transport, base_url="http://vendor.test") as client:
        yield Access(client, app, "account", frozenset(provider.oauth.scopes))
