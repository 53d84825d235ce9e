"""An account at the simulated vendor, spoken to over ASGI by the connector."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from tests.fakes.gateway import hidden_fields
from wearable_gateway.providers._base.reaching import Access, AppAccess, Ask
from wearable_gateway.providers.oura import PROVIDER
from wearable_gateway.simulators._base.config import Clock, SimulatorConfig
from wearable_gateway.simulators.oura import SIMULATOR, Oura
from wearable_gateway.unified.records import DataType, Record

URL = "http://vendor.test"
BACK = "https://gateway.test/back"
APP = AppAccess("oura-client", "oura-secret", "notice-secret", {"api": URL, "token": URL})
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC).timestamp()
DAY = date(2026, 11, 20)


def simulated(clock: Clock = lambda: NOON, **config: Any) -> Oura:
    return SIMULATOR(
        SimulatorConfig(
            url=URL,
            client_id=APP.client_id,
            client_secret=APP.client_secret,
            redirect_uris=(BACK,),
            control_token="control",
            **config,
        ),
        clock,
    )


@dataclass
class Account:
    vendor: Oura
    access: Access
    tokens: dict[str, Any]
    returned: dict[str, str]
    """The query of the way back from the consent page."""

    async def documents(
        self, kind: DataType, first: date = DAY, last: date = DAY, **how: Any
    ) -> Sequence[Any]:
        return await PROVIDER.fetch(self.access, Ask(kind, first, last, samples=how.get("samples", True)))

    async def records(self, kind: DataType, first: date = DAY, last: date = DAY) -> list[Record]:
        made = [PROVIDER.normalise(kind, one) for one in await self.documents(kind, first, last)]
        return [record for record in made if record is not None]

    def calls(self) -> list[str]:
        return sorted(self.vendor.frame.calls)


async def connected(vendor: Oura, scopes: Sequence[str] | None = None, name: str = "ann") -> Account:
    """Somebody who allowed `scopes`, or all that the vendor knows."""
    allowed = list(vendor.scopes if scopes is None else scopes)
    http = httpx.AsyncClient(transport=httpx.ASGITransport(vendor.app()), base_url=URL)
    asked = {"response_type": "code", "client_id": APP.client_id, "redirect_uri": BACK, "state": "s"}
    page = await http.get("/oauth/authorize", params={**asked, "scope": " ".join(allowed)})
    form = {**hidden_fields(page.text), "account": name, "answer": "allow", "scope": allowed}
    back = await http.post("/oauth/authorize", data=form)
    returned = {key: values[0] for key, values in parse_qs(urlsplit(back.headers["location"]).query).items()}
    tokens = await redeem(http, grant_type="authorization_code", code=returned["code"], redirect_uri=BACK)
    http.headers["authorization"] = f"Bearer {tokens['access_token']}"
    access = Access(http, APP, vendor.person(name).id, frozenset(allowed))
    return Account(vendor, access, tokens, returned)


async def redeem(http: httpx.AsyncClient, **form: str) -> dict[str, Any]:
    client = {"client_id": APP.client_id, "client_secret": APP.client_secret}
    answer: dict[str, Any] = (await http.post("/oauth/token", data={**client, **form})).json()
    return answer
