from datetime import UTC, datetime

import pytest
from fastapi import FastAPI

from tests.web.callers import Callers
from wearable_gateway.db.session import Database
from wearable_gateway.developers.keys import KeyHasher
from wearable_gateway.developers.provider_apps import ProviderApps
from wearable_gateway.kit.encryption import Keyring


@pytest.fixture
async def callers(app: FastAPI, db: Database, keyring: Keyring, hasher: KeyHasher) -> Callers:
    hosts = dict.fromkeys(("authorize", "token", "revoke", "api"), "http://vendor.invalid")
    provider_app = await ProviderApps(db.autocommit, keyring).put(
        "SANDBOX", client_id="gateway", client_secret="client-secret", hosts=hosts
    )
    return Callers(app, db, keyring, hasher, provider_app)


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)
