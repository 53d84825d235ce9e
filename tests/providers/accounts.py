"""An account at the simulated vendor, spoken to over ASGI by the connector."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import httpx

from tests.unit.sandbox.walks import EVERYTHING, VENDOR, Walk
from wearable_gateway.providers._base.reaching import Access, AppAccess, Ask
from wearable_gateway.providers.sandbox import PROVIDER
from wearable_gateway.unified.records import DataType, Record

DAY = date(2026, 11, 21)


@dataclass
class Account:
    walk: Walk
    access: Access

    async def read(self, kind: DataType, day: date = DAY, *, samples: bool = True) -> list[Record]:
        return await self.read_all(kind, day, day, samples=samples)

    async def read_all(
        self, kind: DataType, first: date, last: date, *, samples: bool = True
    ) -> list[Record]:
        documents = await PROVIDER.fetch(self.access, Ask(kind, first, last, samples=samples))
        records = [PROVIDER.normalise(kind, document) for document in documents]
        return [record for record in records if record is not None]


async def connected(walk: Walk, name: str = "ada", **choices: Any) -> Account:
    tokens = await walk.connect(account=name, asked=EVERYTHING, **choices)
    client = httpx.AsyncClient(
        transport=httpx.ASGITransport(walk.app),
        base_url=VENDOR,
        headers={"authorization": f"Bearer {tokens['access_token']}"},
    )
    app = AppAccess("gateway", "client-secret", "notice-secret", {})
    return Account(walk, Access(client, app, tokens["account_id"], frozenset(EVERYTHING.split())))
