"""Calls are counted across processes, corrected by what the vendor says, and given back when a window ends."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import ClassVar
from uuid import UUID

import pytest

from wearable_gateway.connections.budgets import CallBudget, end_of_window
from wearable_gateway.db.session import Database
from wearable_gateway.errors import ProviderLimitError
from wearable_gateway.kit.ids import uuid7
from wearable_gateway.providers._base.facts import Limit, Per, Usage
from wearable_gateway.providers.sandbox import Sandbox

QUARTER, DAY = timedelta(minutes=15), timedelta(days=1)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Vendor(Sandbox):
    """Three calls in a quarter of an hour; what it says of them is in `said`."""

    limits: ClassVar[tuple[Limit, ...]] = (Limit(3, QUARTER), Limit(100, DAY))

    def __init__(self) -> None:
        self.said: list[Usage] = []

    def usage(self, headers: Mapping[str, str], now: datetime) -> Sequence[Usage]:  # noqa: ARG002 - as in Provider
        return self.said


class ByGrant(Vendor):
    limits: ClassVar[tuple[Limit, ...]] = (Limit(3, QUARTER, Per.GRANT),)


class Counting:
    """One process's budget, at a time that is set."""

    def __init__(
        self, db: Database, vendor: Vendor, *, app_id: UUID, grant_id: UUID | None = None, at: datetime = NOON
    ) -> None:
        self.now = at
        self.vendor = vendor
        self._budget = CallBudget(
            db.autocommit, vendor, app_id=app_id, grant_id=grant_id or uuid7(), clock=lambda: self.now
        )

    async def room(self, most: int = 10) -> int:
        """How many calls may be made now, of `most`."""
        for made in range(most):
            try:
                await self._budget.take()
            except ProviderLimitError:
                return made
        return most

    async def refused_for(self) -> float:
        with pytest.raises(ProviderLimitError) as refused:
            await self._budget.take()
        assert refused.value.retry_after is not None
        return refused.value.retry_after

    async def hear(self, *said: Usage, status: int = 200, **headers: str) -> None:
        self.vendor.said = list(said)
        await self._budget.learn(status, {name.replace("_", "-"): value for name, value in headers.items()})


@pytest.fixture
def counting(db: Database) -> Counting:
    return Counting(db, Vendor(), app_id=uuid7())


@pytest.mark.parametrize(
    ("window", "now", "end"),
    [
        (QUARTER, NOON, NOON + QUARTER),
        (QUARTER, NOON - timedelta(microseconds=1), NOON),
        (QUARTER, NOON + timedelta(minutes=14, seconds=59), NOON + QUARTER),
        (DAY, NOON, datetime(2026, 11, 23, tzinfo=UTC)),
    ],
)
def test_windows_are_counted_from_1970(window: timedelta, now: datetime, end: datetime) -> None:
    assert end_of_window(window, now) == end


async def test_two_processes_share_one_budget(db: Database) -> None:
    app_id = uuid7()
    one, other = (Counting(db, Vendor(), app_id=app_id) for _ in range(2))
    assert await one.room(2) == 2
    assert await other.room() == 1
    assert await one.room() == 0


async def test_another_app_has_a_budget_of_its_own(db: Database) -> None:
    one, other = (Counting(db, Vendor(), app_id=uuid7()) for _ in range(2))
    assert await one.room() == await other.room() == 3


async def test_a_limit_of_each_grant_is_counted_for_each(db: Database) -> None:
    app_id, vendor = uuid7(), ByGrant()
    one, other = (Counting(db, vendor, app_id=app_id) for _ in range(2))
    assert await one.room() == await other.room() == 3


async def test_there_is_room_again_at_the_very_end_of_the_window(counting: Counting) -> None:
    counting.now = NOON + timedelta(minutes=5)
    assert await counting.room() == 3
    assert await counting.refused_for() == 600
    counting.now = NOON + QUARTER - timedelta(microseconds=1)
    assert await counting.refused_for() == 1
    counting.now = NOON + QUARTER
    assert await counting.room() == 3


