"""What becomes of Google's documents, where a fixture cannot say it."""

from collections.abc import Mapping
from typing import Any

import pytest

from wearable_gateway.providers.google_health import PROVIDER
from wearable_gateway.providers.google_health.sports import sport_of
from wearable_gateway.unified.activity_types import ActivityType
from wearable_gateway.unified.records import DataType, Record


def normalised(kind: str, document: Mapping[str, Any]) -> Record | None:
    return PROVIDER.normalise(DataType(kind), document)


def workout(**exercise: Any) -> dict[str, Any]:
    interval = {"startTime": "2026-11-20T06:00:00Z", "endTime": "2026-11-20T07:00:00Z"}
    return {
        "name": "users/me/dataTypes/exercise/dataPoints/e",
        "exercise": {"interval": interval, **exercise},
    }


@pytest.mark.parametrize(
    ("word", "sport"),
    [
        ("RUNNING", ActivityType.RUNNING),
        ("SWIMMING_POOL", ActivityType.SWIMMING_SWIMMING_POOL),
        ("SOCCER", ActivityType.ENGLISH_FOOTBALL),
        ("PICKELBALL", ActivityType.OTHER),
        ("OTHER", ActivityType.OTHER),
        ("EXERCISE_TYPE_UNSPECIFIED", ActivityType.UNKNOWN),
        ("HOVERBOARDING", ActivityType.UNKNOWN),
        (None, ActivityType.UNKNOWN),
    ],
)
def test_a_sport_has_terras_number_or_none(word: str | None, sport: ActivityType) -> None:
    assert sport_of(word) is sport


@pytest.mark.parametrize("kind", ["daily", "body"])
def test_a_day_of_which_nothing_can_be_read_is_no_record(kind: str) -> None:
    document = {"day": "2026-11-20", "rollUps": [{"steps": {}}], "dataPoints": [{"weight": {}}, {}]}

    assert normalised(kind, document) is None


def test_of_two_values_of_one_day_the_first_counts() -> None:
    points = [{"dailyRestingHeartRate": {"beatsPerMinute": beats}} for beats in ("54", "60")]
    sums = [{"steps": {"countSum": count}} for count in ("100", "7")]

    record = normalised("daily", {"day": "2026-11-20", "rollUps": sums, "dataPoints": points})

    assert record is not None
    assert record.body["heart_rate_data"]["summary"]["resting_hr_bpm"] == 54
    assert record.body["distance_data"]["steps"] == 100


def test_active_seconds_are_no_sum_when_a_level_is_missing() -> None:
    levels = [{"activityLevel": level, "activeMinutesSum": "10"} for level in ("LIGHT", "VIGOROUS")]
    sums = [{"activeMinutes": {"activeMinutesRollupByActivityLevel": levels}}]

    record = normalised("daily", {"day": "2026-11-20", "rollUps": sums})

    assert record is not None
    assert record.body["active_durations_data"]["activity_seconds"] is None
    assert record.body["active_durations_data"]["vigorous_intensity_seconds"] == 600


@pytest.mark.parametrize("offset", ["+01:00", "-07:00", "3601s", "90000s", "s", 3600, None])
def test_an_offset_that_is_none_leaves_the_time_in_utc(offset: Any) -> None:
    interval = {
        "startTime": "2026-11-20T06:00:00Z",
        "startUtcOffset": offset,
        "endTime": "2026-11-20T07:00:00Z",
        "endUtcOffset": "3600s",
    }

    record = normalised("activity", workout(interval=interval))

    assert record is not None
    assert record.body["metadata"]["start_time"] == "2026-11-20T06:00:00.000000+00:00"
    assert record.body["metadata"]["end_time"] == "2026-11-20T08:00:00.000000+01:00"
    assert record.body["metadata"]["timestamp_localization"] == 0


@pytest.mark.parametrize("value", [1e300, "1e300", 10**30, "NaN", -1, None, [], {}, "much"])
def test_a_number_that_cannot_be_costs_its_field_alone(value: Any) -> None:
    names = ("caloriesKcal", "distanceMillimeters", "averagePaceSecondsPerMeter", "steps")

    record = normalised("activity", workout(metricsSummary=dict.fromkeys(names, value), displayName="Run"))

    assert record is not None
    assert record.body["metadata"]["name"] == "Run"
    assert record.body["calories_data"] is None
    assert record.body["movement_data"] is None
    assert record.body["distance_data"] is None


def test_a_whole_number_may_come_as_a_number() -> None:
    record = normalised("activity", workout(metricsSummary={"steps": 6900}))

    assert record is not None
    assert record.body["distance_data"]["summary"]["steps"] == 6900


def test_a_night_without_a_baseline_has_no_change_of_temperature() -> None:
    interval = {"startTime": "2026-11-19T22:00:00Z", "endTime": "2026-11-20T06:00:00Z"}
    night = {"dailySleepTemperatureDerivations": {"nightlyTemperatureCelsius": 33.9}}

    record = normalised(
        "sleep",
        {
            "name": "users/me/dataTypes/sleep/dataPoints/s",
            "sleep": {"interval": interval},
            "dataPoints": [night],
        },
    )

    assert record is not None
    assert record.body["temperature_data"] is None


def test_a_signal_without_its_scale_is_left_out() -> None:
    cardiogram = {
        "interval": {"startTime": "2026-11-20T06:00:00Z", "endTime": "2026-11-20T06:00:00Z"},
        "samplingFrequencyHertz": 250,
        "waveformSamples": [1, 2, 3],
    }

    record = normalised("body", {"day": "2026-11-20", "dataPoints": [{"electrocardiogram": cardiogram}]})

    assert record is not None
    assert record.body["heart_data"]["ecg_signal"][0]["raw_signal"] is None
