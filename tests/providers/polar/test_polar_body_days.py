"""POLAR: which day a measurement of a body belongs to."""

from datetime import date
from typing import Any

import pytest

from wearable_gateway.providers.polar.body_days import body_days

DAY = date(2026, 11, 21)
LATE = 1795299000  # 2026-11-21T22:10:00Z
NOTHING: dict[str, Any] = {
    "physical_info": None,
    "spo2_tests": [],
    "ecg_tests": [],
    "temperature_periods": [],
}


def days_of(**found: Any) -> list[str]:
    return [one["date"] for one in body_days(date(2026, 11, 1), date(2026, 11, 30), **NOTHING | found)]


@pytest.mark.parametrize(
    ("test", "day"),
    [
        ({"test_time": LATE, "time_zone_offset": 180}, "2026-11-22"),
        ({"test_time": LATE, "time_zone_offset": -300}, "2026-11-21"),
        ({"test_time": LATE}, "2026-11-21"),
        ({"test_time": LATE, "time_zone_offset": "east"}, "2026-11-21"),
    ],
)
def test_a_test_is_of_the_day_on_its_users_clock(test: dict[str, Any], day: str) -> None:
    assert days_of(spo2_tests=[test]) == [day]
    assert days_of(ecg_tests=[test]) == [day]


def test_a_temperature_is_of_its_day_in_utc() -> None:
    assert days_of(temperature_periods=[{"start_time": "2026-11-21T23:59:00"}]) == ["2026-11-21"]
    assert days_of(temperature_periods=[{"start_time": "2026-11-21T23:59:00Z"}]) == ["2026-11-21"]


def test_what_is_known_is_of_the_day_it_was_last_changed() -> None:
    info = {"created": "2026-11-02T12:00:00Z", "modified": "2026-11-21T12:00:00Z", "weight": 70}
    assert days_of(physical_info=info) == ["2026-11-21"]
    assert days_of(physical_info=info | {"modified": None}) == ["2026-11-02"]
    assert days_of(physical_info={"weight": 70}) == []


def test_what_has_no_day_or_another_one_is_left_out() -> None:
    assert days_of(spo2_tests=[{}, {"test_time": "noon"}, {"test_time": 0}]) == []
    assert days_of(temperature_periods=[{"start_time": "noon"}]) == []


def test_all_of_a_day_is_one_document() -> None:
    (day,) = body_days(
        DAY,
        DAY,
        physical_info={"modified": "2026-11-21T12:00:00Z"},
        spo2_tests=[{"test_time": LATE}, {"test_time": LATE + 60}],
        ecg_tests=[{"test_time": LATE}],
        temperature_periods=[{"start_time": "2026-11-21T04:00:00"}],
    )
    assert day["date"] == "2026-11-21"
    assert len(day["spo2_tests"]) == 2
    assert {"physical_info", "ecg_tests", "temperature_periods"} <= set(day)
