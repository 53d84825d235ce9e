"""What fixtures cannot say: documents that are no record, and odd values that cost nothing but themselves."""

from typing import Any

import pytest
from pydantic import ValidationError

from wearable_gateway.providers._base.documents import read_document
from wearable_gateway.providers.oura.days import Day, daily
from wearable_gateway.providers.oura.document import Series
from wearable_gateway.providers.oura.profile import Stature, body
from wearable_gateway.providers.oura.sleeps import Rest, sleep
from wearable_gateway.providers.oura.sports import sport_of
from wearable_gateway.providers.oura.workouts import Session, Workout, activity, session_activity
from wearable_gateway.unified.activity_types import ActivityType

NIGHT: dict[str, Any] = {
    "id": "night-1",
    "bedtime_start": "2026-10-24T23:00:00+02:00",
    "bedtime_end": "2026-10-25T06:30:00+01:00",
    "type": "long_sleep",
}
SESSION: dict[str, Any] = {
    "id": "session-1",
    "start_datetime": "2026-10-09T16:39:07+02:00",
    "end_datetime": "2026-10-09T16:43:44+02:00",
}


def read_night(**changes: Any) -> Rest:
    return read_document("OURA", Rest, NIGHT | changes)


@pytest.mark.parametrize("kind", ["deleted", "rest"])
def test_what_its_person_says_was_no_sleep_is_no_record(kind: str) -> None:
    assert sleep(read_night(type=kind)) is None


def test_a_session_that_is_a_nap_is_left_to_the_nights_and_naps() -> None:
    assert session_activity(read_document("OURA", Session, SESSION | {"type": "nap"})) is None


def test_a_night_in_which_the_clocks_change_keeps_both_offsets() -> None:
    record = sleep(read_night(sleep_phase_5_min="2"))
    assert record is not None
    assert record.body["metadata"]["start_time"] == "2026-10-24T23:00:00.000000+02:00"
    assert record.body["metadata"]["end_time"] == "2026-10-25T06:30:00.000000+01:00"


def test_without_the_fine_string_of_phases_the_coarse_one_is_read() -> None:
    record = sleep(read_night(sleep_phase_30_sec="", sleep_phase_5_min="23"))
    assert record is not None
    samples = record.body["sleep_durations_data"]["hypnogram_samples"]
    assert [(sample["timestamp"][11:19], sample["level"]) for sample in samples] == [
        ("23:00:00", 4),
        ("23:05:00", 6),
    ]


@pytest.mark.parametrize("missing", ["id", "bedtime_start", "bedtime_end"])
def test_a_night_that_cannot_be_named_or_placed_is_refused(missing: str) -> None:
    with pytest.raises(ValidationError):
        read_document("OURA", Rest, {name: value for name, value in NIGHT.items() if name != missing})


def test_a_bad_value_in_a_series_leaves_a_gap_and_moves_nothing() -> None:
    series = read_document(
        "OURA",
        Series,
        {
            "interval": 60,
            "timestamp": "2026-10-09T23:59:00+02:00",
            "items": [1, "2", None, True, float("nan"), 10**400, 7],
        },
    )
    assert list(series.samples()) == [
        ("2026-10-09T23:59:00.000000+02:00", 1.0),
        ("2026-10-10T00:05:00.000000+02:00", 7.0),
    ]


@pytest.mark.parametrize(
    "series",
    [
        {"interval": 0, "items": [60], "timestamp": "2026-10-09T23:00:00Z"},
        {"interval": 300, "items": [60]},
        {"interval": 300, "items": [60], "timestamp": "0001-01-01T00:00:00Z"},
        "111222",
    ],
)
def test_a_series_that_has_no_time_costs_itself_alone(series: Any) -> None:
    record = sleep(read_night(heart_rate=series, average_heart_rate=55))
    assert record is not None
    assert record.body["heart_rate_data"]["summary"]["avg_hr_bpm"] == 55
    assert record.body["heart_rate_data"]["detailed"] is None


def test_a_series_ends_after_three_days_whatever_it_holds() -> None:
    document = {"interval": 86400, "items": [1.0] * 50, "timestamp": "2200-12-30T00:00:00Z"}
    assert len(list(read_document("OURA", Series, document).samples())) == 4


def test_more_active_than_total_calories_say_nothing_of_what_the_body_needs() -> None:
    record = daily(
        read_document(
            "OURA",
            Day,
            {"day": "2026-11-11", "daily_activity": {"active_calories": 900, "total_calories": 800}},
        )
    )
    assert record is not None
    assert record.body["calories_data"]["BMR_calories"] is None
    assert record.body["calories_data"]["net_activity_calories"] == 900


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"daily_sleep": {"score": None}},
        {"daily_stress": {}, "daily_spo2": {"spo2_percentage": None}},
        {"daily_activity": {"class_5_min": "0123"}},
    ],
)
def test_a_day_nothing_is_known_of_is_no_record(parts: dict[str, Any]) -> None:
    assert daily(read_document("OURA", Day, {"day": "2026-11-11", **parts})) is None


def test_a_profile_without_weight_and_height_measures_nothing() -> None:
    assert body(read_document("OURA", Stature, {"read_on": "2026-11-21", "id": "u-1"})) is None


def test_a_workout_that_ends_before_it_begins_has_no_duration() -> None:
    swapped = {
        "start_datetime": SESSION["end_datetime"],
        "end_datetime": SESSION["start_datetime"],
        "id": "w",
    }
    assert activity(read_document("OURA", Workout, swapped)).body["active_durations_data"] is None


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("running", ActivityType.RUNNING),
        ("cycling", ActivityType.BIKING),
        ("crossCountrySkiing", ActivityType.CROSS_COUNTRY_SKIING),
        ("houseWork", ActivityType.HOUSEWORK),
        ("strength_training", ActivityType.STRENGTH_TRAINING),
        ("Trail running", ActivityType.TRAIL_RUNNING),
        ("other", ActivityType.OTHER),
        ("dragon_riding", ActivityType.UNKNOWN),
        ("", ActivityType.UNKNOWN),
    ],
)
def test_a_sport_is_found_however_it_is_spelt(word: str, kind: ActivityType) -> None:
    assert sport_of(word) is kind
