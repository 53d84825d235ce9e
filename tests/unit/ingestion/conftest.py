"""Companies with connections, and no vendor."""

from typing import Any

import pytest

from tests.web.callers import Callers
from wearable_gateway.db.session import Database
from wearable_gateway.developers.provider_apps import ProviderApps


@pytest.fixture
async def callers(app: Any, db: Database, keyring: Any, hasher: Any) -> Callers:
    hosts = dict.fromkeys(("authorize", "token", "revoke", "api"), "http://127.0.0.1:9")
    made = await ProviderApps(db.autocommit, keyring).put(
        "SANDBOX", client_id="gateway", client_secret="client-secret", hosts=hosts
    )
    return Callers(app, db, keyring, hasher, made)
