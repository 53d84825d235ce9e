from collections.abc import AsyncIterator

import pytest

from .talking import Talking, talking


@pytest.fixture
async def strava() -> AsyncIterator[Talking]:
    async with talking() as made:
        yield made
