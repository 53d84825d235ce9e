from collections.abc import AsyncIterator

import pytest

from tests.fakes.receiver import Receiver, receiving
from tests.fakes.simulated import Stage, simulated_stage
from wearable_gateway.developers.keys import KeyHasher
from wearable_gateway.kit.encryption import Keyring

from .accounts import Account, connected


@pytest.fixture
async def account() -> AsyncIterator[Account]:
    """Of a person who allowed everything."""
    async with connected() as made:
        yield made


@pytest.fixture
async def stage(database_url: str, keyring: Keyring, hasher: KeyHasher) -> AsyncIterator[Stage]:
    async with simulated_stage(database_url, keyring, hasher) as made:
        yield made


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as made:
        yield made
