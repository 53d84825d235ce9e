"""What is drawn, worked out to the point where a template only has to write it down."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

LOOKS = ("one", "two", "three", "four", "five", "six")


@dataclass(frozen=True, slots=True)
class Series:
    """`points` in the order of time; None is a gap. `look` is one of `LOOKS`, `good`, `warn` or `bad`; none: by its place."""

    name: str
    points: Sequence[tuple[datetime, float | None]]
    look: str = ""


def looks_of(series: Sequence[Series]) -> list[str]:
    return [one.look or LOOKS[number % len(LOOKS)] for number, one in enumerate(series)]


@dataclass(frozen=True, slots=True)
class Tick:
    """`at` is pixels from the top, or per cent from the left; a minor one has no room on a small screen."""

    at: float
    label: str
    minor: bool = False
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Bar:
    top: float
    height: float
    look: str


@dataclass(frozen=True, slots=True)
class Slot:
    """A part of the time from left to right, and what is said when one points at it."""

    left: float
    width: float
    title: str
    bars: tuple[Bar, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """Paths in a box 1000 wide: `path` of the line, `area` of what is below it, and points that stand alone in per cent."""

    look: str
    path: str
    area: str
    dots: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Key:
    """One entry of the legend: `sum` is what it comes to, in words; empty where that means nothing."""

    name: str
    look: str
    sum: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """`head` and `rows` are the same figures as a table. `is_empty`: there is nothing to draw."""

    id: str
    title: str
    summary: str
    unit: str
    height: int
    baseline: float
    y_ticks: tuple[Tick, ...]
    x_ticks: tuple[Tick, ...]
    keys: tuple[Key, ...]
    slots: tuple[Slot, ...]
    lines: tuple[Line, ...]
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    is_empty: bool


@dataclass(frozen=True, slots=True)
class Bars:
    """Rows of name, figure, width in per cent of the longest, look and where its name leads."""

    title: str
    rows: tuple[tuple[str, str, float, str, str], ...]


@dataclass(frozen=True, slots=True)
class Sparkline:
    """Paths in a box 100 wide and 28 high; `label` says in words what it shows."""

    label: str
    path: str
    area: str
    look: str
