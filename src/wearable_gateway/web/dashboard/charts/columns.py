"""Columns over time, one upon the other."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from wearable_gateway.web.dashboard.charts.models import Bar, Chart, Key, Series, Slot, looks_of
from wearable_gateway.web.dashboard.charts.scales import (
    BOTTOM,
    PLOT,
    TOP,
    Scale,
    exact,
    scale_of,
    span_label,
    time_ticks,
)

_LEAST_SEEN = 1.0
"""Pixels: one failure among a million is to be seen too, at the cost of the largest part and not of the whole."""


def column_chart(
    chart_id: str,
    title: str,
    series: Sequence[Series],
    start: datetime,
    step: timedelta,
    slots: int,
    *,
    unit: str = "",
    summary: str = "",
) -> Chart:
    """Counts in `slots` parts of time, each `step` long, from `start` on. A point belongs to the part it lies in.

    The first of `series` stands at the bottom; negative numbers hang below zero, and are written without their sign. `summary` is said below the title; none: what each comes to.
    """
    looks = looks_of(series)
    sums = [_by_slot(one, start, step, slots) for one in series]
    columns = list(zip(*sums, strict=True)) or [(0.0,)] * slots
    heights = [sum(value for value in column if value > 0) for column in columns]
    depths = [sum(value for value in column if value < 0) for column in columns]
    scale = scale_of([*heights, *depths], from_zero=True, whole=True)
    labels = [span_label(start + number * step, step) for number in range(slots)]
    keys = tuple(
        Key(one.name, look, exact(abs(sum(values))))
        for one, look, values in zip(series, looks, sums, strict=True)
    )
    return Chart(
        id=chart_id,
        title=title,
        summary=summary or ", ".join(f"{key.name} {key.sum}" for key in keys),
        unit=unit,
        height=TOP + PLOT + BOTTOM,
        baseline=scale.y(0),
        y_ticks=scale.ticks(unsigned=True),
        x_ticks=time_ticks(start, start + slots * step),
        keys=keys,
        slots=tuple(
            Slot(
                left=round(number / slots * 100, 3),
                width=round(100 / slots, 3),
                title=_title(labels[number], series, [values[number] for values in sums]),
                bars=_stack(scale, [values[number] for values in sums], looks),
            )
            for number in range(slots)
        ),
        lines=(),
        head=("Time", *(one.name for one in series)),
        rows=tuple(
            (labels[number], *(exact(abs(values[number])) for values in sums))
            for number in reversed(range(slots))
        ),
        is_empty=not any(heights) and not any(depths),
    )


def _by_slot(series: Series, start: datetime, step: timedelta, slots: int) -> list[float]:
    values = [0.0] * slots
    for moment, value in series.points:
        number = (moment - start) // step
        if value is not None and 0 <= number < slots:
            values[number] += value
    return values


def _stack(scale: Scale, values: Sequence[float], looks: Sequence[str]) -> tuple[Bar, ...]:
    above = _heights(scale, [max(value, 0) for value in values])
    below = _heights(scale, [min(value, 0) for value in values])
    found: list[Bar] = []
    upper = lower = scale.y(0)
    for up, down, look in zip(above, below, looks, strict=True):
        if up:
            upper -= up
            found.append(Bar(round(upper, 2), round(up, 2), look))
        elif down:
            found.append(Bar(round(lower, 2), round(down, 2), look))
            lower += down
    return tuple(found)


def _heights(scale: Scale, values: Sequence[float]) -> list[float]:
    """Of parts of one sign, in pixels; together they are as high as their sum is on the scale."""
    total = sum(values)
    if not total:
        return [0.0] * len(values)
    whole = max(abs(scale.y(0) - scale.y(total)), _LEAST_SEEN)
    heights = [value / total * whole for value in values]
    for number, height in enumerate(heights):
        largest = heights.index(max(heights))
        missing = _LEAST_SEEN - height
        # In a column of few pixels there is nothing to take.
        if 0 < height < _LEAST_SEEN and heights[largest] - missing >= _LEAST_SEEN:
            heights[number] = _LEAST_SEEN
            heights[largest] -= missing
    return heights


def _title(label: str, series: Sequence[Series], values: Sequence[float]) -> str:
    told = [f"{one.name}: {exact(abs(value))}" for one, value in zip(series, values, strict=True) if value]
    return "\n".join([label, *(told or ["none"])])
