"""A reader for each page whose examples are tried."""

from pathlib import Path

import httpx
import pytest

from tests.acceptance.documentation.reader import Reader
from tests.fakes.gateway import Gateway
from wearable_gateway.developers.admin_tokens import issue_admin_token
from wearable_gateway.developers.keys import KeyHasher


@pytest.fixture
async def reader(
    gateway: Gateway, hasher: KeyHasher, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Reader:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    page: Path = request.node.callspec.params["page"]
    company = await gateway.company("Demo" if page.name == "README.md" else "Acme")
    async with gateway.db.transaction() as session:
        _, admin_token = await issue_admin_token(session, hasher, "the reader's", actor="operator:tests")
    http = await gateway.stack.enter_async_context(httpx.AsyncClient(timeout=30, trust_env=False))
    return Reader(gateway, company, admin_token, hasher, http)