@pytest.mark.parametrize(
    ("taken", "said", "left"),
    [
        pytest.param(1, Usage(QUARTER, calls=3, used=1), 2, id="as counted"),
        pytest.param(1, Usage(QUARTER, calls=3, used=2), 1, id="somebody else calls too"),
        pytest.param(2, Usage(QUARTER, calls=3, used=1), 1, id="the answer was overtaken"),
        pytest.param(1, Usage(QUARTER, calls=5, used=1), 4, id="more than documented"),
        pytest.param(2, Usage(QUARTER, calls=1, used=1), 0, id="less than was made"),
        pytest.param(1, Usage(QUARTER, calls=3, used=10**12), 0, id="more than can be"),
        pytest.param(1, Usage(QUARTER, calls=0, used=-5), 0, id="none at all"),
    ],
)
async def test_what_the_vendor_says_counts(counting: Counting, taken: int, said: Usage, left: int) -> None:
    assert await counting.room(taken) == taken
    await counting.hear(said)
    assert await counting.room() == left


async def test_a_refused_call_does_not_use_up_the_room_that_comes_later(counting: Counting) -> None:
    assert await counting.room() == 3
    for _ in range(5):
        assert await counting.room() == 0
    await counting.hear(Usage(QUARTER, calls=6, used=3))
    assert await counting.room() == 2


async def test_a_limit_that_was_misread_is_forgotten_with_its_window(counting: Counting) -> None:
    await counting.hear(Usage(QUARTER, calls=0, used=0))
    assert await counting.room() == 0
    counting.now = NOON + QUARTER
    assert await counting.room() == 3


async def test_windows_end_when_the_vendor_says_that_they_do(counting: Counting) -> None:
    assert await counting.room() == 3
    await counting.hear(Usage(QUARTER, calls=3, used=3, resets_in=60))
    counting.now = NOON + timedelta(seconds=60)
    assert await counting.room() == 3


async def test_the_first_answer_of_the_vendors_next_window_ends_ours(counting: Counting) -> None:
    await counting.hear(Usage(QUARTER, calls=3, used=3, resets_in=60))
    counting.now = NOON + timedelta(seconds=59)
    await counting.hear(Usage(QUARTER, calls=3, used=1, resets_in=900))
    assert await counting.room() == 2
    assert await counting.refused_for() == 900


@pytest.mark.parametrize(
    ("headers", "said", "seconds"),
    [
        ({}, [], 60),
        ({"retry_after": "0"}, [], 60),
        ({"retry_after": "120"}, [], 120),
        ({"retry_after": "Wed, 21 Oct 2026 07:28:00 GMT"}, [], 60),
        ({"retry_after": "9" * 400}, [], 86_400),
        ({}, [Usage(QUARTER, 3, 3, resets_in=300), Usage(DAY, 100, 5, resets_in=40_000)], 300),
        ({}, [Usage(QUARTER, 3, 3, resets_in=1e30)], 86_400),
    ],
)
async def test_a_refusal_stands_as_long_as_the_vendor_says(
    db: Database, headers: Mapping[str, str], said: list[Usage], seconds: float
) -> None:
    app_id = uuid7()
    refused, other = (Counting(db, Vendor(), app_id=app_id) for _ in range(2))
    await refused.hear(*said, status=429, **headers)
    assert await other.refused_for() == seconds


async def test_a_shorter_refusal_does_not_lift_a_longer_one(counting: Counting) -> None:
    await counting.hear(status=429, retry_after="600")
    await counting.hear(status=429)
    assert await counting.refused_for() == 600
    counting.now = NOON + timedelta(seconds=600)
    assert await counting.room() == 3


async def test_where_all_limits_are_a_grants_own_a_refusal_stops_that_grant_alone(db: Database) -> None:
    app_id, vendor = uuid7(), ByGrant()
    refused, other = (Counting(db, vendor, app_id=app_id) for _ in range(2))
    await refused.hear(status=429)
    assert await refused.room() == 0
    assert await other.room() == 3
