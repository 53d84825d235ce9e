from collections.abc import AsyncIterator

import pytest

from .walks import Walk


@pytest.fixture
async def walk() -> AsyncIterator[Walk]:
    made = Walk()
    async with made.http:
        yield made
