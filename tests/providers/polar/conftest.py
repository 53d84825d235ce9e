from collections.abc import AsyncIterator

import pytest

from tests.fakes.simulated import Stage, simulated_stage
from wearable_gateway.developers.keys import KeyHasher
from wearable_gateway.kit.encryption import Keyring

from .vendor import Vendor, polar_vendor


@pytest.fixture
async def vendor() -> AsyncIterator[Vendor]:
    async with polar_vendor() as made:
        yield made


@pytest.fixture
async def stage(database_url: str, keyring: Keyring, hasher: KeyHasher) -> AsyncIterator[Stage]:
    async with simulated_stage(database_url, keyring, hasher) as made:
        yield made
