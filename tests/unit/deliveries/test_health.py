"""When a destination is parked, for how long, and what ends it."""

from datetime import UTC, datetime, timedelta

import pytest

from wearable_gateway.deliveries.health import HEALTHY, Health, after_failure

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
MIDDLE = 0.5


def failed(health: Health, times: int, now: datetime = NOW) -> Health:
    for _ in range(times):
        health = after_failure(health, now, random=MIDDLE)
    return health


def test_a_few_failures_are_borne() -> None:
    health = failed(HEALTHY, 4)
    assert health == Health(failures=4, failing_since=NOW)
    assert health.may_be_sent_to(NOW)
    assert not health.is_parked


def test_the_fifth_failure_in_a_row_parks_it() -> None:
    health = failed(HEALTHY, 5)
    assert health.is_parked
    assert health.parked_until == NOW + timedelta(seconds=5)
    assert not health.may_be_sent_to(NOW + timedelta(seconds=4.9))
    assert health.may_be_sent_to(NOW + timedelta(seconds=5))


def test_what_was_under_way_when_it_was_parked_makes_the_park_no_longer() -> None:
    health = failed(failed(HEALTHY, 5), 7, NOW + timedelta(seconds=1))
    assert (health.parkings, health.parked_until) == (1, NOW + timedelta(seconds=5))


@pytest.mark.parametrize(
    ("parkings", "seconds"),
    [(1, 5), (2, 10), (3, 20), (4, 40), (5, 80), (6, 160), (7, 300), (8, 300), (100, 300)],
)
def test_each_failed_trial_doubles_the_park_up_to_five_minutes(parkings: int, seconds: int) -> None:
    health, now = failed(HEALTHY, 5), NOW
    for _ in range(parkings - 1):
        assert health.parked_until is not None
        now = health.parked_until
        health = failed(health, 1, now)
    assert health.parkings == parkings
    assert health.parked_until == now + timedelta(seconds=seconds)
    assert health.failing_since == NOW


@pytest.mark.parametrize(("random", "seconds"), [(0.0, 4), (0.25, 4.5), (0.999_999, 6)])
def test_a_park_is_spread_so_that_not_all_come_back_at_once(random: float, seconds: float) -> None:
    health = after_failure(failed(HEALTHY, 4), NOW, random=random)
    assert health.parked_until is not None
    assert (health.parked_until - NOW).total_seconds() == pytest.approx(seconds, abs=0.01)


@pytest.mark.parametrize(("hint", "seconds"), [(1, 5), (60, 60), (10**9, 36_000)])
def test_a_destination_may_ask_for_a_longer_park(hint: int, seconds: int) -> None:
    health = after_failure(failed(HEALTHY, 4), NOW, random=MIDDLE, retry_after=timedelta(seconds=hint))
    assert health.parked_until == NOW + timedelta(seconds=seconds)


def test_how_long_it_has_failed_is_counted_from_the_first_failure() -> None:
    assert failed(HEALTHY, 1).has_failed_for(NOW + timedelta(days=5)) == timedelta(days=5)
    assert HEALTHY.has_failed_for(NOW) == timedelta()
