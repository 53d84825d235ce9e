"""The times one can look back on, and the parts they are shown in."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

_HOUR = timedelta(hours=1)
_MIDNIGHT = datetime(2024, 1, 1, tzinfo=UTC)


class Range(StrEnum):
    DAY = "24h"
    WEEK = "7d"
    MONTH = "30d"


@dataclass(frozen=True, slots=True)
class Parts:
    """`slots` parts of `step` from `start` on; the last one is running."""

    start: datetime
    step: timedelta
    slots: int

    @property
    def end(self) -> datetime:
        return self.start + self.slots * self.step


_PARTS = {Range.DAY: (_HOUR, 24), Range.WEEK: (6 * _HOUR, 28), Range.MONTH: (24 * _HOUR, 30)}


def parts_of(chosen: Range, now: datetime) -> Parts:
    """Full hours, quarters of a day, or days, all in UTC."""
    step, slots = _PARTS[chosen]
    running = _MIDNIGHT + (now - _MIDNIGHT) // step * step
    return Parts(running - (slots - 1) * step, step, slots)
