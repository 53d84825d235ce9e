"""Lines over time, broken where nothing is known."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise

from wearable_gateway.web.dashboard.charts.models import Chart, Key, Line, Series, Slot, looks_of
from wearable_gateway.web.dashboard.charts.scales import (
    BOTTOM,
    PLOT,
    TOP,
    Scale,
    exact,
    moment_label,
    scale_of,
    time_ticks,
)

_WIDE = 1000
_MOST_SPANS = 96
"""Places one can point at, and rows of the table; where there are more points, several share one."""

Points = Sequence[tuple[datetime, float | None]]
Place = tuple[float, float]


def line_chart(
    chart_id: str,
    title: str,
    series: Sequence[Series],
    start: datetime,
    end: datetime,
    *,
    unit: str = "",
    summary: str = "",
    from_zero: bool = False,
    area: bool = False,
) -> Chart:
    """The points of `series` between the two moments, joined where no gap (None) is between them.

    A point without neighbours is a dot. `from_zero`: the scale begins there; `area` fills what is below the line, and
    so does that too. `summary` is said below the title; none: lowest and highest of each.
    """
    within = [[point for point in one.points if start <= point[0] <= end] for one in series]
    values = [value for points in within for _, value in points if value is not None]
    scale = scale_of(values, from_zero=from_zero or area)
    looks = looks_of(series)
    spans = _spans(within, start, end)
    figures = [[_figures(points, *span) for points in within] for span in spans]
    names = [one.name for one in series]
    return Chart(
        id=chart_id,
        title=title,
        summary=summary or _summary(names, within, unit),
        unit=unit,
        height=TOP + PLOT + BOTTOM,
        baseline=scale.y(scale.low),
        y_ticks=scale.ticks(),
        x_ticks=time_ticks(start, end),
        keys=tuple(Key(name, look) for name, look in zip(names, looks, strict=True)),
        slots=tuple(
            Slot(
                left=_across(first, start, end),
                width=_across(last, start, end) - _across(first, start, end),
                title="\n".join([_label(within, first, last), *_told(names, told, unit)]),
            )
            for (first, last), told in zip(spans, figures, strict=True)
        ),
        lines=tuple(
            _line(points, look, scale, start, end, area=area)
            for points, look in zip(within, looks, strict=True)
        ),
        head=("Time", *(f"{name} ({unit})" if unit else name for name in names)),
        rows=tuple(
            (_label(within, *span), *told)
            for span, told in zip(reversed(spans), reversed(figures), strict=True)
        ),
        is_empty=not values,
    )


def _across(moment: datetime, start: datetime, end: datetime, wide: float = 100) -> float:
    return round((moment - start) / (end - start) * wide, 3)


def _spans(within: Sequence[Points], start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """Parts of the time that have a point: around each, or equally long ones where there are many points."""
    moments = sorted({moment for points in within for moment, _ in points})
    if len(moments) <= _MOST_SPANS:
        between = [one + (other - one) / 2 for one, other in pairwise(moments)]
        edges = [start, *between, end]
        return list(pairwise(edges)) if moments else []
    step = (end - start) / _MOST_SPANS
    taken = sorted({min((moment - start) // step, _MOST_SPANS - 1) for moment in moments})
    return [(start + number * step, start + (number + 1) * step) for number in taken]


def _inside(points: Points, first: datetime, last: datetime) -> Points:
    end = bisect_left(points, last, key=lambda point: point[0])
    is_last = end == len(points) - 1 and points[end][0] == last
    return points[bisect_left(points, first, key=lambda point: point[0]) : end + is_last]


def _figures(points: Points, first: datetime, last: datetime) -> str:
    values = [value for _, value in _inside(points, first, last) if value is not None]
    if not values:
        return exact(None)
    low, high = exact(min(values)), exact(max(values))
    return low if low == high else f"{low} to {high}"


def _label(within: Sequence[Points], first: datetime, last: datetime) -> str:
    """The moment of the first point there."""
    return moment_label(
        min((moment for points in within for moment, _ in _inside(points, first, last)), default=first)
    )


def _told(names: Sequence[str], figures: Sequence[str], unit: str) -> list[str]:
    return [
        f"{name}: {figure}{f' {unit}' if unit else ''}"
        for name, figure in zip(names, figures, strict=True)
        if figure != exact(None)
    ] or ["nothing known"]


def _summary(names: Sequence[str], within: Sequence[Points], unit: str) -> str:
    told = []
    for name, points in zip(names, within, strict=True):
        values = [value for _, value in points if value is not None]
        if values:
            told.append(f"{name} {exact(min(values))} to {exact(max(values))}{f' {unit}' if unit else ''}")
    return ", ".join(told)


def _line(points: Points, look: str, scale: Scale, start: datetime, end: datetime, *, area: bool) -> Line:
    runs = list(_runs(points, scale, start, end))
    joined = [run for run in runs if len(run) > 1]
    ground = scale.y(scale.low)
    return Line(
        look=look,
        path=" ".join(_path(run) for run in joined),
        area=" ".join(f"{_path(run)}V{ground:g}H{run[0][0]:g}Z" for run in joined) if area else "",
        dots=tuple((round(run[0][0] / _WIDE * 100, 3), run[0][1]) for run in runs if len(run) == 1),
    )


def _runs(points: Points, scale: Scale, start: datetime, end: datetime) -> Iterator[list[Place]]:
    """Places of the points between two gaps."""
    run: list[Place] = []
    for moment, value in points:
        if value is not None:
            run.append((_across(moment, start, end, _WIDE), scale.y(value)))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _path(run: Sequence[Place]) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in run)
