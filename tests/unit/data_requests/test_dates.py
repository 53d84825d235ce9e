"""Which days a developer asks for."""

from datetime import date

import pytest

from wearable_gateway.data_requests.dates import DateRange, read_range
from wearable_gateway.errors import InvalidInputError, TooManyRequestsError
from wearable_gateway.unified.records import DataType

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-11-01", "2026-11-03", (date(2026, 11, 1), date(2026, 11, 3))),
        ("2026-11-20", None, (date(2026, 11, 20), TODAY)),
        ("2026-11-22", None, (TODAY, TODAY)),
        ("2026-11-23", None, (date(2026, 11, 23), date(2026, 11, 23))),
        ("2026-11-20", "2026-12-24", (date(2026, 11, 20), date(2026, 11, 23))),
        ("1793491200", "1793577600", (date(2026, 11, 1), date(2026, 11, 2))),
        ("2026-10-23", "2026-11-22", (date(2026, 10, 23), TODAY)),
    ],
)
def test_both_forms_are_read(start: str, end: str | None, expected: tuple[date, date]) -> None:
    read = read_range(start, end, kind=DataType.DAILY, today=TODAY)
    assert (read.start, read.end) == expected


@pytest.mark.parametrize(
    ("start", "end", "parameter"),
    [
        ("", None, "start_date"),
        ("yesterday", None, "start_date"),
        ("2026-13-01", None, "start_date"),
        ("2026-02-30", None, "start_date"),
        ("2026-1-1", None, "start_date"),
        ("17935", None, "start_date"),
        ("2026-11-01T00:00:00Z", None, "start_date"),
        ("\uff12\uff10\uff12\uff16-11-01", None, "start_date"),
        ("2026-11-03", "2026-11-01", "end_date"),
        ("2026-11-01", "later", "end_date"),
        ("2026-11-24", None, "start_date"),
        ("2026-12-24", "2026-12-24", "start_date"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(start: str, end: str | None, parameter: str) -> None:
    with pytest.raises(InvalidInputError, match=parameter):
        read_range(start, end, kind=DataType.DAILY, today=TODAY)


def test_plans_may_lie_in_the_future() -> None:
    read = read_range("2026-12-24", "2027-01-31", kind=DataType.PLANNED_WORKOUT, today=TODAY)
    assert (read.start, read.end) == (date(2026, 12, 24), date(2027, 1, 31))


@pytest.mark.parametrize(
    ("start", "end", "allowed"),
    [
        ("2021-11-23", "2026-11-22", True),  # 1,825 days apart
        ("2021-11-22", "2026-11-22", False),
        ("1970-01-01", None, False),
    ],
)
def test_exactly_five_years_are_allowed(start: str, end: str | None, *, allowed: bool) -> None:
    if allowed:
        assert read_range(start, end, kind=DataType.DAILY, today=TODAY).cost == 1825
        return
    with pytest.raises(TooManyRequestsError) as refused:
        read_range(start, end, kind=DataType.DAILY, today=TODAY)
    assert (refused.value.rule, refused.value.retry_after) == ("r1", None)


@pytest.mark.parametrize(
    ("start", "end", "large"),
    [
        ("2026-10-01", "2026-10-31", False),
        ("2026-10-01", "2026-11-01", True),
        ("2026-10-15", "2026-11-14", False),
        ("2026-10-15", "2026-11-15", True),
        ("2026-02-01", "2026-02-28", False),
        ("2026-02-01", "2026-03-01", True),
        ("2026-01-31", "2026-02-27", False),
        ("2026-01-31", "2026-02-28", True),
        ("2025-12-10", "2026-01-09", False),
        ("2025-12-10", "2026-01-10", True),
        ("2026-11-22", "2026-11-22", False),
    ],
)
def test_a_request_is_large_when_it_is_longer_than_a_calendar_month(
    start: str, end: str, *, large: bool
) -> None:
    assert DateRange(date.fromisoformat(start), date.fromisoformat(end)).is_large is large


@pytest.mark.parametrize(("end", "cost"), [("2026-11-22", 1), ("2026-11-23", 1), ("2026-11-29", 7)])
def test_a_range_costs_its_length_and_a_day_at_least(end: str, cost: int) -> None:
    assert DateRange(date(2026, 11, 22), date.fromisoformat(end)).cost == cost
