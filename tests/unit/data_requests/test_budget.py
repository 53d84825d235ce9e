"""6,000 days an hour: what is left, and when there is more."""

from datetime import UTC, datetime, timedelta

import pytest

from wearable_gateway.data_requests.budget import Spent, spend
from wearable_gateway.errors import TooManyRequestsError

NOW = datetime(2026, 11, 22, 12, 0, 30, tzinfo=UTC)
MINUTE = int(NOW.timestamp()) // 60


@pytest.mark.parametrize(
    ("spent", "cost", "remaining", "reset_after"),
    [
        ([], 1, 5999, 3570),
        ([], 6000, 0, 3570),
        ([(MINUTE, 100)], 50, 5850, 3570),
        ([(MINUTE - 59, 5000)], 1000, 0, 30),
        ([(MINUTE - 60, 6000)], 1825, 4175, 3570),
        ([(MINUTE - 400, 6000), (MINUTE - 10, 7)], 3, 5990, 2970),
    ],
)
def test_what_was_asked_for_in_the_last_hour_counts(
    spent: Spent, cost: int, remaining: int, reset_after: int
) -> None:
    budget = spend(spent, cost, NOW)
    assert (budget.remaining, budget.reset_after) == (remaining, reset_after)
    assert sum(days for _, days in budget.spent) == 6000 - remaining


@pytest.mark.parametrize(
    ("spent", "cost", "retry_after"),
    [
        ([(MINUTE, 6000)], 1, 3570),
        ([(MINUTE - 59, 6000)], 1, 30),
        ([(MINUTE - 59, 10), (MINUTE - 30, 5990)], 10, 30),
        ([(MINUTE - 59, 10), (MINUTE - 30, 5990)], 11, 1770),
        ([(MINUTE - 50, 3000), (MINUTE - 5, 2500)], 1825, 570),
    ],
)
def test_who_spent_it_is_told_when_enough_of_it_is_back(spent: Spent, cost: int, retry_after: int) -> None:
    with pytest.raises(TooManyRequestsError) as refused:
        spend(spent, cost, NOW)
    assert (refused.value.rule, refused.value.retry_after) == ("r2", retry_after)
    later = NOW + timedelta(seconds=retry_after)
    assert spend(spent, cost, later).remaining >= 0
    with pytest.raises(TooManyRequestsError):
        spend(spent, cost, later - timedelta(seconds=1))
