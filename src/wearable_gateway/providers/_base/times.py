"""Which times can be meant, and how many days are asked for at once, whoever the vendor is."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

FIRST_YEAR, LAST_YEAR = 1900, 2200


def within_calendars(moment: datetime) -> datetime:
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError("not a time of a living person")
    return moment


def windows(first: date, last: date, days: int) -> Iterator[tuple[date, date]]:
    """The days from `first` to `last`, at most `days` at a time."""
    while first <= last:
        until = min(last, first + timedelta(days=days - 1))
        yield first, until
        first = until + timedelta(days=1)
