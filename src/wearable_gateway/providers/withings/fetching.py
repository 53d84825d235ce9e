"""Which calls make the documents of a kind of data? `https://developer.withings.com/api-reference` has them.

Every call is a form with an `action`; an empty list stands for whatever is empty.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel, ValidationError

from wearable_gateway.errors import ProviderUnavailableError
from wearable_gateway.providers.withings import fields
from wearable_gateway.providers.withings.days import DaySummary
from wearable_gateway.providers.withings.document import SLUG
from wearable_gateway.providers.withings.sleeps import Night
from wearable_gateway.providers.withings.workouts import Workout
from wearable_gateway.unified.lenient import build

_EPOCH = re.compile(r"[0-9]{1,12}")
_MEASURE, _SLEEP, _USER = "/v2/measure", "/v2/sleep", "/v2/user"
_LONGEST = timedelta(hours=24)
"""What lies behind it is not answered, without a word."""
_LONGEST_THING = timedelta(days=3)
"""A night or workout that is said to last longer is a mistake that must not cost a call for each of its days."""

Row = dict[str, Any]
Model = TypeVar("Model", bound=BaseModel)


class Call(Protocol):
    async def __call__(self, path: str, action: str, **form: str) -> Mapping[str, Any]:
        """The body of the answer. Raises ProviderError."""


async def fetch_days(call: Call, start: date, end: date, *, samples: bool) -> list[Row]:
    form = {"startdateymd": start.isoformat(), "enddateymd": end.isoformat(), "data_fields": fields.DAY}
    rows = await rows_of(call, _MEASURE, "getactivity", "activities", form)
    if samples:
        for row in rows:
            if (day := _read(DaySummary, row)) is not None:
                ends = day.midnight(day.day + timedelta(days=1))
                row["intraday"] = await _intraday(call, day.midnight(day.day), ends)
    return rows


async def fetch_workouts(call: Call, start: date, end: date, *, samples: bool) -> list[Row]:
    form = {"startdateymd": start.isoformat(), "enddateymd": end.isoformat(), "data_fields": fields.WORKOUT}
    rows = await rows_of(call, _MEASURE, "getworkouts", "series", form)
    if samples:
        for row in rows:
            if (workout := _read(Workout, row)) is not None:
                row["intraday"] = await _intraday(call, workout.started_at, workout.ended_at)
    return rows


async def fetch_nights(call: Call, start: date, end: date, *, samples: bool) -> list[Row]:
    """Nights by the day they end on; whether the vendor's own day is that one is nowhere said."""
    day = timedelta(days=1)
    form = {
        "startdateymd": (start - day).isoformat(),
        "enddateymd": (end + day).isoformat(),
        "data_fields": fields.NIGHT,
    }
    found = []
    for row in await rows_of(call, _SLEEP, "getsummary", "series", form):
        night = _read(Night, row)
        if night is None or not start <= night.local(night.ended_at).date() <= end:
            continue
        if samples:
            row["series"] = await _stages(call, night)
        found.append(row)
    return found


async def fetch_devices(call: Call, account_id: str) -> list[Row]:
    answer = await call(_USER, "getdevice")
    return [{"userid": account_id, "devices": answer.get("devices") or []}]


async def rows_of(call: Call, path: str, action: str, name: str, form: Mapping[str, str]) -> list[Row]:
    """The rows called `name` of all pages. Raises ProviderError."""
    pages = await pages_of(call, path, action, form)
    return [row for page in pages for row in of_rows(page.get(name))]


async def pages_of(call: Call, path: str, action: str, form: Mapping[str, str]) -> list[Mapping[str, Any]]:
    """All pages of an answer. Raises ProviderError."""
    pages = [await call(path, action, **form)]
    seen = {0}
    while pages[-1].get("more"):
        offset = pages[-1].get("offset")
        if not isinstance(offset, int) or offset in seen:
            raise ProviderUnavailableError(SLUG, "the pages of the answer do not go on")
        seen.add(offset)
        pages.append(await call(path, action, **form, offset=str(offset)))
    return pages


def of_rows(rows: object) -> Iterable[Row]:
    """The objects of a list; nothing of what is none."""
    return (row for row in rows if isinstance(row, dict)) if isinstance(rows, list) else ()


def epoch(moment: datetime) -> str:
    return str(int(moment.timestamp()))


def around(start: date, end: date) -> Mapping[str, str]:
    """From before the first day begins to after the last one ends, anywhere on earth."""
    return {
        "startdate": epoch(datetime.combine(start, time.min, UTC) - timedelta(hours=14)),
        "enddate": epoch(datetime.combine(end, time.max, UTC) + timedelta(hours=12)),
    }


def _read(model: type[Model], row: Row) -> Model | None:
    """None when it cannot be named: it is left to `normalise` to say so."""
    try:
        return build(model, row)[0]
    except ValidationError:
        return None


async def _intraday(call: Call, start: datetime, end: datetime) -> Row:
    found: Row = {}
    for first, last in _pieces(start, end):
        answer = await call(
            _MEASURE,
            "getintradayactivity",
            startdate=epoch(first),
            enddate=epoch(last),
            data_fields=fields.INTRADAY,
        )
        series = answer.get("series")
        found.update(series if isinstance(series, dict) else {})
    return {
        key: entry for key, entry in found.items() if _EPOCH.fullmatch(key) and int(key) < int(epoch(end))
    }


async def _stages(call: Call, night: Night) -> list[Row]:
    found: list[Row] = []
    for first, last in _pieces(night.started_at, night.ended_at):
        answer = await call(
            _SLEEP, "get", startdate=epoch(first), enddate=epoch(last), data_fields=fields.STAGE
        )
        found.extend(of_rows(answer.get("series")))
    return found


def _pieces(start: datetime, end: datetime) -> Iterable[tuple[datetime, datetime]]:
    """Of no more than a day each; the arithmetic is in UTC, where a day has 24 hours."""
    first = start.astimezone(UTC)
    end = min(end.astimezone(UTC), first + _LONGEST_THING)
    while first < end:
        last = min(end, first + _LONGEST)
        yield first, last
        first = last
