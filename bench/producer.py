"""Events at a steady rate, and a ledger of those that were committed; faults of the database are lived through.

A line of the ledger is written when the commit has returned: event, developer, digest of the body, when the commit
was asked for, when it returned. A process killed in between leaves an event without a line, never a line without an event.
"""

import argparse
import asyncio
import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from pathlib import Path

import asyncpg
import uvloop

from bench.installation import Installation
from bench.outbox import body_of, new_event
from bench.processes import start
from wearable_gateway.db.session import Database, open_database
from wearable_gateway.errors import GatewayError
from wearable_gateway.events import outbox
from wearable_gateway.kit.clock import utc_now

_CONNECTIONS = 8
_FAULTS = (GatewayError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError)


@dataclass(frozen=True, slots=True)
class Committed:
    event_id: str
    dev_id: str
    digest: str
    asked_at: float
    returned_at: float


def read_committed(file: Path) -> list[Committed]:
    """Without a last line that a kill cut off."""
    lines = file.read_text().split("\n")[:-1] if file.exists() else []
    return [
        Committed(event_id, dev_id, digest, float(asked), float(returned))
        for event_id, dev_id, digest, asked, returned in (line.split() for line in lines)
    ]


def start_producer(
    installation: Installation, ledger: Path, dev_ids: Sequence[str], *, rate: float, seconds: float
) -> "subprocess.Popen[bytes]":
    words = ("--rate", str(rate), "--seconds", str(seconds), "--ledger", str(ledger), *dev_ids)
    return start("bench.producer", *words, folder=installation.folder, environment=installation.environment)


@contextmanager
def producing(
    installation: Installation, ledger: Path, dev_ids: Sequence[str], *, rate: float, seconds: float = 86_400
) -> Iterator["subprocess.Popen[bytes]"]:
    """Until the block ends, or for so many seconds."""
    process = start_producer(installation, ledger, dev_ids, rate=rate, seconds=seconds)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


async def _record(db: Database, dev_id: str, body: bytes, file: int) -> None:
    event = new_event(dev_id, body)
    try:
        async with db.transaction() as session:
            await outbox.record(session, [event], now=utc_now())
            asked_at = time.time()
    except _FAULTS:
        return  # committed or not: the database knows
    line = f"{event.id} {dev_id} {sha256(body).hexdigest()} {asked_at:.6f} {time.time():.6f}\n"
    os.write(file, line.encode())


async def _produce(url: str, file: int, dev_ids: Sequence[str], *, rate: float, seconds: float) -> None:
    # A number of this process in each body: no two events have the same bytes.
    first = os.getpid() << 32
    loop = asyncio.get_running_loop()
    async with open_database(url, size=_CONNECTIONS) as db, asyncio.TaskGroup() as tasks:
        busy = asyncio.Semaphore(_CONNECTIONS)
        started = loop.time()
        for number in count():
            due = started + number / rate
            if due - started >= seconds:
                return
            await asyncio.sleep(due - loop.time())
            await busy.acquire()
            task = tasks.create_task(
                _record(db, dev_ids[number % len(dev_ids)], body_of(first + number), file)
            )
            task.add_done_callback(lambda _: busy.release())


async def _produce_whatever_happens(
    file: int, dev_ids: Sequence[str], *, rate: float, seconds: float
) -> None:
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        try:
            await _produce(os.environ["DATABASE_URL"], file, dev_ids, rate=rate, seconds=left)
        except* _FAULTS:
            await asyncio.sleep(0.2)


def _main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.producer", description=__doc__)
    parser.add_argument("dev_ids", nargs="+")
    parser.add_argument("--rate", type=float, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--ledger", type=Path, required=True)
    options = parser.parse_args()
    file = os.open(options.ledger, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    uvloop.run(_produce_whatever_happens(file, options.dev_ids, rate=options.rate, seconds=options.seconds))


if __name__ == "__main__":
    _main()
