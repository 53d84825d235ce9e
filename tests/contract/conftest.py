"""One gateway for each file; in it, a company and a wearable account for each test."""

import hashlib
from collections.abc import AsyncIterator
from itertools import count
from uuid import UUID

import httpx
import pytest

from tests.contract.clients import MODES, open_client
from tests.contract.vendor_documents import account_with_everything
from tests.fakes.databases import Databases
from tests.fakes.gateway import Company, Gateway, running_gateway
from wearable_gateway.developers.keys import KeyHasher
from wearable_gateway.kit.encryption import Keyring

_numbers = count(1)


@pytest.fixture(scope="module")
async def gateway(databases: Databases, keyring: Keyring, hasher: KeyHasher) -> AsyncIterator[Gateway]:
    async with databases.copy() as url, running_gateway(url, keyring, hasher) as running:
        yield running


@pytest.fixture
async def company(gateway: Gateway) -> Company:
    return await gateway.company(f"Company {next(_numbers)}")


@pytest.fixture
def account(request: pytest.FixtureRequest) -> str:
    """This test's own, and the same in every run of it."""
    return account_with_everything(hashlib.sha256(request.node.name.encode()).hexdigest()[:12])


@pytest.fixture(params=MODES)
def mode(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def answers() -> list[httpx.Response]:
    """What `terra` was answered, in order, before it made anything of it."""
    return []


@pytest.fixture
async def terra(
    gateway: Gateway, company: Company, mode: str, answers: list[httpx.Response]
) -> AsyncIterator[object]:
    """The test runs with either of Terra's two Python clients; what every answer must have is looked at here."""
    async with open_client(company, f"{gateway.url}/v2", mode=mode, seen=answers.append) as client:
        yield client
    for answer in answers:
        reference = answer.headers["terra-reference"]
        assert str(UUID(reference)) == reference
        assert answer.headers["content-type"] in {"application/json", "application/problem+json"}
        assert answer.status_code != httpx.codes.NO_CONTENT
