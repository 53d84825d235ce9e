"""Requests of a minute over several processes: each is one RequestLimits on the same database."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from wearable_gateway.db.session import Database
from wearable_gateway.developers import keys, leftovers
from wearable_gateway.developers.limits import RequestLimits, minute_of, seconds_left, slice_of, smaller
from wearable_gateway.errors import TooManyRequestsError

NOON = datetime(2026, 11, 22, 12, 0, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("limit", "expected"),
    [(1, 1), (49, 1), (50, 1), (99, 1), (100, 2), (6000, 120), (10_000, 200), (10_000_000, 200)],
)
def test_a_slice_is_a_fiftieth_and_never_large(limit: int, expected: int) -> None:
    assert slice_of(limit) == expected


@pytest.mark.parametrize(("taken", "expected"), [(200, 100), (3, 1), (2, 1), (1, None)])
def test_a_refused_slice_is_tried_smaller_until_one(taken: int, expected: int | None) -> None:
    assert smaller(taken) == expected


@pytest.mark.parametrize(("second", "expected"), [(0, 60), (0.5, 60), (10, 50), (59, 1), (59.999, 1)])
def test_a_minute_ends_with_the_clocks(second: float, expected: int) -> None:
    assert seconds_left(minute_of(NOON) + timedelta(seconds=second)) == expected


class Counting:
    """The database, and how many statements it was asked to run."""

    def __init__(self, db: Database) -> None:
        self._session = db.autocommit
        self.statements = 0

    async def execute(self, sql: str, *values: Any) -> int:
        self.statements += 1
        return await self._session.execute(sql, *values)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)


@pytest.fixture
async def session(db: Database) -> Any:
    for dev_id in ("acme", "other"):
        await keys.create_developer(db.autocommit, dev_id, dev_id)
    return Counting(db)


async def admitted(
    session: Any, processes: Sequence[RequestLimits], requests: int, limit: int | None, now: datetime = NOON
) -> int:
    """How many of that many concurrent requests, dealt out to the processes, are let through."""

    async def request(process: RequestLimits) -> bool:
        with contextlib.suppress(TooManyRequestsError):
            await process.take(session, "acme", limit, now=now)
            return True
        return False

    dealt = [request(processes[number % len(processes)]) for number in range(requests)]
    return Counter(await asyncio.gather(*dealt))[True]


@pytest.mark.parametrize("limit", [1, 7, 99, 100, 251, 1234])
@pytest.mark.parametrize("count", [1, 4])
async def test_all_processes_together_admit_the_limit_and_not_one_more(
    session: Any, limit: int, count: int
) -> None:
    processes = [RequestLimits() for _ in range(count)]
    assert await admitted(session, processes, limit * 2 + 50, limit) == limit
    assert await admitted(session, processes, 50, limit) == 0
    taken = await session.fetchval("SELECT taken FROM request_counts WHERE dev_id = 'acme'")
    assert taken == limit


async def test_most_requests_cost_no_statement(session: Any) -> None:
    assert await admitted(session, [RequestLimits()], 1200, 6000) == 1200
    assert session.statements == 10


async def test_many_at_once_take_no_more_than_they_need(session: Any) -> None:
    assert await admitted(session, [RequestLimits()], 100, 6000) == 100
    assert await session.fetchval("SELECT taken FROM request_counts WHERE dev_id = 'acme'") == 120


async def test_a_flood_costs_no_statements(session: Any) -> None:
    processes = [RequestLimits() for _ in range(3)]
    assert await admitted(session, processes, 60, 20) == 20
    before = session.statements
    assert await admitted(session, processes, 500, 20) == 0
    assert session.statements == before


async def test_the_next_minute_begins_anew(session: Any) -> None:
    process = RequestLimits()
    for minute in range(3):
        assert await admitted(session, [process], 8, 5, NOON + minute * MINUTE) == 5


async def test_a_refusal_says_when_to_come_back(session: Any) -> None:
    process = RequestLimits()
    await process.take(session, "acme", 1, now=NOON)
    with pytest.raises(TooManyRequestsError) as refused:
        await process.take(session, "acme", 1, now=NOON)
    assert (refused.value.rule, refused.value.retry_after) == ("requests", 50)


async def test_one_developers_flood_is_nobody_elses(session: Any) -> None:
    process = RequestLimits()
    assert await admitted(session, [process], 10, 3) == 3
    for _ in range(3):
        await process.take(session, "other", 3, now=NOON)


async def test_no_limit_counts_nothing(session: Any) -> None:
    assert await admitted(session, [RequestLimits()], 100, None) == 100
    assert session.statements == 0


async def test_a_raised_limit_holds_at_once_and_a_lowered_one_before_long(session: Any) -> None:
    processes = [RequestLimits(), RequestLimits()]
    assert await admitted(session, processes, 10, 5) == 5
    assert await admitted(session, processes, 10, 8) == 3
    assert await admitted(session, processes, 10, 6) == 0


async def test_counts_of_earlier_minutes_are_forgotten(session: Any) -> None:
    process = RequestLimits()
    for minute in range(3):
        await process.take(session, "acme", 5, now=NOON + minute * MINUTE)
    assert await leftovers.forget_request_counts(session, minute_of(NOON) + 2 * MINUTE) == 2
    assert await session.fetchval("SELECT count(*) FROM request_counts") == 1
