"""The queue over a long time: does it stay small, and is it read as quickly as at first?"""

import asyncio
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import asyncpg

from bench.chaos.findings import Finding
from bench.chaos.options import Options
from bench.chaos.world import World, made_world
from bench.latencies import percentile
from wearable_gateway.db.session import Database, driver_url
from wearable_gateway.events.models import BUCKETS
from wearable_gateway.kit.clock import utc_now

_DESTINATIONS = 16
_MINUTE = 60
_READS_A_SECOND = 5
_MOST_TIMES = 3
# As a worker reads: what is due in all of its buckets, oldest first.
_READ = (
    "SELECT dev_id, event_id, destination_id FROM deliveries WHERE bucket = ANY ($1) AND state = 'due'"
    " AND next_at <= $2 ORDER BY next_at, event_id LIMIT 256"
)


@dataclass(frozen=True, slots=True)
class Minute:
    table_mb: float
    indexes_mb: float
    waiting: int
    read_p99_ms: float

    @property
    def size_mb(self) -> float:
        return self.table_mb + self.indexes_mb


def run(options: Options) -> Iterator[Finding]:
    with made_world() as world:
        world.add_destinations([f"/ok/{number}" for number in range(_DESTINATIONS)])
        world.start_worker()
        world.start_producer(options.rate)
        world.wait_for_first()
        minutes = list(_minutes(world, options))
    how = f"{options.minutes} min at {options.rate:g} events/s, {options.open_minutes} of them beside an open transaction"
    first = minutes[0]
    for goal, times in (
        ("deliveries and indexes", max(one.size_mb for one in minutes) / first.size_mb),
        ("p99 of the read of what is due", max(one.read_p99_ms for one in minutes) / first.read_p99_ms),
    ):
        yield Finding(
            "soak", f"{goal} <= {_MOST_TIMES} x the first minute", f"{times:.2f} x", times <= _MOST_TIMES, how
        )


def _minutes(world: World, options: Options) -> Iterator[Minute]:
    print("  minute  table MB  indexes MB  waiting  read p99 ms  size to the first", flush=True)
    first: Minute | None = None
    with ExitStack() as stack:
        for number in range(options.minutes):
            if number == 1 and options.open_minutes:
                stack.enter_context(_open_transaction(world))
            if number == 1 + options.open_minutes:
                stack.close()
            minute = world.ask(_watch)
            first = first or minute
            print(
                f"  {number + 1:6}  {minute.table_mb:8.2f}  {minute.indexes_mb:10.2f}  {minute.waiting:7,}"
                f"  {minute.read_p99_ms:11.2f}  {minute.size_mb / first.size_mb:15.2f} x",
                flush=True,
            )
            yield minute


@contextmanager
def _open_transaction(world: World) -> Iterator[None]:
    """It sees what there was when it began, so that nothing deleted since can be cleaned up."""
    with asyncio.Runner() as runner:
        connection = runner.run(asyncpg.connect(driver_url(world.installation.url)))
        runner.run(connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM events"))
        try:
            yield
        finally:
            runner.run(connection.close())


async def _watch(db: Database) -> Minute:
    until = time.monotonic() + _MINUTE
    reads: list[float] = []
    while time.monotonic() < until:
        started = time.perf_counter()
        await db.autocommit.fetch(_READ, list(range(BUCKETS)), utc_now())
        reads.append((time.perf_counter() - started) * 1000)
        await asyncio.sleep(1 / _READS_A_SECOND)
    return Minute(
        table_mb=await db.autocommit.fetchval("SELECT pg_table_size('deliveries')") / 2**20,
        indexes_mb=await db.autocommit.fetchval("SELECT pg_indexes_size('deliveries')") / 2**20,
        waiting=await db.autocommit.fetchval("SELECT count(*) FROM deliveries"),
        read_p99_ms=percentile(reads, 0.99),
    )
