"""Which days does a developer ask for?"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from wearable_gateway.errors import InvalidInputError, TooManyRequestsError
from wearable_gateway.unified.records import DataType

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_SECONDS = re.compile(r"\d{10}")
# Far from where adding a few days ends in an OverflowError.
_FIRST, _LAST = date(1970, 1, 1), date(2100, 12, 31)
_EXPECTED = f"YYYY-MM-DD, or 10 digits of Unix seconds, from {_FIRST} to {_LAST}"
MOST_DAYS = 1825
"""Terra's rule r1 (https://docs.tryterra.co/reference/rest-api/rate-limits); exactly so many are allowed."""
_AHEAD = timedelta(days=1)
"""East of Greenwich it is tomorrow already."""


@dataclass(frozen=True, slots=True)
class DateRange:
    """Local days of the end user, both included."""

    start: date
    end: date

    @property
    def cost(self) -> int:
        """What the range counts against a budget of days: their distance, and one at least."""
        return max(1, (self.end - self.start).days)

    @property
    def is_large(self) -> bool:
        """Longer than a calendar month from its first day."""
        return self.end >= _month_after(self.start)


def read_range(start: str, end: str | None, *, kind: DataType, today: date) -> DateRange:
    """Without an `end`, up to today. Raises InvalidInputError, and TooManyRequestsError for more than five years."""
    first = _read("start_date", start)
    last = _read("end_date", end) if end else max(today, first)
    if last < first:
        raise InvalidInputError("end_date", f"not before start_date, which is {first}")
    if kind is not DataType.PLANNED_WORKOUT:
        if first > today + _AHEAD:
            raise InvalidInputError("start_date", f"not in the future; today is {today}")
        last = min(last, today + _AHEAD)
    if (last - first).days > MOST_DAYS:
        raise TooManyRequestsError("r1", None)
    return DateRange(first, last)


def _read(name: str, text: str) -> date:
    found = None
    try:
        if _SECONDS.fullmatch(text):
            found = datetime.fromtimestamp(int(text), UTC).date()
        elif _DAY.fullmatch(text):
            found = date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInputError(name, _EXPECTED) from error
    if found is None or not _FIRST <= found <= _LAST:
        raise InvalidInputError(name, _EXPECTED)
    return found


def _month_after(day: date) -> date:
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)  # noqa: PLR2004 - December
    return date(year, month, min(day.day, monthrange(year, month)[1]))
