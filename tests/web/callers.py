"""Developers' backends that call the app in this process, with connections made without a vendor."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
from fastapi import FastAPI

from wearable_gateway.connections.linking import Consent, DuplicateAccount, link
from wearable_gateway.db.session import Database
from wearable_gateway.developers import keys
from wearable_gateway.developers.keys import KeyHasher
from wearable_gateway.developers.models import ProviderApp
from wearable_gateway.developers.settings import DuplicatePolicy
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.kit.encryption import Keyring
from wearable_gateway.kit.ids import uuid7
from wearable_gateway.providers._base.reaching import Tokens

ALL_SCOPES = ("daily", "activity", "sleep")
NOBODY = "01a20425-b71b-77e5-9bd9-d8a42cd85b62"
PROBLEM_KEYS = {"status", "message", "type", "title", "detail", "instance"}


@dataclass
class Caller:
    dev_id: str
    api_key: str
    http: httpx.AsyncClient


@dataclass
class Callers:
    """Makes developers, and connections of theirs."""

    app: FastAPI
    db: Database
    keyring: Keyring
    hasher: KeyHasher
    provider_app: ProviderApp

    def http(self, **headers: str) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url="http://gateway.test", headers=headers)

    async def key(self, dev_id: str, name: str = "") -> str:
        _, text = await keys.issue_key(self.db.autocommit, self.hasher, dev_id, name)
        return text

    async def company(self, name: str) -> Caller:
        dev_id = name.lower().replace(" ", "-")
        await keys.create_developer(self.db.autocommit, name, dev_id)
        text = await self.key(dev_id)
        return Caller(dev_id, text, self.http(**{"dev-id": dev_id, "x-api-key": text}))

    async def connected(
        self,
        caller: Caller,
        account: str,
        reference_id: str | None = None,
        *,
        scopes: Sequence[str] = ALL_SCOPES,
    ) -> str:
        """Link `account`; the new user_id."""
        now = utc_now()
        consent = Consent(
            dev_id=caller.dev_id,
            user_id=uuid7(),
            provider="SANDBOX",
            provider_app_id=self.provider_app.id,
            provider_account_id=account,
            reference_id=reference_id,
            tokens=Tokens("access", "refresh", now + timedelta(hours=1), tuple(scopes)),
            scopes=tuple(scopes),
            given_at=now,
            flow_id=uuid7(),
            widget_session_id=None,
        )
        async with self.db.transaction() as session:
            made = await link(
                session, consent, policy=DuplicatePolicy.KEEP_BOTH, keyring=self.keyring, now=now
            )
        assert not isinstance(made, DuplicateAccount)
        return str(made.id)


def refused(answer: httpx.Response, status: int, text: str = "") -> dict[str, Any]:
    """Check that `answer` is a refusal in both generations' words; its body."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["terra-reference"]
    body: dict[str, Any] = answer.json()
    assert set(body) == PROBLEM_KEYS
    assert body["status"] == "error"
    assert body["type"] == "about:blank"
    assert body["message"] == body["detail"]
    assert text in body["detail"], body["detail"]
    return body
