"""Companies with connections, and a vendor that answers what a test tells it to."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.fakes.scripted import Scripted, scripted
from tests.web.callers import Callers
from wearable_gateway.db.session import Database
from wearable_gateway.developers.provider_apps import ProviderApps
from wearable_gateway.kit.encryption import Keyring


@pytest.fixture
async def vendor() -> AsyncIterator[Scripted]:
    async with scripted(lambda _method, _path: (503, {})) as running:
        yield running


@pytest.fixture
async def callers_of_vendor(
    app: Any, db: Database, keyring: Keyring, hasher: Any, vendor: Scripted
) -> Callers:
    made = await ProviderApps(db.autocommit, keyring).put(
        "SANDBOX", client_id="gateway", client_secret="client-secret", hosts=vendor.hosts()
    )
    return Callers(app, db, keyring, hasher, made)
