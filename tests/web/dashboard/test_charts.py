"""What a chart draws, and what it says to who does not see it."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from wearable_gateway.web.dashboard.charts import Series, bars, column_chart, line_chart, sparkline
from wearable_gateway.web.dashboard.charts.scales import PLOT, TOP, exact, scale_of, short, time_ticks
from wearable_gateway.web.dashboard.pages import _pages

START = datetime(2026, 11, 22, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("values", "from_zero", "whole", "expected"),
    [
        ([], True, True, (0, 1, 1)),
        ([0, 0], True, True, (0, 1, 1)),
        ([3], True, True, (0, 3, 1)),
        ([7, 12], True, True, (0, 15, 5)),
        ([999_999], True, True, (0, 1_000_000, 250_000)),
        ([61, 74], False, False, (60, 75, 5)),
        ([-20, 80], True, True, (-25, 100, 25)),
        ([-3, -1], False, False, (-3, -1, 0.5)),
        ([0.1, 0.4], True, False, (0, 0.4, 0.1)),
        ([70, 70], False, False, (69, 71, 0.5)),
    ],
)
def test_a_scale_has_round_steps_and_holds_every_value(
    values: list[float], from_zero: bool, whole: bool, expected: tuple[float, float, float]
) -> None:
    scale = scale_of(values, from_zero=from_zero, whole=whole)
    assert (scale.low, scale.high, scale.step) == pytest.approx(expected)
    assert scale.y(scale.high) == TOP
    assert scale.y(scale.low) == TOP + PLOT


def test_numbers_are_short_on_an_axis_and_exact_elsewhere() -> None:
    assert [short(value) for value in (0, 0.5, 999, 1250, 12_000, 1_250_000, -2000)] == [
        "0", "0.5", "999", "1.25k", "12k", "1.25M", "-2k",
    ]  # fmt: skip
    assert [exact(value) for value in (None, 0, 1234567, 72.3456)] == ["none", "0", "1,234,567", "72.346"]


@pytest.mark.parametrize(
    ("span", "labels"),
    [
        (DAY, ["22 Nov", "06:00", "12:00", "18:00", "23 Nov"]),
        (6 * HOUR, ["22 Nov", "01:00", "02:00", "03:00", "04:00", "05:00", "06:00"]),
        (30 * DAY, ["22 Nov", "27 Nov", "2 Dec", "7 Dec", "12 Dec", "17 Dec", "22 Dec"]),
    ],
)
def test_times_are_marked_at_round_places(span: timedelta, labels: list[str]) -> None:
    ticks = time_ticks(START, START + span)
    assert [tick.label for tick in ticks] == labels or len(ticks) <= 8
    assert all(0 <= tick.at <= 100 for tick in ticks)


def test_columns_stand_one_upon_the_other_and_losses_hang_below() -> None:
    chart = column_chart(
        "c", "Connections",
        [Series("came", [(START, 3), (START + 90 * timedelta(minutes=1), 1), (START - HOUR, 9)]),
         Series("gone", [(START, -2), (START + 9 * HOUR, -5)], "bad")],
        START, HOUR, 2,
    )  # fmt: skip
    (came, gone), (later,) = (slot.bars for slot in chart.slots)
    assert came.top + came.height == pytest.approx(chart.baseline) == gone.top
    assert came.height / gone.height == pytest.approx(3 / 2, rel=0.01)
    assert later.height == pytest.approx(came.height / 3, abs=0.02)
    assert chart.summary == "came 4, gone 2"
    assert chart.slots[0].title == "22 Nov, 00:00 to 01:00 UTC\ncame: 3\ngone: 2"
    assert chart.rows == (("22 Nov, 01:00 to 02:00 UTC", "1", "0"), ("22 Nov, 00:00 to 01:00 UTC", "3", "2"))


def test_one_among_a_million_is_seen() -> None:
    points = [Series("many", [(START, 1_000_000)]), Series("one", [(START, 1)])]
    (slot,) = column_chart("c", "Deliveries", points, START, HOUR, 1).slots
    assert slot.bars[1].height >= 1


@pytest.mark.parametrize(
    "values", [(1000, 8, 3), (3, 8, 1000), (1, 1, 1), (1_000_000, 1, 1), (0, 5, 0), (-1000, -8, -3)]
)
def test_parts_are_as_high_as_their_sum_and_each_is_seen(values: tuple[int, ...]) -> None:
    parts = [Series(f"part {number}", [(START, value)]) for number, value in enumerate(values)]
    (slot,) = column_chart("c", "Deliveries", parts, START, HOUR, 1).slots
    total = sum(values)
    scale = scale_of([total], from_zero=True, whole=True)
    drawn = sum(bar.height for bar in slot.bars)
    assert drawn == pytest.approx(abs(scale.y(0) - scale.y(total)), abs=0.1)
    assert len(slot.bars) == sum(value != 0 for value in values)
    assert all(bar.height >= 1 for bar in slot.bars)
    edges = sorted((bar.top, bar.top + bar.height) for bar in slot.bars)
    for (_, bottom), (top, _) in itertools.pairwise(edges):
        assert bottom == pytest.approx(top, abs=0.02)


def test_a_column_of_next_to_nothing_is_a_pixel_high_however_many_parts_it_has() -> None:
    many = [Series("many", [(START, 1_000_000)])]
    few = [Series(f"part {number}", [(START + HOUR, 1)]) for number in range(4)]
    _, slot = column_chart("c", "Deliveries", many + few, START, HOUR, 2).slots
    assert sum(bar.height for bar in slot.bars) == pytest.approx(1, abs=0.05)


def test_a_line_is_broken_where_nothing_is_known_and_a_lone_point_is_a_dot() -> None:
    values = [60, 62, None, 70, None, 65, 66]
    points = [(START + number * HOUR, value) for number, value in enumerate(values)]
    chart = line_chart("c", "Heart rate", [Series("Watch", points)], START, START + 6 * HOUR, unit="bpm")
    (line,) = chart.lines
    assert line.path.count("M") == 2
    assert [left for left, _ in line.dots] == [50]
    assert line.area == ""
    assert chart.summary == "Watch 60 to 70 bpm"
    assert len(chart.rows) == 7
    assert chart.rows[-1] == ("22 Nov, 00:00", "60")
    assert chart.rows[0] == ("22 Nov, 06:00", "66")
    assert chart.slots[2].title == "22 Nov, 02:00\nnothing known"


def test_thousands_of_points_share_places_and_none_is_lost() -> None:
    points = [(START + number * timedelta(seconds=10), float(number)) for number in range(8641)]
    chart = line_chart("c", "Steps", [Series("Steps", points)], START, START + DAY, area=True)
    assert len(chart.rows) <= 96
    assert chart.rows[0][1].endswith("to 8,640")
    assert chart.rows[-1][1].startswith("0 to")
    assert chart.lines[0].path.count("L") == 8640
    assert chart.lines[0].area.endswith("Z")


def test_without_a_point_there_is_nothing_to_draw() -> None:
    for chart in (
        line_chart("c", "Nothing", [Series("x", [(START, None)])], START, START + DAY),
        line_chart("c", "Nothing", [], START, START + DAY),
        column_chart("c", "Nothing", [Series("x", [])], START, HOUR, 24),
        column_chart("c", "Nothing", [], START, HOUR, 24),
    ):
        assert chart.is_empty
        assert "Nothing in this time." in _written("chart", chart)


def test_what_is_written_needs_no_style_and_no_script_and_is_escaped() -> None:
    name = '<b>"mean" & wild</b>'
    chart = column_chart("c", name, [Series(name, [(START, 1)]), Series("x", [(START, 2)])], START, HOUR, 2)
    line = line_chart("l", name, [Series(name, [(START, 1), (START + HOUR, 2)])], START, START + HOUR)
    pages = [
        _written("chart", chart),
        _written("chart", line),
        _written("bars", bars(name, [(name, 3), ("x", 0)], links=["/a?b=1&c=2", ""])),
        _written("sparkline", sparkline(name, [1, 2])),
    ]
    for page in pages:
        assert "<b>" not in page
        assert " style=" not in page
        assert "<script" not in page
    assert 'fill="url(#c-one)"' in pages[0]
    assert '<pattern id="c-one"' in pages[0]
    assert _written("sparkline", sparkline("one point", [1])).strip() == ""


def _written(macro: str, it: object) -> str:
    text = f'{{% from "charts.html" import {macro} %}}{{{{ {macro}(it) }}}}'
    return _pages.from_string(text).render(it=it)
