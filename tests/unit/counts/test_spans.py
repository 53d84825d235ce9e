"""What is counted next: soon, and once more for good when the hour is long over."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from wearable_gateway.counts.models import Mark
from wearable_gateway.counts.spans import Span, next_span

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("counted", "settled", "now", "expected"),
    [
        # On from where the last count ended, and not to the very moment.
        (at(10), at(-60), at(20), Span(NOON, at(10), at(20) - timedelta(seconds=5), settles=False)),
        # Never beyond the hour.
        (at(50), at(0), at(70), Span(NOON, at(50), at(60), settles=False)),
        (at(60), at(0), at(70), Span(at(60), at(60), at(70) - timedelta(seconds=5), settles=False)),
        # Nothing yet: it was counted a moment ago.
        (at(20), at(0), at(20), None),
        # An hour after its end, the whole of it once more.
        (at(119), at(0), at(120), Span(NOON, NOON, at(60), settles=True)),
        (at(118), at(0), at(119), Span(at(60), at(118), at(119) - timedelta(seconds=5), settles=False)),
        # After a long time without a worker each hour is counted once.
        (at(10), at(0), at(600), Span(NOON, NOON, at(60), settles=True)),
    ],
)
def test_a_span_is_a_part_of_one_hour(
    counted: datetime, settled: datetime, now: datetime, expected: Span | None
) -> None:
    assert next_span(Mark(counted, settled), now) == expected


def test_everything_is_counted_soon_and_then_settled_however_often_one_looks() -> None:
    mark, now = Mark(NOON, NOON), NOON
    soon: list[tuple[datetime, datetime]] = []
    settled: list[tuple[datetime, datetime]] = []
    for _ in range(400):
        now += timedelta(minutes=1)
        while span := next_span(mark, now):
            (settled if span.settles else soon).append((span.start, span.end))
            mark = span.mark_after(mark)
    for spans in (soon, settled):
        assert spans[0][0] == NOON
        assert all(one[1] == other[0] for one, other in pairwise(spans))
    assert now - soon[-1][1] < timedelta(minutes=1)
    assert timedelta(hours=1) <= now - settled[-1][1] < timedelta(hours=2)
