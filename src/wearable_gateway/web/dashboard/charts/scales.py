"""From figures to places: round numbers for the axes, and words for them."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from wearable_gateway.web.dashboard.charts.models import Tick

PLOT = 160
"""Pixels between the lowest and the highest of the scale; above and below it is room for words."""
TOP = 10
BOTTOM = 26

_STEPS = (1, 2, 2.5, 5, 10)
_TICKS = 4
_MOST_LABELS = 7
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_TIME_STEPS = (
    timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), _HOUR, 3 * _HOUR, 6 * _HOUR, 12 * _HOUR,
    _DAY, 2 * _DAY, 5 * _DAY, 7 * _DAY, 14 * _DAY, 30 * _DAY, 91 * _DAY, 182 * _DAY, 365 * _DAY,
)  # fmt: skip
# A Monday, at midnight: what is a multiple of a step is counted from here.
_ORIGIN = datetime(2024, 1, 1, tzinfo=UTC)
_THOUSAND = 1000


@dataclass(frozen=True, slots=True)
class Scale:
    """The figures from `low` to `high`, `step` apart where the lines are."""

    low: float
    high: float
    step: float

    def y(self, value: float, height: float = PLOT) -> float:
        """Pixels from the top of the drawing."""
        return round(TOP + height * (self.high - value) / (self.high - self.low), 2)

    def ticks(self, *, unsigned: bool = False) -> tuple[Tick, ...]:
        count = round((self.high - self.low) / self.step)
        values = [self.low + number * self.step for number in range(count + 1)]
        return tuple(Tick(self.y(value), short(abs(value) if unsigned else value)) for value in values)


def scale_of(values: Sequence[float], *, from_zero: bool, whole: bool = False) -> Scale:
    """A scale with round steps that holds all of `values`. `whole`: they are counts, so no step is a part of one."""
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    if from_zero:
        low, high = min(low, 0), max(high, 0)
    if low == high:
        low, high = (0, max(high, 1)) if from_zero else (low - 1, high + 1)
    step = _round_up((high - low) / _TICKS)
    if whole:
        step = max(1, math.ceil(step))
    return Scale(math.floor(low / step) * step, math.ceil(high / step - 1e-9) * step, step)


def _round_up(value: float) -> float:
    power = 10.0 ** math.floor(math.log10(value))
    return float(next(step * power for step in _STEPS if step * power >= value * (1 - 1e-9)))


def short(value: float) -> str:
    """Few characters, for axes: `1.25M`, `12k`, `0.5`."""
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{value / size:.3g}{letter}"
    return f"{value:.4g}"


def exact(value: float | None) -> str:
    """For tables and what one points at: thousands parted, three digits behind the point at most."""
    if value is None:
        return "none"
    return f"{value:,.3f}".rstrip("0").rstrip(".") if value != int(value) else f"{int(value):,}"


def time_ticks(start: datetime, end: datetime) -> tuple[Tick, ...]:
    """Where round times are between the two, in per cent from the left."""
    step = next((one for one in _TIME_STEPS if (end - start) / one <= _MOST_LABELS), _TIME_STEPS[-1])
    marks = list(_multiples(start, end, step))
    return tuple(
        _tick(mark, (mark - start) / (end - start) * 100, step, place) for place, mark in enumerate(marks)
    )


def _multiples(start: datetime, end: datetime, step: timedelta) -> Iterator[datetime]:
    mark = _ORIGIN + math.ceil((start - _ORIGIN) / step) * step
    while mark <= end:
        yield mark
        mark += step


def _tick(mark: datetime, at: float, step: timedelta, place: int) -> Tick:
    anchor = "start" if at < 3 else "end" if at > 97 else "middle"  # noqa: PLR2004 - per cent at the edges
    return Tick(round(at, 3), time_label(mark, step), minor=bool(place % 2), anchor=anchor)


def time_label(mark: datetime, step: timedelta) -> str:
    if step < _DAY and (mark.hour or mark.minute):
        return f"{mark:%H:%M}"
    if step >= 28 * _DAY:
        return f"{mark:%b %Y}"
    return f"{mark:%d %b}".removeprefix("0")


def span_label(start: datetime, step: timedelta) -> str:
    """What a column covers, in words."""
    text = f"{start:%d %b}".removeprefix("0")
    if step >= _DAY:
        return text if step == _DAY else f"{text} to {start + step - _DAY:%d %b}"
    return f"{text}, {start:%H:%M} to {start + step:%H:%M} UTC"


def moment_label(moment: datetime) -> str:
    return f"{moment:%d %b, %H:%M}".removeprefix("0")
