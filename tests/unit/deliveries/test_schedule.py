from datetime import timedelta

import pytest

from wearable_gateway.deliveries.models import RetrySchedule
from wearable_gateway.deliveries.schedule import SCHEDULES, next_pause

SCHEDULE = SCHEDULES[RetrySchedule.STANDARD]

MIDDLE = 0.5
SECONDS = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400]


def test_the_pauses_are_those_of_standard_webhooks() -> None:
    pauses = [next_pause(made, SCHEDULE, random=MIDDLE) for made in range(1, 10)]
    assert [pause and pause.total_seconds() for pause in pauses] == pytest.approx(SECONDS)


def test_a_schedule_ends() -> None:
    assert next_pause(len(SCHEDULE) + 1, SCHEDULE, random=MIDDLE) is None
    assert next_pause(1, (), random=MIDDLE) is None


@pytest.mark.parametrize(("random", "factor"), [(0.0, 0.8), (0.25, 0.9), (1.0, 1.2)])
def test_a_pause_is_spread_by_a_fifth(random: float, factor: float) -> None:
    pause = next_pause(2, SCHEDULE, random=random)
    assert pause is not None
    assert pause.total_seconds() == pytest.approx(300 * factor)


@pytest.mark.parametrize(
    ("hint", "seconds"),
    [(None, 5), (0, 5), (1, 5), (60, 60), (36_000, 36_000), (10**9, 36_000)],
)
def test_a_destination_may_ask_for_a_longer_pause_but_not_for_ever(hint: int | None, seconds: float) -> None:
    wanted = None if hint is None else timedelta(seconds=hint)
    pause = next_pause(1, SCHEDULE, random=MIDDLE, retry_after=wanted)
    assert pause is not None
    assert pause.total_seconds() == pytest.approx(seconds)


def test_a_hint_does_not_lengthen_the_schedule() -> None:
    assert next_pause(10, SCHEDULE, random=MIDDLE, retry_after=timedelta(seconds=60)) is None


def test_a_hint_does_not_shorten_a_long_pause() -> None:
    pause = next_pause(9, SCHEDULE, random=MIDDLE, retry_after=timedelta(seconds=60))
    assert pause is not None
    assert pause.total_seconds() == pytest.approx(86_400)


def test_terras_pauses_end_a_little_over_a_day_after_eight_retries() -> None:
    terra = SCHEDULES[RetrySchedule.TERRA]
    assert [pause.total_seconds() for pause in terra[:5]] == [300, 1800, 3600, 7200, 14_400]
    assert len(terra) == 8
    assert timedelta(hours=24) < sum(terra, timedelta()) < timedelta(hours=25)


def test_every_schedule_a_destination_may_have_is_there() -> None:
    assert set(SCHEDULES) == set(RetrySchedule)
