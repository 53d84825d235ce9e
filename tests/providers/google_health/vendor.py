"""Google Health, simulated in this process, and answers made up for one call."""

from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from tests.fakes.gateway import serving
from tests.fakes.ports import free_port
from wearable_gateway.providers._base.reaching import Access, AppAccess
from wearable_gateway.providers.google_health import PROVIDER, scopes
from wearable_gateway.simulators._base.config import SimulatorConfig
from wearable_gateway.simulators.google_health import GoogleHealth

CONTROL = "control-token"
BACK = "http://gateway.test/callback"
API = "http://vendor.test"


@dataclass
class Simulated:
    """The vendor, an app that it knows, and the way to both."""

    simulator: GoogleHealth
    app: AppAccess
    http: httpx.AsyncClient

    async def consent(self, account: str, allowed: Collection[str] = scopes.ALL) -> str:
        """A code, as the end user's browser brings it back."""
        answer = await self.http.post(
            PROVIDER.oauth.authorize_path,
            data={
                "client_id": self.app.client_id,
                "redirect_uri": BACK,
                "response_type": "code",
                "account": account,
                "answer": "allow",
                "scope": list(allowed),
            },
        )
        return httpx.URL(answer.headers["location"]).params["code"]

    async def token(self, **form: str) -> httpx.Response:
        client = {"client_id": self.app.client_id, "client_secret": self.app.client_secret}
        return await self.http.post("/token", data={**client, **form})

    async def signed_in(self, account: str, allowed: Collection[str] = scopes.ALL) -> Access:
        """Access to the account's data, with a token that is not refreshed."""
        code = await self.consent(account, allowed)
        answer = await self.token(grant_type="authorization_code", code=code, redirect_uri=BACK)
        self.http.headers["authorization"] = f"Bearer {answer.json()['access_token']}"
        person = self.simulator.person(account)
        return Access(self.http, self.app, person.id, frozenset(allowed))


@asynccontextmanager
async def simulated(clock: Callable[[], float] | None = None) -> AsyncIterator[Simulated]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    config = SimulatorConfig(
        url=url,
        client_id="client",
        client_secret="client-secret",
        redirect_uris=(BACK,),
        control_token=CONTROL,
        retry_schedule=(0.1,) * 20,
    )
    simulator = GoogleHealth(config, clock)
    hosts = dict.fromkeys(PROVIDER.default_hosts, url)
    app = AppAccess("client", "client-secret", "notice-secret", hosts, dict(GoogleHealth.extra))
    async with (
        serving(simulator.app(), port),
        httpx.AsyncClient(base_url=url, timeout=10, trust_env=False) as http,
    ):
        yield Simulated(simulator, app, http)


@asynccontextmanager
async def answering(
    answer: Callable[[httpx.Request], httpx.Response], allowed: Collection[str] = scopes.ALL
) -> AsyncIterator[Access]:
    """Access to a vendor that answers as `answer` says."""
    app = AppAccess("client", "client-secret", "notice-secret", {"api": API})
    transport = httpx.MockTransport(answer)
    async with httpx.AsyncClient(base_url=API, transport=transport) as client:
        yield Access(client, app, "account", frozenset(allowed))


def civil(year: int, month: int, day: int) -> dict[str, Any]:
    return {"date": {"year": year, "month": month, "day": day}}
