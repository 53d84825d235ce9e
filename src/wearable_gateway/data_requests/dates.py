"""Which days does a developer ask for?"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

from wearable_gateway.errors import InvalidInputError

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_SECONDS = re.compile(r"\d{10}")
# Far from where adding a few days ends in an OverflowError.
_FIRST, _LAST = date(1970, 1, 1), date(2100, 12, 31)
_EXPECTED = f"YYYY-MM-DD, or 10 digits of Unix seconds, from {_FIRST} to {_LAST}"
MOST_DAYS = 31


@dataclass(frozen=True, slots=True)
class DateRange:
    """Local days of the end user, both included."""

    start: date
    end: date


def read_range(start: str, end: str | None, *, today: date) -> DateRange:
    """Without an `end`, up to today. Raises InvalidInputError."""
    first = _read("start_date", start)
    last = _read("end_date", end) if end else max(today, first)
    if last < first:
        raise InvalidInputError("end_date", "not before start_date")
    if (last - first).days >= MOST_DAYS:
        raise InvalidInputError("end_date", f"at most {MOST_DAYS} days in one request")
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
