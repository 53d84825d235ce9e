"""An installation to measure: a PostgreSQL of its own, as durable as that of `run`, and one developer with a key."""

import asyncio
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.processes import clean_environment, free_port, running, start, wait_for_answer
from wearable_gateway.connections.models import Connection, ConnectionState
from wearable_gateway.connections.repository import ConnectionRepository
from wearable_gateway.db.embedded import Cluster
from wearable_gateway.db.migrate import migrate
from wearable_gateway.db.session import Database, open_database
from wearable_gateway.developers import keys
from wearable_gateway.developers.keys import KeyHasher
from wearable_gateway.developers.provider_apps import ProviderApps
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.kit.encryption import Keyring, new_key
from wearable_gateway.kit.ids import uuid7

DEV_ID = "bench"
_SECRET = "not a secret: it protects a database that is thrown away"  # noqa: S105 - as it says
# A limit too high to be reached, because counting towards it is part of what a request costs; records of any age.
_SETTINGS = {"requests_per_minute": 10_000_000, "history_days": None}


@dataclass(frozen=True, slots=True)
class Served:
    port: int
    pid: int


class Installation:
    def __init__(self, folder: Path, cluster: Cluster) -> None:
        self.folder = folder
        self.cluster = cluster
        self._encryption_keys = new_key("bench")
        self.api_key = ""

    @classmethod
    @contextmanager
    def made(cls, folder: Path, *, port: int | None = None) -> Iterator["Installation"]:
        """`port` is PostgreSQL's, for who restarts it and wants it to be found again."""
        with Cluster(folder / "postgres", port=port) as cluster:
            installation = cls(folder, cluster)
            cluster.ensure_database()
            migrate(cluster.url())
            asyncio.run(installation._furnish())
            yield installation

    @property
    def url(self) -> str:
        return self.cluster.url()

    def another_database(self, name: str) -> str:
        """Its URL; migrated, and empty."""
        self.cluster.ensure_database(name)
        migrate(self.cluster.url(name))
        return self.cluster.url(name)

    async def _furnish(self) -> None:
        async with open_database(self.url, size=2) as db:
            self.api_key = await add_developer(db, DEV_ID)
            await ProviderApps(db.autocommit, Keyring.parse(self._encryption_keys)).put(
                "SANDBOX", client_id=DEV_ID, client_secret=_SECRET, hosts={}
            )

    @property
    def keyring(self) -> Keyring:
        return Keyring.parse(self._encryption_keys)

    @property
    def environment(self) -> dict[str, str]:
        """Of the gateway's processes; deliveries may go to this machine."""
        return clean_environment(
            DATABASE_URL=self.url,
            GATEWAY_ENCRYPTION_KEYS=self._encryption_keys,
            GATEWAY_SECRET_KEY=_SECRET,
            GATEWAY_ALLOW_PRIVATE_NETWORKS="127.0.0.0/8",
        )

    @contextmanager
    def serving(self) -> Iterator[Served]:
        """`wearable-gateway serve`, as in production."""
        port = free_port()
        words = ("wearable_gateway", "serve", "--port", str(port))
        with running(*words, folder=self.folder, environment=self.environment) as process:
            wait_for_answer(process, f"http://127.0.0.1:{port}/healthz")
            yield Served(port, process.pid)

    def start_worker(self) -> "subprocess.Popen[bytes]":
        """`wearable-gateway worker`, as in production. Whoever starts one sees to its end."""
        return start("wearable_gateway", "worker", folder=self.folder, environment=self.environment)

    @contextmanager
    def serving_ceiling(self) -> Iterator[Served]:
        port = free_port()
        environment = clean_environment(DATABASE_URL=self.url)
        with running("bench.ceiling", str(port), folder=self.folder, environment=environment) as process:
            wait_for_answer(process, f"http://127.0.0.1:{port}/healthz")
            yield Served(port, process.pid)

    def request(self, line: str, body: bytes = b"") -> bytes:
        """`line` is method and target, such as `GET /v2/userInfo`."""
        head = (
            f"{line} HTTP/1.1\r\nhost: 127.0.0.1\r\ndev-id: {DEV_ID}\r\nx-api-key: {self.api_key}\r\n"
            + (f"content-type: application/json\r\ncontent-length: {len(body)}\r\n" if body else "")
            + "\r\n"
        )
        return head.encode() + body


async def add_developer(db: Database, dev_id: str) -> str:
    """The text of its key."""
    await keys.create_developer(db.autocommit, dev_id, dev_id)
    await db.autocommit.execute("UPDATE developers SET settings = $2 WHERE dev_id = $1", dev_id, _SETTINGS)
    _, text = await keys.issue_key(db.autocommit, KeyHasher(_SECRET), dev_id)
    return text


async def add_connection(db: Database, dev_id: str, reference_id: str) -> Connection:
    now = utc_now()
    scopes = ("activity", "daily", "sleep")
    connection = Connection(
        dev_id=dev_id, id=uuid7(), provider="SANDBOX", grant_id=uuid7(), reference_id=reference_id,
        consented_scopes=scopes, scopes=scopes, state=ConnectionState.ACTIVE, last_error=None,
        last_error_at=None, last_event_at=now, created_at=now,
    )  # fmt: skip
    await ConnectionRepository(db.autocommit, dev_id).add(connection, now=now)
    return connection
