"""The stage of the stories that every provider is put through, for those that only this one has."""

from collections.abc import AsyncIterator

import pytest
from tests.fakes.simulated import Stage, simulated_stage
from tests.providers.simulated.conftest import receiver

from wearable_gateway.developers.keys import KeyHasher
from wearable_gateway.kit.encryption import Keyring

__all__ = ["receiver", "stage"]


@pytest.fixture
async def stage(database_url: str, keyring: Keyring, hasher: KeyHasher) -> AsyncIterator[Stage]:
    async with simulated_stage(database_url, keyring, hasher) as made:
        yield made
