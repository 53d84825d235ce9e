from collections.abc import AsyncIterator

import httpx
import pytest

from tests.web.callers import Callers
from wearable_gateway.developers.admin_tokens import AdminToken, issue_admin_token


@pytest.fixture
async def issued(callers: Callers) -> tuple[AdminToken, str]:
    """A live admin token and its text."""
    return await issue_admin_token(callers.db.autocommit, callers.hasher, "tests", actor="operator:tests")


@pytest.fixture
async def admin(callers: Callers, issued: tuple[AdminToken, str]) -> AsyncIterator[httpx.AsyncClient]:
    async with callers.http(authorization=f"Bearer {issued[1]}") as http:
        yield http
