"""POLAR: what fixtures cannot say about how documents become records."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from wearable_gateway.providers.polar.document import with_one_spelling
from wearable_gateway.providers.polar.sports import sport_of
from wearable_gateway.unified.activity_types import ActivityType
from wearable_gateway.unified.merging import merge
from wearable_gateway.unified.records import DataType

from .records import fixture, normalised, stated


def test_a_day_and_its_heart_rate_are_one_record_in_either_order() -> None:
    summary = normalised(DataType.DAILY, fixture(DataType.DAILY, "day_with_samples"))
    heart = normalised(DataType.DAILY, fixture(DataType.DAILY, "continuous_heart_rate"))
    assert (summary.key, summary.day) == (heart.key, heart.day)
    assert stated(merge(summary.body, heart.body)) == stated(merge(heart.body, summary.body))
    assert stated(merge(summary.body, heart.body))["distance_data"]["steps"] == 174


@pytest.mark.parametrize(
    ("words", "sport"),
    [
        (("TRAIL_RUNNING", "RUNNING"), ActivityType.TRAIL_RUNNING),
        (("CROSS-COUNTRY_SKIING", None), ActivityType.CROSS_COUNTRY_SKIING),
        (("HOVERBOARDING", "OTHER"), ActivityType.OTHER),
        (("HOVERBOARDING", None), ActivityType.UNKNOWN),
        ((None, "SOCCER"), ActivityType.ENGLISH_FOOTBALL),
        ((None, None), ActivityType.UNKNOWN),
    ],
)
def test_the_more_detailed_word_for_a_sport_wins_where_it_is_known(
    words: tuple[str | None, ...], sport: ActivityType
) -> None:
    assert sport_of(*words) is sport


@pytest.mark.parametrize(
    "samples",
    [
        pytest.param([{"steps": 5}], id="a count without a time"),
        pytest.param([{"timestamp": "2026-11-21T07:00"}], id="a time without a count"),
        pytest.param([{"steps": -1, "timestamp": "2026-11-21T07:00"}], id="fewer than no steps"),
        pytest.param([], id="none"),
    ],
)
def test_steps_that_cannot_be_added_up_are_not(samples: list[dict[str, Any]]) -> None:
    day = {"start_time": "2026-11-21T00:00", "samples": {"steps": {"interval_ms": 60000, "samples": samples}}}
    record = normalised(DataType.DAILY, day)
    assert record.body["distance_data"]["detailed"] is None


def test_steps_add_up_to_where_a_count_could_not_be_read() -> None:
    samples = [
        {"steps": 5, "timestamp": "2026-11-21T07:00"},
        {"steps": "n/a", "timestamp": "2026-11-21T07:02"},
        {"steps": 9, "timestamp": "2026-11-21T07:03"},
    ]
    day = {"start_time": "2026-11-21T00:00", "samples": {"steps": {"interval_ms": 60000, "samples": samples}}}
    [only] = normalised(DataType.DAILY, day).body["distance_data"]["detailed"]["step_samples"]
    assert stated(only) == {"timestamp": "2026-11-21T07:02:00.000000", "steps": 10}


def test_without_an_interval_a_days_steps_have_no_course() -> None:
    samples = [{"steps": 5, "timestamp": "2026-11-21T07:00"}]
    day = {"start_time": "2026-11-21T00:00", "samples": {"steps": {"samples": samples}}}
    assert normalised(DataType.DAILY, day).body["distance_data"]["detailed"] is None


@pytest.mark.parametrize("bad", ["yesterday", 1795212000, None, "0001-01-01T00:00:00", {}])
def test_a_workout_that_began_at_no_readable_time_is_refused(bad: object) -> None:
    with pytest.raises(ValidationError):
        normalised(DataType.ACTIVITY, {"id": "2AC312F", "start_time": bad})


def test_a_workout_is_found_under_the_day_of_its_own_clock() -> None:
    exercise = {"id": "2AC312F", "start_time": "2026-11-21T00:10:00", "start_time_utc_offset": 600}
    assert normalised(DataType.ACTIVITY, exercise).day == date(2026, 11, 21)


def test_a_start_that_already_has_its_offset_keeps_it() -> None:
    exercise = {"id": "2AC312F", "start_time": "2026-11-21T07:00:00+02:00", "start_time_utc_offset": 180}
    metadata = normalised(DataType.ACTIVITY, exercise).body["metadata"]
    assert metadata["start_time"] == "2026-11-21T07:00:00.000000+02:00"


@pytest.mark.parametrize("missing", ["light_sleep", "deep_sleep", "rem_sleep", "unrecognized_sleep_stage"])
def test_a_night_without_one_of_its_stages_states_no_sum(missing: str) -> None:
    night = fixture(DataType.SLEEP, "night_with_recharge") | {missing: None}
    asleep = normalised(DataType.SLEEP, night).body["sleep_durations_data"]["asleep"]
    assert asleep["duration_asleep_state_seconds"] is None


def test_a_night_of_one_time_with_and_one_without_an_offset_states_no_length() -> None:
    night = fixture(DataType.SLEEP, "night_with_recharge") | {"sleep_end_time": "2026-11-21T07:09:37"}
    body = normalised(DataType.SLEEP, night).body
    assert body["sleep_durations_data"]["other"]["duration_in_bed_seconds"] is None
    assert body["sleep_durations_data"]["hypnogram_samples"]


def test_without_a_date_a_night_is_named_by_the_day_it_ended_on() -> None:
    night = fixture(DataType.SLEEP, "night_with_recharge") | {"date": None}
    record = normalised(DataType.SLEEP, night)
    assert (record.key, record.day) == ("2026-11-21", date(2026, 11, 21))


@pytest.mark.parametrize(
    ("status", "level"),
    [(1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (6, 6), (0, None), (7, None), ("good", None)],
)
def test_a_recharge_is_one_of_six_words(status: object, level: int | None) -> None:
    night = fixture(DataType.SLEEP, "night_with_recharge") | {
        "nightly_recharge": {"nightly_recharge_status": status}
    }
    assert normalised(DataType.SLEEP, night).body["readiness_data"]["recovery_level"] == level


def test_a_body_whose_tests_tell_no_zone_is_told_in_utc() -> None:
    day = {"date": "2026-11-21", "spo2_tests": [{"test_time": 1795212000}]}
    metadata = normalised(DataType.BODY, day).body["metadata"]
    assert metadata["start_time"] == "2026-11-21T00:00:00.000000+00:00"
    assert metadata["timestamp_localization"] == 0


def test_both_spellings_of_a_name_are_one_however_deep() -> None:
    assert with_one_spelling({"heart-rate-zones": [{"in-zone": "PT4S"}], "hypnogram": {"00:39": 2}}) == {
        "heart_rate_zones": [{"in_zone": "PT4S"}],
        "hypnogram": {"00:39": 2},
    }


def test_a_document_folded_without_end_is_not_followed() -> None:
    folded: dict[str, Any] = {}
    for _ in range(5000):
        folded = {"a-b": folded}
    assert "a_b" in with_one_spelling(folded)


def test_who_lives_by_utc_is_told_their_own_time_all_the_same() -> None:
    night = {
        "sleep_start_time": "2026-11-20T23:00:00+00:00",
        "sleep_end_time": "2026-11-21T07:00:00+00:00",
    }
    assert normalised(DataType.SLEEP, night).body["metadata"]["timestamp_localization"] == 1
    day = {"date": "2026-11-21", "spo2_tests": [{"test_time": 1795212000, "time_zone_offset": 0}]}
    assert normalised(DataType.BODY, day).body["metadata"]["timestamp_localization"] == 1
