"""One gateway with a worker for all stories of a file; vendors appear as they are needed."""

from collections.abc import AsyncIterator

import pytest

from tests.fakes.databases import Databases
from tests.fakes.receiver import Receiver, receiving
from tests.fakes.simulated import simulated_stage
from tests.providers.simulated.story import Cast, Story
from wearable_gateway.developers.keys import KeyHasher
from wearable_gateway.kit.encryption import Keyring


@pytest.fixture(scope="module")
async def cast(databases: Databases, keyring: Keyring, hasher: KeyHasher) -> AsyncIterator[Cast]:
    async with databases.copy() as url, simulated_stage(url, keyring, hasher) as stage:
        yield Cast(stage)


@pytest.fixture
async def receiver(request: pytest.FixtureRequest) -> AsyncIterator[Receiver]:
    """Terra's SDK reads what it gets in the stories that are about that: it takes longer than all else together."""
    async with receiving(judged=getattr(request.module, "JUDGED", False)) as made:
        yield made


@pytest.fixture
async def story(cast: Cast, receiver: Receiver, name: str) -> AsyncIterator[Story]:
    made = await cast.story(receiver, name)
    yield made
    await made.end()
