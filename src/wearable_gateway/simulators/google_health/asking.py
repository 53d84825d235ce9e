"""What does a call ask for? Filters, ranges and pages as the vendor takes them, and no others."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from wearable_gateway.simulators.google_health.errors import invalid

SESSIONS = ("exercise", "sleep")
_TERM = re.compile(r'([a-z0-9_]+)\.([a-z_.]+) (>=|<) "([0-9TZ:.-]+)"')
_MOST_POINTS, _USUAL_POINTS, _MOST_SESSIONS = 10_000, 1440, 25
_SHORT = frozenset({"heart-rate", "active-minutes", "total-calories", "calories-in-heart-rate-zone"})
_SHORT_DAYS, _LONG_DAYS = 14, 90


@dataclass(frozen=True)
class Span:
    """A closed-open range, of civil or of physical time; one end may be missing."""

    civil: bool
    start: dt.datetime
    end: dt.datetime

    def holds(self, civil: dt.datetime, physical: dt.datetime) -> bool:
        return self.start <= (civil if self.civil else physical) < self.end


def field_of(data_type: str, record: str) -> tuple[str, ...]:
    """What a type can be filtered by."""
    if data_type == "sleep":
        return ("interval.end_time", "interval.civil_end_time")
    if data_type == "electrocardiogram":
        return ("interval.start_time",)
    return {
        "daily": ("date",),
        "sample": ("sample_time.physical_time", "sample_time.civil_time"),
        "session": ("interval.civil_start_time",),
        "interval": ("interval.start_time", "interval.civil_start_time"),
    }[record]


def span_of(request: Request, data_type: str, record: str) -> Span:
    """The range of a list's `filter`; everything where there is none. Raises Refusal."""
    text = request.query_params.get("filter", "")
    first, last = dt.datetime(1970, 1, 1), dt.datetime(9000, 1, 1)  # noqa: DTZ001 - civil, unless told otherwise
    civil = True
    for term in text.split(" AND ") if text else ():
        read = _TERM.fullmatch(term)
        if read is None or read[1] != data_type.replace("-", "_"):
            raise invalid(f"filter: {term} is not understood")
        if read[2] not in field_of(data_type, record):
            raise invalid(f"filter: {data_type} has no {read[2]}")
        if data_type == "electrocardiogram" and read[3] == "<":
            raise invalid("filter: electrocardiogram takes >= alone")
        civil = "civil" in read[2] or read[2] == "date"
        moment = _moment(read[4], civil=civil)
        first, last = (moment, last) if read[3] == ">=" else (first, moment)
    if not civil:
        first, last = (one if one.tzinfo else one.replace(tzinfo=dt.UTC) for one in (first, last))
    return Span(civil, first, last)


def _moment(text: str, *, civil: bool) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise invalid(f"filter: {text} is no time") from error
    if civil == (moment.tzinfo is not None):
        raise invalid(f"filter: {text} is not of this kind of time")
    return moment


def page_of(request: Request, data_type: str, items: list[Any]) -> tuple[list[Any], str]:
    """The part of `items` that is asked for, and the token of the next; empty when there is none."""
    most = _MOST_SESSIONS if data_type in SESSIONS else _MOST_POINTS
    usual = _MOST_SESSIONS if data_type in SESSIONS else _USUAL_POINTS
    size = min(most, int(request.query_params.get("pageSize") or usual))
    start = int(request.query_params.get("pageToken") or 0)
    more = start + size < len(items)
    return items[start : start + size], str(start + size) if more else ""


def days_rolled_up(body: dict[str, Any], data_type: str) -> tuple[dt.date, dt.date]:
    """First and last day of a roll-up; the range is closed-open. Raises Refusal."""
    try:
        start, end = (_date(body["range"][name]["date"]) for name in ("start", "end"))
    except (KeyError, TypeError, ValueError) as error:
        raise invalid("range: start and end are dates") from error
    if body.get("windowSizeDays", 1) != 1:
        raise invalid("this simulation rolls up single days")
    most = _SHORT_DAYS if data_type in _SHORT else _LONG_DAYS
    if not 0 < (end - start).days <= most:
        raise invalid(f"range: {data_type} takes 1 to {most} days")
    return start, end - dt.timedelta(days=1)


def _date(value: dict[str, int]) -> dt.date:
    return dt.date(value["year"], value["month"], value["day"])
