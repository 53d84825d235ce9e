"""A developer with several providers, and sessions of its end users, with no vendor behind them."""

import re
from dataclasses import dataclass
from typing import Any

import httpx

from tests.web.callers import Caller, Callers
from wearable_gateway.developers.provider_apps import ProviderApps
from wearable_gateway.developers.settings_repository import change_settings
from wearable_gateway.kit.ids import uuid7

NOWHERE = dict.fromkeys(("authorize", "token", "api"), "http://vendor.invalid")


@dataclass
class Stage:
    callers: Callers
    caller: Caller

    async def provider(self, slug: str, **extra: str) -> None:
        apps = ProviderApps(self.callers.db.autocommit, self.callers.keyring)
        await apps.put(
            slug,
            client_id="id",
            client_secret="secret",
            hosts=NOWHERE,
            extra=extra,
            dev_id=self.caller.dev_id,
        )

    async def choose(self, **settings: Any) -> None:
        async with self.callers.db.transaction() as session:
            await change_settings(session, self.caller.dev_id, settings, actor="test:")

    async def session(self, **body: Any) -> str:
        """The path of a widget session's page."""
        answer = await self.caller.http.post("/v2/auth/generateWidgetSession", json=body)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["url"]).removeprefix("http://gateway.test")

    async def auth_url(self, **body: Any) -> str:
        answer = await self.caller.http.post(
            "/v2/auth/authenticateUser", params={"resource": "SANDBOX"}, json=body
        )
        assert answer.status_code == 200, answer.text
        return str(answer.json()["auth_url"]).removeprefix("http://gateway.test")

    async def begun(self) -> list[Any]:
        """What of the flows a visit may change."""
        rows = await self.callers.db.autocommit.fetch(
            "SELECT f.state, f.opened_at, f.left_at, (SELECT count(*) FROM flow_states s WHERE s.dev_id = f.dev_id"
            " AND s.flow_id = f.id) FROM flows f ORDER BY f.id"
        )
        return [tuple(row.values()) for row in rows]

    async def events(self, kind: str) -> int:
        found: int = await self.callers.db.autocommit.fetchval(
            "SELECT count(*) FROM events WHERE type = $1", kind
        )
        return found


def token_of(session: str) -> str:
    return session.rpartition("/")[2]


def links(answer: httpx.Response, pattern: str) -> list[str]:
    """Addresses that the page leads to."""
    return re.findall(rf'href="({pattern})"', answer.text)


NOBODYS = str(uuid7())
