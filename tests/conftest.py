"""A real PostgreSQL, migrated once; every test that asks for a database gets a copy of its own."""

import gc
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
import structlog
import typing_extensions
from fastapi import FastAPI

from tests.fakes.databases import Databases
from tests.fakes.gateway import Gateway, running_gateway
from wearable_gateway.db.embedded import Cluster
from wearable_gateway.db.session import Database, open_database
from wearable_gateway.developers.keys import KeyHasher
from wearable_gateway.kit.addresses import AddressPolicy
from wearable_gateway.kit.encryption import Keyring, new_key
from wearable_gateway.web.app import AppConfig, create_app

_MEMORY = Path("/dev/shm")  # noqa: S108 - asked for as a place in memory, and not shared with anybody
_ROOM_IN_MEMORY = 6 * 2**30

for name in [name for name in os.environ if name.startswith("GATEWAY_") and name != "GATEWAY_PG_BIN"]:
    del os.environ[name]
os.environ.pop("DATABASE_URL", None)


def pytest_configure(config: pytest.Config) -> None:
    """What tests write lies in memory, where there is enough: a database is some seven hundred files."""
    if config.option.basetemp is None and _MEMORY.is_dir() and _is_roomy(_MEMORY):
        config.option.basetemp = tempfile.mkdtemp(prefix="gateway-tests-", dir=_MEMORY)
        config.add_cleanup(lambda: shutil.rmtree(config.option.basetemp, ignore_errors=True))


def pytest_sessionstart() -> None:
    """What is imported and collected stays for the session: it need not be looked through again and again."""
    gc.disable()


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


def _is_roomy(folder: Path) -> bool:
    return os.access(folder, os.W_OK) and shutil.disk_usage(folder).free >= _ROOM_IN_MEMORY


@pytest.fixture(autouse=True)
def _logs_as_they_come() -> Iterator[None]:
    """A command run in this process configures logging for its own purposes; the next test starts anew."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session", autouse=True)
def _looked_up_once() -> Iterator[None]:
    """The machine's certificates, which httpx reads anew for every client, annotations, Terra's SDK for every object,
    and the source of lambdas, Hypothesis for what it could show.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("hypothesis.internal.lambda_sources.lambda_description", lambda _: "lambda: <unknown>")
        patch.setattr("httpx._transports.default.create_ssl_context", cache(httpx.create_ssl_context))
        if "terra" in sys.modules:
            remembered = {"get_type_hints": cache(typing_extensions.get_type_hints)}
            patch.setattr(
                "terra.core.serialization.typing_extensions",
                SimpleNamespace(**{**vars(typing_extensions), **remembered}),
            )
        yield


@pytest.fixture(scope="session")
async def databases(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Databases]:
    with Cluster(tmp_path_factory.mktemp("postgres"), durable=False) as cluster:
        async with Databases.of(cluster) as made:
            yield made


@pytest.fixture
async def database_url(databases: Databases) -> AsyncIterator[str]:
    async with databases.copy() as url:
        yield url


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
