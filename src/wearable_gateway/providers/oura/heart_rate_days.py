"""Which day does a measurement of the pulse belong to, whose time the vendor states in UTC?

The vendor's day is the 24 hours from 4 a.m. where the person is, and only its activity summary knows where that is.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from wearable_gateway.providers._base.times import FIRST_YEAR, LAST_YEAR

_BEGINS = timedelta(hours=4)
_DAY = timedelta(days=1)
_LONGEST = timedelta(days=29)
"""The vendor refuses more than thirty days: https://github.com/Stanford-Health/wearipedia/pull/162."""
_EASTERNMOST, _WESTERNMOST = timedelta(hours=14), timedelta(hours=-12)


def hours_of(first: date, last: date) -> Iterator[dict[str, str]]:
    """The queries for everything that may belong to these days, wherever the person is; both their ends are included."""
    start = datetime(first.year, first.month, first.day, tzinfo=UTC) + _BEGINS - _EASTERNMOST
    end = datetime(last.year, last.month, last.day, tzinfo=UTC) + _DAY + _BEGINS - _WESTERNMOST
    while start < end:
        until = min(start + _LONGEST, end)
        yield {"start_datetime": start.isoformat(), "end_datetime": until.isoformat()}
        start = until + timedelta(seconds=1)


def by_day(
    rows: Iterable[Mapping[str, Any]], days: Mapping[str, Mapping[str, Any]]
) -> dict[str, list[Mapping[str, Any]]]:
    """`rows` under the days they belong to; `days` holds the documents of each, among them those of activity."""
    begun = sorted(
        (began, day)
        for day, parts in days.items()
        if (began := _moment(parts.get("daily_activity"))) is not None
    )
    found: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        at = _moment(row)
        if at is not None:
            found[_day_at(at, begun)].append(row)
    return found


def _day_at(at: datetime, begun: list[tuple[datetime, str]]) -> str:
    """Outside the days whose begin is known, they are counted in the offset of the nearest; without any, in UTC."""
    place = bisect_right(begun, at, key=lambda one: one[0]) - 1
    if place >= 0 and at < begun[place][0] + _DAY:
        return begun[place][1]
    if not begun:
        return at.astimezone(UTC).date().isoformat()
    nearest = min(begun, key=lambda one: abs(one[0] - at))[0]
    return (at.astimezone(nearest.tzinfo) - _BEGINS).date().isoformat()


def _moment(document: object) -> datetime | None:
    """The time of a document, if it has one with an offset, near enough that time can be added to it."""
    text = document.get("timestamp") if isinstance(document, Mapping) else None
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    if moment is None or moment.tzinfo is None or not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return None
    return moment
