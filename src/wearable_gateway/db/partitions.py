"""Tables whose days are partitions: which there are, those to come, those that are old enough to go.

The days are ranges of the ids, UUIDs of version 7, which begin with their time. So the primary key of every part is
unique over all of them, and a statement that names ids finds their part by itself when it also says between which
two they lie.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

import asyncpg
import structlog

from wearable_gateway.db.session import Database
from wearable_gateway.kit.clock import Clock
from wearable_gateway.kit.ids import first_uuid7

log = structlog.get_logger()

PARTITIONED = ("events", "attempts")
DAYS_AHEAD = 7
_DAY = timedelta(days=1)
# Somebody holds the table, or rows of that day are already in the default partition.
_PASSING = (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError, asyncpg.CheckViolationError)


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def name_of(table: str, day: date) -> str:
    return f"{table}_{day:%Y%m%d}"


def day_of(name: str) -> date | None:
    """The day of the partition with this name; None for the default one and for whatever is none."""
    digits = name.rpartition("_")[2]
    try:
        return datetime.strptime(digits, "%Y%m%d").replace(tzinfo=UTC).date()
    except ValueError:
        return None


def creation(table: str, day: date) -> str:
    """The statement that makes the partition of `day`, unless it is there."""
    start, end = first_uuid7(_start_of(day)), first_uuid7(_start_of(day + _DAY))
    return (
        f"CREATE TABLE IF NOT EXISTS {name_of(table, day)} PARTITION OF {table}"
        f" FOR VALUES FROM ('{start}') TO ('{end}')"
    )


def default_creation(table: str) -> str:
    """For what belongs to no day: ids of a clock far off, or of days nobody prepared."""
    return f"CREATE TABLE IF NOT EXISTS {table}_default PARTITION OF {table} DEFAULT"


def days_from(first: date, last: date) -> Iterable[date]:
    return (first + number * _DAY for number in range((last - first).days + 1))


async def prepare_days(db: Database, clock: Clock) -> None:
    """Make the partitions of the next week. A table that cannot be locked at once is tried again at the next call."""
    today = clock().date()
    for table in PARTITIONED:
        there = await _days(db, table)
        for day in days_from(today, today + DAYS_AHEAD * _DAY):
            if day not in there:
                await _change(db, creation(table, day))


async def forget_days(db: Database, before: date) -> int:
    """Drop the partitions of days before `before`; how many it was."""
    dropped = 0
    for table in PARTITIONED:
        for day in sorted(await _days(db, table)):
            if day < before:
                dropped += await _change(db, f"DROP TABLE IF EXISTS {name_of(table, day)}")
        await db.autocommit.execute(
            f"DELETE FROM {table}_default WHERE id < $1", first_uuid7(_start_of(before))
        )
    return dropped


async def _days(db: Database, table: str) -> set[date]:
    rows = await db.autocommit.fetch(
        "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
        " WHERE i.inhparent = $1::text::regclass",
        table,
    )
    return {day for row in rows if (day := day_of(row["relname"]))}


async def _change(db: Database, statement: str) -> bool:
    """Everybody who uses the table waits for this lock, so it is asked for briefly."""
    try:
        async with db.transaction() as session:
            await session.execute("SET LOCAL lock_timeout = '2s'")
            await session.execute(statement)
    except _PASSING as error:
        log.warning("partition.not_changed", statement=statement, error=type(error).__name__)
        return False
    log.info("partition.changed", statement=statement)
    return True
