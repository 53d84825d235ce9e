from collections.abc import AsyncIterator

import pytest

from tests.fakes.receiver import Receiver, receiving
from tests.fakes.simulated import Stage, simulated_stage
from wearable_gateway.developers.keys import KeyHasher
from wearable_gateway.kit.encryption import Keyring


@pytest.fixture
async def stage(database_url: str, keyring: Keyring, hasher: KeyHasher) -> AsyncIterator[Stage]:
    async with simulated_stage(database_url, keyring, hasher) as made:
        yield made


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as made:
        yield made
