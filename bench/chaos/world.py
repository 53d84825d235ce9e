"""An installation in processes of its own, which can be killed one by one, and what is true of it in the end."""

import asyncio
import signal
import subprocess
import tempfile
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from bench import outbox
from bench.chaos.reckoning import Reckoning, Recorded, Records, Stored, reckon
from bench.client import LoadError
from bench.installation import Installation
from bench.processes import free_port
from bench.producer import read_committed, start_producer
from bench.receiving import ASK_EVERY_SECONDS, Receiver, receiving, wait_until
from wearable_gateway.db.session import Database, open_database

T = TypeVar("T")
Process = subprocess.Popen[bytes]


@dataclass
class World:
    installation: Installation
    receiver: Receiver
    stack: ExitStack
    dev_ids: list[str] = field(default_factory=list)
    paths: dict[UUID, str] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        return self.installation.folder

    @property
    def committed(self) -> Path:
        return self.folder / "committed"

    def ask(self, question: Callable[[Database], Coroutine[Any, Any, T]]) -> T:
        """The answer of a database that is up."""

        async def answer() -> T:
            async with open_database(self.installation.url, size=2) as db:
                return await question(db)

        return asyncio.run(answer())

    def limit_connections(self, most: int) -> None:
        """Of PostgreSQL, which starts anew for it."""
        cluster = self.installation.cluster
        self.ask(lambda db: db.autocommit.execute(f"ALTER SYSTEM SET max_connections = {most}"))
        cluster.stop()
        cluster.start()

    def add_destinations(self, paths: Sequence[str], *, each: int = 1) -> None:
        """Of new developers, `each` having so many."""
        urls = [self.receiver.url(path) for path in paths]

        async def add(db: Database) -> None:
            keyring = self.installation.keyring
            self.dev_ids += await outbox.add_developers(
                db, keyring, urls, named="chaos", destinations_each=each
            )
            rows = await db.autocommit.fetch("SELECT id, url FROM destinations")
            self.paths = {row["id"]: row["url"].removeprefix(self.receiver.url("")) for row in rows}

        self.ask(add)

    def start(self, what: Callable[[], Process]) -> "Supervised":
        supervised = Supervised(what)
        self.stack.callback(supervised.kill)
        return supervised

    def start_worker(self) -> "Supervised":
        return self.start(self.installation.start_worker)

    def start_producer(self, rate: float) -> "Supervised":
        return self.start(
            lambda: start_producer(self.installation, self.committed, self.dev_ids, rate=rate, seconds=86_400)
        )

    def wait_for_first(self) -> None:
        self.receiver.wait_for(1, within=60)

    def wait_for_empty_queue(self, *, within: float) -> bool:
        """Whether it became empty in that time."""
        try:
            wait_until(
                lambda: self.ask(outbox.is_empty),
                "the queue was not emptied",
                within=within,
                every=ASK_EVERY_SECONDS,
            )
        except LoadError:
            return False
        return True

    def reckon(self) -> Reckoning:
        stored, records = self.ask(self._stored), self.ask(self._records)
        return reckon(stored, self.receiver.ledger(), records, read_committed(self.committed))

    async def _stored(self, db: Database) -> Stored:
        owners = await db.autocommit.fetch("SELECT dev_id, id FROM destinations")
        events = await db.autocommit.fetch("SELECT dev_id, id, body FROM events")
        by_developer: dict[str, dict[str, str]] = {}
        for row in events:
            by_developer.setdefault(row["dev_id"], {})[str(row["id"])] = sha256(row["body"]).hexdigest()
        return {self.paths[row["id"]]: by_developer.get(row["dev_id"], {}) for row in owners}

    async def _records(self, db: Database) -> Records:
        rows = await db.autocommit.fetch("SELECT destination_id, event_id, outcome FROM attempts ORDER BY id")
        found: dict[tuple[str, str], Recorded] = {}
        for row in rows:
            key = (self.paths[row["destination_id"]], str(row["event_id"]))
            found.setdefault(key, Recorded()).add(delivered=row["outcome"] == "delivered")
        return found


class Supervised:
    """A process that can be replaced by another of its kind."""

    def __init__(self, what: Callable[[], Process]) -> None:
        self._what = what
        self.process = what()

    @property
    def pid(self) -> int:
        return self.process.pid

    def kill(self) -> None:
        """As the kernel's out-of-memory killer does it."""
        self.process.kill()
        self.process.wait()

    def restart(self) -> None:
        self.kill()
        self.process = self._what()

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)


@contextmanager
def made_world() -> Iterator[World]:
    with ExitStack() as stack:
        folder = Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="chaos-", ignore_cleanup_errors=True))
        )
        installation = stack.enter_context(Installation.made(folder, port=free_port()))
        receiver = stack.enter_context(receiving(folder))
        yield World(installation, receiver, stack)
