from collections.abc import AsyncIterator

import pytest

from .accounts import Account, connected


@pytest.fixture
async def account() -> AsyncIterator[Account]:
    """Of a person who allowed everything."""
    async with connected() as made:
        yield made
