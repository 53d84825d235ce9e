"""The simulated vendor as the connector speaks to it, without a gateway in between."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from tests.fakes.waiting import eventually
from wearable_gateway.providers._base.reaching import Access, AppAccess, Tokens
from wearable_gateway.simulators._base.config import SimulatorConfig
from wearable_gateway.simulators.garmin import Garmin

URL = "https://apis.garmin.com"
EVERYTHING = ("ACTIVITY_EXPORT", "HEALTH_EXPORT", "MCT_EXPORT", "HISTORICAL_DATA_EXPORT")
APP = AppAccess("client-1", "secret-1", "notice-secret", {"api": URL})


class Scene:
    def __init__(self) -> None:
        self.vendor = Garmin(
            SimulatorConfig(
                url=URL,
                client_id=APP.client_id,
                client_secret=APP.client_secret,
                redirect_uris=("https://gateway.test/connect/callback",),
                notice_url="https://gateway.test/notices",
                control_token="control",
            )
        )
        self.app = self.vendor.app()
        self._seen = 0

    def tokens(self, name: str = "ann", allowed: tuple[str, ...] = EVERYTHING) -> Tokens:
        person = self.vendor.person(name)
        self.vendor.consent(person, allowed)
        made = self.vendor.token_endpoint.issue(person, family=name)
        return Tokens(made.access, made.refresh, None, ())

    @asynccontextmanager
    async def access(self, name: str = "ann", allowed: tuple[str, ...] = EVERYTHING) -> AsyncIterator[Access]:
        """Of somebody who just allowed that."""
        tokens = self.tokens(name, allowed)
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app),
            base_url=URL,
            headers={"authorization": f"Bearer {tokens.access}"},
        ) as client:
            yield Access(client, APP, self.vendor.person(name).id, frozenset(allowed))

    async def told(self) -> Any:
        """The next body that the vendor sends."""
        sent = self.vendor.sender.sent

        async def came() -> bool:
            return len(sent) > self._seen

        await eventually(came)
        self._seen += 1
        return json.loads(sent[self._seen - 1].body)

    def body(self, number: int = -1) -> bytes:
        return self.vendor.sender.sent[number].body
