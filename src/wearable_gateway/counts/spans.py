"""Which part of the time is counted next?

What happens is counted twice. Once soon, on from where the last count ended, some seconds after it happened; and once
more for good, the whole hour, when that is over for so long that no transaction which began in it can still be open:
an id is made before its row is committed, so a later look may find more. After that the hour is not touched again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from wearable_gateway.counts.models import Mark

HOUR = timedelta(hours=1)
LAG = timedelta(seconds=5)
"""Most of what has an id from before that is committed."""

SETTLES_AFTER = timedelta(hours=1)
"""Longer than transactions take, and than the clocks of two machines differ."""


@dataclass(frozen=True, slots=True)
class Span:
    """A part of one hour. `settles`: it is the whole hour, and what was counted of it before is replaced."""

    hour: datetime
    start: datetime
    end: datetime
    settles: bool

    def mark_after(self, mark: Mark) -> Mark:
        if self.settles:
            return Mark(max(mark.counted_to, self.end), self.end)
        return Mark(self.end, mark.settled_to)


def hour_of(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def next_span(mark: Mark, now: datetime) -> Span | None:
    """None: nothing to do yet. What is to be settled comes first, so that a backlog is counted once."""
    hour = mark.settled_to
    if hour + HOUR + SETTLES_AFTER <= now:
        return Span(hour, hour, hour + HOUR, settles=True)
    start = mark.counted_to
    # In whole milliseconds, as the time in an id is.
    until = (now - LAG).replace(microsecond=(now - LAG).microsecond // 1000 * 1000)
    end = min(until, hour_of(start) + HOUR)
    return Span(hour_of(start), start, end, settles=False) if end > start else None
