"""Records drawn: a series of samples, or one figure of each record over the days."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from statistics import fmean, median
from typing import Any

from wearable_gateway.connections.stored_records import Part
from wearable_gateway.unified.reading import Field, fields, group_title, label_of
from wearable_gateway.unified.records import Record
from wearable_gateway.unified.samples import is_series
from wearable_gateway.unified.units import unit_of
from wearable_gateway.web.dashboard.charts import Chart, Series, line_chart

MOST_SERIES, MOST_FIGURES = 31, 1000
"""Records that are drawn at most, the newest: those of a series are long."""
_MOST_POINTS = 1200
_GAP = 6
"""Samples so many times further apart than most are not joined."""
_NO_VALUES = {"timer_duration_seconds"}
_FIRST = (
    "heart_rate_data.detailed.hr_samples:bpm", "distance_data.steps",
    "sleep_durations_data.asleep.duration_asleep_state_seconds", "glucose_data.blood_glucose_samples",
    "calories_data.total_burned_calories",
)  # fmt: skip
_HOUR = 3600
_SUMS = ("steps", "calories", "seconds", "meters", "kilojoules")

Point = tuple[datetime, float | None]


@dataclass(frozen=True, slots=True)
class Choice:
    """What can be drawn. `sample` is the field of each sample; None: it is one figure of each record."""

    path: tuple[str, ...]
    sample: str | None
    title: str
    unit: str

    @property
    def id(self) -> str:
        return ".".join(self.path) + (f":{self.sample}" if self.sample else "")

    @property
    def most(self) -> int:
        return MOST_SERIES if self.sample else MOST_FIGURES


def choices(records: Iterable[Record]) -> list[Choice]:
    """What any of `records` has, series first."""
    found: dict[str, Choice] = {}
    for record in records:
        for field in fields(record.type, record.body):
            for choice in _of_field(field):
                found.setdefault(choice.id, choice)
    return sorted(found.values(), key=lambda one: one.sample is None)


def chosen(known: Sequence[Choice], wanted: str) -> Choice | None:
    """The one asked for, else what people mostly look for, else any."""
    by_id = {one.id: one for one in known}
    for name in (wanted, *_FIRST):
        match = by_id.get(name) or next((one for one in known if one.id.startswith(f"{name}:")), None)
        if name and match:
            return match
    return known[0] if known else None


def _of_field(field: Field) -> Iterator[Choice]:
    name = field.path[-1]
    if is_series(name) and isinstance(field.value, list):
        names = _sample_names(field.value)
        for sample in names:
            title = field.title if len(names) == 1 else f"{field.title}, {label_of(sample)}"
            yield Choice(field.path, sample, title, unit_of(sample))
    elif field.is_figure and field.path[0] != "metadata":
        unit = unit_of(name)
        yield Choice(
            field.path, None, f"{group_title(field.path[:-1]) or 'Record'}: {field.label}",
            "h" if unit == "s" else unit,
        )  # fmt: skip


def _sample_names(samples: Sequence[Any]) -> list[str]:
    names: dict[str, None] = {}
    for sample in samples[:50]:
        if isinstance(sample, Mapping) and sample.get("timestamp"):
            numbers = (name for name, value in sample.items() if _is_number(value))
            names.update(dict.fromkeys(name for name in numbers if name not in _NO_VALUES))
    return list(names)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def draw(choice: Choice, parts: Sequence[Part]) -> Chart | None:
    """None where there is nothing to draw."""
    points = sorted(_samples(choice, parts) if choice.sample else _figures(choice, parts))
    if not points:
        return None
    start, end = points[0][0], points[-1][0]
    if start == end:
        start, end = start - timedelta(hours=12), end + timedelta(hours=12)
    joined = _with_gaps(_thinned(points, start, end))
    from_zero = choice.sample is None and (choice.unit == "h" or choice.path[-1].endswith(_SUMS))
    name = choice.title.rpartition(": ")[2]
    return line_chart(
        "records", choice.title, [Series(name[:1].upper() + name[1:], joined)], start, end,
        unit=choice.unit, from_zero=from_zero,
    )  # fmt: skip


def _samples(choice: Choice, parts: Sequence[Part]) -> Iterator[tuple[datetime, float]]:
    for _, found, _ in parts:
        for sample in found if isinstance(found, list) else ():
            if isinstance(sample, Mapping) and _is_number(sample.get(choice.sample)):
                moment = _local(sample.get("timestamp"))
                if moment is not None:
                    yield moment, float(sample[choice.sample])


def _figures(choice: Choice, parts: Sequence[Part]) -> Iterator[tuple[datetime, float]]:
    share = _HOUR if choice.unit == "h" else 1
    for day, found, begins in parts:
        if _is_number(found):
            yield _local(begins) or datetime.combine(day, time(), UTC), found / share


def _local(text: Any) -> datetime | None:
    """The end user's own clock, which is what is drawn, as if it were UTC."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC) if isinstance(text, str) else None
    except ValueError:
        return None


def _thinned(
    points: Sequence[tuple[datetime, float]], start: datetime, end: datetime
) -> list[tuple[datetime, float]]:
    """Of many points, the average of those that would lie on one another."""
    if len(points) <= _MOST_POINTS:
        return list(points)
    step = (end - start) / _MOST_POINTS
    parts: dict[int, list[tuple[datetime, float]]] = {}
    for point in points:
        parts.setdefault((point[0] - start) // step, []).append(point)
    return [(part[0][0], fmean(value for _, value in part)) for part in parts.values()]


def _with_gaps(points: Sequence[tuple[datetime, float]]) -> list[Point]:
    apart = [(later - earlier).total_seconds() for (earlier, _), (later, _) in pairwise(points)]
    widest = _GAP * median(apart) if apart else 0
    found: list[Point] = []
    for number, point in enumerate(points):
        if number and apart[number - 1] > widest:
            found.append((points[number - 1][0] + timedelta(seconds=apart[number - 1] / 2), None))
        found.append(point)
    return found
