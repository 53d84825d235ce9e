"""A real PostgreSQL, migrated once; every test that asks for a database gets a copy of its own."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import httpx
import pytest
import structlog
from fastapi import FastAPI

from tests.fakes.gateway import Gateway, running_gateway
from wearable_gateway.db.embedded import Cluster
from wearable_gateway.db.migrate import migrate
from wearable_gateway.db.session import Database, open_database
from wearable_gateway.developers.keys import KeyHasher
from wearable_gateway.kit.addresses import AddressPolicy
from wearable_gateway.kit.encryption import Keyring, new_key
from wearable_gateway.web.app import AppConfig, create_app

_TEMPLATE = "template_gateway"
_numbers = count()

for name in [name for name in os.environ if name.startswith("GATEWAY_") and name != "GATEWAY_PG_BIN"]:
    del os.environ[name]
os.environ.pop("DATABASE_URL", None)


@pytest.fixture(autouse=True)
def _logs_as_they_come() -> Iterator[None]:
    """A command run in this process configures logging for its own purposes; the next test starts anew."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder: Path = tmp_path_factory.mktemp("postgres")
    with Cluster(folder, durable=False) as running:
        running.ensure_database(_TEMPLATE)
        migrate(running.url(_TEMPLATE))
        yield running


@pytest.fixture
async def database_url(cluster: Cluster) -> str:
    name = f"test_{next(_numbers)}"
    await asyncio.to_thread(cluster.create_database, name, _TEMPLATE)
    return cluster.url(name)


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    async with open_database(database_url, size=8) as database:
        yield database


@pytest.fixture(scope="session")
def keyring() -> Keyring:
    return Keyring.parse(new_key("test"))


@pytest.fixture(scope="session")
def hasher() -> KeyHasher:
    return KeyHasher("a secret of more than thirty-two characters")


@pytest.fixture
async def app(database_url: str, keyring: Keyring, hasher: KeyHasher) -> AsyncIterator[FastAPI]:
    """The app that ships, started, without a server in front."""
    config = AppConfig(
        database_url=database_url,
        public_url="http://gateway.test",
        keyring=keyring,
        hasher=hasher,
        policy=AddressPolicy.allowing_loopback(),
        pool_size=4,
    )
    made = create_app(config)
    async with made.router.lifespan_context(made):
        yield made


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway.test") as made:
        yield made


@pytest.fixture
async def gateway(database_url: str, keyring: Keyring, hasher: KeyHasher) -> AsyncIterator[Gateway]:
    """Everything there is, over real HTTP: API, worker, simulated vendor."""
    async with running_gateway(database_url, keyring, hasher) as running:
        yield running
