"""Which documents does one kind of data take, and what belongs to which day, workout or sleep?"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from pydantic import ValidationError

from wearable_gateway.providers.google_health.document import CivilDate, Document, Interval, SampleTime
from wearable_gateway.providers.google_health.reading import Raw, Reader
from wearable_gateway.providers.google_health.scopes import ALL, PROFILE
from wearable_gateway.unified.lenient import build

_INTERVAL, _SAMPLE, _DAILY = "interval.civil_start_time", "sample_time.civil_time", "date"

_TOTALS = (
    "steps",
    "distance",
    "floors",
    "altitude",
    "total-calories",
    "active-energy-burned",
    "active-minutes",
    "sedentary-period",
    "heart-rate",
    "time-in-heart-rate-zone",
)
_OF_A_DAY = (
    "daily-resting-heart-rate",
    "daily-heart-rate-variability",
    "daily-oxygen-saturation",
    "daily-vo2-max",
)
_SERIES_OF_A_DAY = (
    ("heart-rate", _SAMPLE),
    ("heart-rate-variability", _SAMPLE),
    ("oxygen-saturation", _SAMPLE),
    ("steps", _INTERVAL),
    ("distance", _INTERVAL),
)
_OF_A_NIGHT = (
    "daily-respiratory-rate",
    "daily-oxygen-saturation",
    "daily-sleep-temperature-derivations",
)
_SERIES_OF_A_NIGHT = ("heart-rate", "heart-rate-variability", "oxygen-saturation")
_MEASUREMENTS = ("weight", "height", "body-fat", "blood-glucose", "core-body-temperature")


class _When(Document):
    """What of a data point's value tells its day; whose other parts are nobody's business here."""

    date: CivilDate | None = None
    sample_time: SampleTime | None = None
    interval: Interval | None = None


class _Start(Document):
    date: CivilDate


class _MainSleep(Document):
    main_sleep: bool = False


async def day_documents(reader: Reader, start: date, end: date, *, samples: bool) -> list[Raw]:
    """One document for each day of which anything is known. Raises ProviderError."""
    sums: dict[date, list[Raw]] = defaultdict(list)
    points: dict[date, list[Raw]] = defaultdict(list)
    for data_type in _TOTALS:
        for roll_up in await reader.totals(data_type, start, end):
            _add(sums, _rolled_up_day(roll_up), roll_up)
    for data_type in _OF_A_DAY:
        _sort_in(points, data_type, await reader.by_day(data_type, _DAILY, start, end))
    for data_type, field in _SERIES_OF_A_DAY if samples else ():
        _sort_in(points, data_type, await reader.by_day(data_type, field, start, end))
    return [
        {"day": day.isoformat(), "rollUps": sums[day], "dataPoints": points[day]}
        for day in sorted(sums.keys() | points.keys())
        if start <= day <= end
    ]


async def body_documents(reader: Reader, start: date, end: date) -> list[Raw]:
    """One document for each day on which something was measured. Raises ProviderError."""
    points: dict[date, list[Raw]] = defaultdict(list)
    for data_type in _MEASUREMENTS:
        _sort_in(points, data_type, await reader.by_day(data_type, _SAMPLE, start, end))
    # Only its start can be asked for, and only in UTC: the local day may begin up to a day earlier.
    first = datetime.combine(start - timedelta(days=1), time(), UTC)
    _sort_in(points, "electrocardiogram", await reader.since("electrocardiogram", first))
    return [
        {"day": day.isoformat(), "dataPoints": points[day]} for day in sorted(points) if start <= day <= end
    ]


async def workout_documents(reader: Reader, start: date, end: date, *, samples: bool) -> list[Raw]:
    """Each workout with the heart rate during it. Raises ProviderError."""
    found: list[Raw] = []
    for workout in await reader.by_day("exercise", _INTERVAL, start, end):
        span = _when("exercise", workout).interval
        beats = await reader.between("heart-rate", span.start_time, span.end_time) if samples and span else []
        found.append({**workout, "dataPoints": beats})
    return found


async def sleep_documents(reader: Reader, start: date, end: date, *, samples: bool) -> list[Raw]:
    """Each sleep that ends on one of the days, with what belongs to it. Raises ProviderError."""
    rests = await reader.by_day("sleep", "interval.civil_end_time", start, end)
    nights: dict[date, list[Raw]] = defaultdict(list)
    for data_type in _OF_A_NIGHT if rests else ():
        _sort_in(nights, data_type, await reader.by_day(data_type, _DAILY, start, end))
    found: list[Raw] = []
    for rest in rests:
        span = _when("sleep", rest).interval
        points = list(nights[span.ends.date()]) if span and _is_main(rest) else []
        for data_type in _SERIES_OF_A_NIGHT if samples and span else ():
            points += await reader.between(data_type, span.start_time, span.end_time) if span else []
        found.append({**rest, "dataPoints": points})
    return found


async def person_document(reader: Reader) -> Raw:
    """What the account says of its person, in one document. Raises ProviderError."""
    return {
        "identity": await reader.document("identity", ALL),
        "profile": await reader.document("profile", (PROFILE,)),
        "pairedDevices": await reader.devices(),
    }


def _add(by_day: dict[date, list[Raw]], day: date | None, item: Raw) -> None:
    if day is not None:
        by_day[day].append(item)


def _sort_in(by_day: dict[date, list[Raw]], data_type: str, points: Iterable[Raw]) -> None:
    for point in points:
        when = _when(data_type, point)
        if when.date is not None:
            _add(by_day, when.date, point)
        elif when.sample_time is not None:
            _add(by_day, when.sample_time.local.date(), point)
        elif when.interval is not None:
            _add(by_day, when.interval.starts.date(), point)


def _when(data_type: str, point: Raw) -> _When:
    return build(_When, _value(data_type, point))[0]


def _value(data_type: str, point: Raw) -> Mapping[str, Any]:
    first, *others = data_type.split("-")
    value = point.get(first + "".join(word.capitalize() for word in others))
    return value if isinstance(value, dict) else {}


def _is_main(rest: Raw) -> bool:
    metadata = _value("sleep", rest).get("metadata")
    return build(_MainSleep, metadata if isinstance(metadata, dict) else {})[0].main_sleep


def _rolled_up_day(roll_up: Raw) -> date | None:
    start = roll_up.get("civilStartTime")
    try:
        return _Start.model_validate(start).date
    except ValidationError:
        return None
