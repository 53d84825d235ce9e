from collections.abc import AsyncIterator

import pytest

from tests.fakes.alone import Alone, alone


@pytest.fixture
async def dexcom() -> AsyncIterator[Alone]:
    async with alone("dexcom") as made:
        yield made
