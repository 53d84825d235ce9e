from collections.abc import AsyncIterator

import pytest

from tests.unit.sandbox.walks import Walk

from .accounts import Account, connected


@pytest.fixture
async def account() -> AsyncIterator[Account]:
    """Of a person who allowed everything."""
    made = await connected(Walk())
    yield made
    await made.access.client.aclose()
    await made.walk.http.aclose()
