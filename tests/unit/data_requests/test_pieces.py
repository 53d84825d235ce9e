"""Windows to fetch and chunks to send: everything is in exactly one of them."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wearable_gateway.data_requests.models import Window
from wearable_gateway.data_requests.pieces import MOST_OBJECTS, chunks, windows
from wearable_gateway.data_requests.work import pause_after
from wearable_gateway.errors import (
    ProviderError,
    ProviderLimitError,
    ProviderPendingError,
    ProviderRefusedError,
    ProviderRejectedError,
    ProviderUnavailableError,
)
from wearable_gateway.kit import json

FIRST = date(2025, 1, 1)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(length=st.integers(0, 2000), days=st.integers(1, 60))
def test_every_day_is_in_one_window_and_the_newest_come_first(length: int, days: int) -> None:
    last = FIRST + timedelta(days=length)
    found = windows(FIRST, last, days=days)
    assert [one.number for one in found] == list(range(len(found)))
    covered = [one.start + timedelta(days=n) for one in found for n in range((one.end - one.start).days + 1)]
    assert sorted(covered) == [FIRST + timedelta(days=n) for n in range(length + 1)]
    assert all((one.end - one.start).days < days for one in found)
    assert found[0].end == last
    assert [one.end for one in found] == sorted((one.end for one in found), reverse=True)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(0, 40_000), max_size=60), st.sampled_from([10_000, 50_000, 200_000]))
def test_chunks_keep_order_and_both_limits(sizes: list[int], most_bytes: int) -> None:
    bodies = [{"n": number, "text": "x" * size} for number, size in enumerate(sizes)]
    found = list(chunks(bodies, most_bytes=most_bytes))
    assert [body for chunk in found for body in chunk] == bodies
    for chunk in found:
        assert 1 <= len(chunk) <= MOST_OBJECTS
        assert len(chunk) == 1 or len(json.dump(chunk)) <= most_bytes


def test_chunks_are_no_smaller_than_they_need_to_be() -> None:
    bodies: list[dict[str, Any]] = [{"n": number} for number in range(25)]
    assert [len(chunk) for chunk in chunks(bodies)] == [10, 10, 5]
    assert list(chunks([])) == []


@pytest.mark.parametrize(
    ("error", "attempts", "seconds"),
    [
        (ProviderLimitError("P", "", 40), 0, 40),
        (ProviderLimitError("P", "", None), 99, 300),
        (ProviderPendingError("P", 15), 99, 15),
        (ProviderUnavailableError("P", ""), 0, 5),
        (ProviderUnavailableError("P", "", 60), 0, 60),
        (ProviderUnavailableError("P", ""), 8, 86400),
        (ProviderUnavailableError("P", ""), 9, None),
        (ProviderRefusedError("P", "", 403), 1, 30),
        (ProviderRefusedError("P", "", 403), 9, None),
        (ProviderRejectedError("P", "", 404), 0, None),
    ],
)
def test_when_a_window_is_tried_again(error: ProviderError, attempts: int, seconds: float | None) -> None:
    pause = pause_after(Window(0, FIRST, FIRST, attempts=attempts), error)
    assert (pause.total_seconds() if pause else None) == seconds
