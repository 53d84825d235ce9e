"""An account at the simulated vendor, spoken to over ASGI by the connector."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from wearable_gateway.providers._base.notices import Notice
from wearable_gateway.providers._base.reaching import Access, AppAccess, Ask
from wearable_gateway.providers.whoop import PROVIDER
from wearable_gateway.simulators._base.config import SimulatorConfig
from wearable_gateway.simulators.whoop import Whoop
from wearable_gateway.unified.records import DataType, Record

VENDOR, BACK = "http://vendor.test", "https://gateway.test/callback"
NOON = datetime(2026, 11, 21, 17, tzinfo=UTC)
TODAY = date(2026, 11, 21)
EVERYTHING = tuple(Whoop.scopes)
APP = AppAccess("client", "client-secret", "notice-secret", {})


@dataclass
class Account:
    vendor: Whoop
    http: httpx.AsyncClient
    access: Access
    tokens: dict[str, Any]

    def order(self, command: str, **body: Any) -> Any:
        """Play the person and the strap."""
        control = {"authorization": "Bearer control-token"}
        return self.http.post(f"/control/{command}", json=body, headers=control)

    def told(self) -> list[dict[str, Any]]:
        """The notices so far, oldest first."""
        return [json.loads(one.body) for one in self.vendor.sender.sent]

    def notices(self) -> list[Notice]:
        return [notice for one in self.vendor.sender.sent for notice in PROVIDER.notices(one.body)]

    async def calls(self) -> list[str]:
        """The paths that were asked for, beyond those of connecting."""
        return [path for path in self.vendor.frame.calls.elements() if "/developer/" in path]

    async def read(self, kind: DataType, first: date = TODAY, last: date = TODAY) -> list[Record]:
        documents = await PROVIDER.fetch(self.access, Ask(kind, first, last, samples=True))
        return _records(kind, documents)

    async def read_noticed(self, notice: Notice, *kinds: DataType) -> dict[DataType, list[Record]]:
        found = await PROVIDER.fetch_noticed(
            self.access, replace(notice, start=TODAY, end=TODAY), kinds or notice.data_types
        )
        return {kind: _records(kind, documents) for kind, documents in found.items()}

    def with_scopes(self, *scopes: str) -> "Account":
        return replace(self, access=replace(self.access, scopes=frozenset(scopes)))


def _records(kind: DataType, documents: Any) -> list[Record]:
    records = [PROVIDER.normalise(kind, document) for document in documents]
    return [record for record in records if record is not None]


@asynccontextmanager
async def connected(
    name: str = "ada", *, scopes: tuple[str, ...] = EVERYTHING, now: datetime = NOON
) -> AsyncIterator[Account]:
    """Somebody who allowed the app `scopes`, at a vendor whose clock stands still."""
    config = SimulatorConfig(
        url=VENDOR,
        client_id="client",
        client_secret="client-secret",
        redirect_uris=(BACK,),
        notice_url="http://gateway.test/notices",
        control_token="control-token",
    )
    vendor = Whoop(config, now.timestamp)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(vendor.app()), base_url=VENDOR) as http:
        tokens = (await redeem(http, await consent(http, name, scopes))).json()
        http.headers["authorization"] = f"Bearer {tokens['access_token']}"
        account_id = vendor.person(name).id
        yield Account(vendor, http, Access(http, APP, account_id, frozenset(scopes)), tokens)


async def consent(http: httpx.AsyncClient, name: str, scopes: tuple[str, ...]) -> str:
    form = {
        "client_id": "client", "redirect_uri": BACK, "response_type": "code", "state": "state-of-eight",
        "account": name, "answer": "allow", "scope": list(scopes),
    }  # fmt: skip
    answer = await http.post(Whoop.authorize_path, data=form)
    return parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]


async def redeem(http: httpx.AsyncClient, code: str) -> httpx.Response:
    return await ask_token(http, grant_type="authorization_code", code=code, redirect_uri=BACK)


async def refresh(http: httpx.AsyncClient, token: str, **more: str) -> httpx.Response:
    return await ask_token(http, grant_type="refresh_token", refresh_token=token, **more)


async def ask_token(http: httpx.AsyncClient, **form: str) -> httpx.Response:
    client = {"client_id": "client", "client_secret": "client-secret"}
    return await http.post(Whoop.token_path, data=client | form)
