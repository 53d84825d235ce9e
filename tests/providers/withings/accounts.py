"""An account at the simulated vendor, spoken to by the connector over ASGI, with the gateway's own kind of client."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import httpx

from wearable_gateway.providers._base.client import VendorAuth
from wearable_gateway.providers._base.reaching import Access, AppAccess, Ask
from wearable_gateway.providers.withings import PROVIDER
from wearable_gateway.simulators._base.config import SimulatorConfig
from wearable_gateway.simulators.withings import Withings
from wearable_gateway.unified.records import DataType, Record

APP = AppAccess("client", "client-secret", "notice-secret", {})
NOW = datetime(2026, 11, 22, 18, tzinfo=UTC).timestamp()
TODAY = date(2026, 11, 22)
EVERYTHING = PROVIDER.oauth.scopes


@dataclass
class Tokens:
    """A TokenSource that counts its refreshes."""

    access: str
    made_anew: Callable[[], str]
    refreshes: int = 0

    async def current(self) -> str:
        return self.access

    async def refresh(self, stale: str) -> str:
        assert stale == self.access
        self.refreshes += 1
        self.access = self.made_anew()
        return self.access


@dataclass
class Budget:
    """Remembers what it was told."""

    taken: int = 0
    learnt: list[int] = field(default_factory=list)

    async def take(self) -> None:
        self.taken += 1

    async def learn(self, status: int, headers: Mapping[str, str]) -> None:  # noqa: ARG002 - the status is enough
        self.learnt.append(status)


class Vendor:
    def __init__(self) -> None:
        self.now = NOW
        config = SimulatorConfig(
            url="http://vendor.test",
            client_id=APP.client_id,
            client_secret=APP.client_secret,
            redirect_uris=("http://gateway.test/connect/callback",),
            control_token="control",
        )
        self.simulator = Withings(config, clock=lambda: self.now)
        self.transport = httpx.ASGITransport(self.simulator.app())
        self.budget = Budget()

    def token(self, name: str = "ann") -> str:
        return self.simulator.token_endpoint.issue(self.simulator.person(name), family=name).access

    def access(
        self, name: str = "ann", scopes: Sequence[str] = EVERYTHING, token: str | None = None
    ) -> Access:
        person = self.simulator.person(name)
        self.simulator.consent(person, scopes)
        self.tokens = Tokens(token or self.token(name), lambda: self.token(name))
        client = httpx.AsyncClient(
            transport=self.transport,
            base_url="http://vendor.test",
            auth=VendorAuth(self.tokens, self.budget),
        )
        return Access(client, APP, person.id, frozenset(scopes))

    def calls(self, path: str) -> int:
        return self.simulator.frame.calls[f"POST {path}"]


def answering(body: Any, scopes: Sequence[str] = EVERYTHING) -> tuple[Access, list[dict[str, str]]]:
    """An access to a vendor that answers every call with `body`, or what it makes of a form; and the forms it got."""
    forms: list[dict[str, str]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        forms.append(dict(httpx.QueryParams(request.content.decode())) | {"path": request.url.path})
        made = body(forms[-1]) if callable(body) else body
        return made if isinstance(made, httpx.Response) else httpx.Response(200, json=made)

    client = httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="http://vendor.test")
    return Access(client, APP, "363", frozenset(scopes)), forms


async def read(
    access: Access, kind: DataType, first: date, last: date, *, samples: bool = True
) -> list[Record]:
    documents = await PROVIDER.fetch(access, Ask(kind, first, last, samples=samples))
    records = [PROVIDER.normalise(kind, document) for document in documents]
    return [record for record in records if record is not None]
