"""A transaction that changes a row and records an event for one destination, against the same without the event."""

import asyncio
import time
from collections.abc import Iterator

from bench import outbox
from bench.installation import Installation
from bench.latencies import percentile
from bench.plan import Plan
from bench.results import Budget, Result
from wearable_gateway.db.session import Database, open_database
from wearable_gateway.events.outbox import record
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.kit.ids import uuid7

_TABLE = "CREATE TABLE IF NOT EXISTS bench_changes (id uuid PRIMARY KEY, body bytea NOT NULL)"
_BODY = outbox.body_of(1)
_TURNS = 20
"""So many of one kind, then of the other: the disk's moods fall on both."""


def measure(installation: Installation, plan: Plan) -> Iterator[Result]:
    mine, theirs = asyncio.run(_measure(installation, plan))
    yield Result(
        row="outbox_overhead",
        what="transaction with an event for one destination, p50",
        unit="ms",
        subject=mine,
        ceiling=theirs,
        budget=Budget(1.15, at_least=False),
    )


async def _measure(installation: Installation, plan: Plan) -> tuple[list[float], list[float]]:
    async with open_database(installation.url, size=2) as db:
        await outbox.clear(db)
        await db.autocommit.execute(_TABLE)
        await outbox.add_developers(
            db, installation.keyring, ["http://127.0.0.1:9/nobody"], named="recording"
        )
        rounds = [await _round(db, plan.seconds) for _ in range(plan.rounds)]
        await outbox.clear(db)
    return [mine for mine, _ in rounds], [theirs for _, theirs in rounds]


async def _round(db: Database, seconds: float) -> tuple[float, float]:
    """The medians of both, in milliseconds."""
    until = time.perf_counter() + seconds
    mine: list[float] = []
    theirs: list[float] = []
    while time.perf_counter() < until:
        mine += [await _timed(db, with_event=True) for _ in range(_TURNS)]
        theirs += [await _timed(db, with_event=False) for _ in range(_TURNS)]
    return percentile(mine, 0.5), percentile(theirs, 0.5)


async def _timed(db: Database, *, with_event: bool) -> float:
    event = outbox.new_event("recording-0", _BODY)
    started = time.perf_counter()
    async with db.transaction() as session:
        await session.execute("INSERT INTO bench_changes VALUES ($1, $2)", uuid7(), _BODY)
        if with_event:
            await record(session, [event], now=utc_now())
    return (time.perf_counter() - started) * 1000
