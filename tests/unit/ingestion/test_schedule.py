"""When a notice is tried again, and which days it speaks of."""

from datetime import date, timedelta

import pytest

from wearable_gateway.ingestion.fetching import window
from wearable_gateway.ingestion.schedule import PROVIDER_FAILS, UNKNOWN_ACCOUNT, next_try
from wearable_gateway.providers._base.notices import Notice, NoticeKind

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize("schedule", [UNKNOWN_ACCOUNT, PROVIDER_FAILS])
def test_pauses_grow_and_end(schedule: tuple[timedelta, ...]) -> None:
    assert [next_try(number, schedule) for number in range(1, len(schedule) + 2)] == [*schedule, None]
    assert list(schedule) == sorted(schedule)


def test_a_vendor_that_names_a_pause_is_heeded() -> None:
    assert next_try(1, PROVIDER_FAILS, 3600) == timedelta(hours=1)
    assert next_try(5, PROVIDER_FAILS, 1) == PROVIDER_FAILS[4]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (date(2026, 11, 1), date(2026, 11, 3), (date(2026, 11, 1), date(2026, 11, 3))),
        (date(2026, 11, 1), None, (date(2026, 11, 1), date(2026, 11, 1))),
        (None, date(2026, 11, 3), (date(2026, 11, 3), date(2026, 11, 3))),
        (None, None, (date(2026, 11, 20), date(2026, 11, 23))),
    ],
)
def test_the_days_of_a_notice(start: date | None, end: date | None, expected: tuple[date, date]) -> None:
    notice = Notice("k", NoticeKind.DATA_CHANGED, "acc", start=start, end=end)
    assert window(notice, today=TODAY) == expected
