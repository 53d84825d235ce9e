"""A destination's limit is kept, whatever the clock does between two looks at it."""

import random

import pytest

from wearable_gateway.deliveries.sending.pace import Pace


@pytest.mark.parametrize("rate", [1, 7, 50, 400, 10_000])
def test_no_second_holds_over_five_percent_too_many(rate: int) -> None:
    dice, pace, now = random.Random(rate), Pace(rate), 1000.0
    sent: list[float] = []
    while now < 1012:
        while pace.take(now):
            sent.append(now)
        now += pace.wait(now) + dice.expovariate(1000)
    for start in (1000 + number / 7 for number in range(70)):
        assert sum(start <= moment < start + 1 for moment in sent) <= max(rate * 1.05 + 1, 2)
    assert len(sent) == pytest.approx(rate * 12, rel=0.1, abs=2)


def test_the_wait_ends_when_the_next_may_go() -> None:
    pace = Pace(4)
    assert pace.take(10.0)
    assert not pace.take(10.0)
    wait = pace.wait(10.0)
    assert wait == pytest.approx(0.25)
    assert not pace.take(10.0 + wait * 0.9)
    assert pace.take(10.0 + wait + 1e-9)


def test_after_a_long_silence_only_a_small_part_goes_at_once() -> None:
    pace = Pace(100)
    pace.take(1.0)
    assert sum(pace.take(5000.0) for _ in range(100)) == 5
