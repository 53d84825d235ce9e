from collections.abc import AsyncIterator

import pytest

from tests.fakes.alone import Alone, alone


@pytest.fixture
async def suunto() -> AsyncIterator[Alone]:
    async with alone("suunto") as made:
        yield made
