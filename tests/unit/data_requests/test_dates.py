"""Which days a developer asks for."""

from datetime import date

import pytest

from wearable_gateway.data_requests.dates import read_range
from wearable_gateway.errors import InvalidInputError

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-11-01", "2026-11-03", (date(2026, 11, 1), date(2026, 11, 3))),
        ("2026-11-20", None, (date(2026, 11, 20), TODAY)),
        ("2026-11-22", None, (TODAY, TODAY)),
        ("2026-12-01", None, (date(2026, 12, 1), date(2026, 12, 1))),
        ("1793491200", "1793577600", (date(2026, 11, 1), date(2026, 11, 2))),
        ("2026-10-23", "2026-11-22", (date(2026, 10, 23), TODAY)),
    ],
)
def test_both_forms_are_read(start: str, end: str | None, expected: tuple[date, date]) -> None:
    read = read_range(start, end, today=TODAY)
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
        ("2026-01-01", "2026-11-01", "end_date"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(start: str, end: str | None, parameter: str) -> None:
    with pytest.raises(InvalidInputError, match=parameter):
        read_range(start, end, today=TODAY)
