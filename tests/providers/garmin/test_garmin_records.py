"""What the vendor's summaries become, where examples alone cannot say it."""

from datetime import timedelta
from typing import Any

import pytest

from wearable_gateway.kit.clock import utc_now
from wearable_gateway.providers.garmin import PROVIDER
from wearable_gateway.providers.garmin.summaries import KINDS, documents
from wearable_gateway.unified.lenient import build
from wearable_gateway.unified.records import DataType, Record

A_MOMENT = 1_795_172_400
"""2026-11-20T11:00:00Z."""


def made(document: dict[str, Any]) -> Record:
    kind = KINDS[document["document"]]
    record = kind.unify(build(kind.model, document)[0])
    assert record is not None
    return record


def test_an_activity_and_its_details_are_one_record() -> None:
    summary = made(
        {"document": "activities", "summaryId": "7", "activityId": 7, "startTimeInSeconds": A_MOMENT}
    )
    details = made(
        {
            "document": "activityDetails",
            "summaryId": "7-detail",
            "activityId": 7,
            "summary": {"startTimeInSeconds": A_MOMENT},
        }
    )
    assert summary.key == details.key == "7"


def test_details_without_an_activity_id_still_find_their_summary() -> None:
    details = {
        "document": "activityDetails",
        "summaryId": "x1-detail",
        "summary": {"startTimeInSeconds": A_MOMENT},
    }
    assert made(details).key == "x1"


@pytest.mark.parametrize("name", ["dailies", "stressDetails", "pulseox", "hrv"])
def test_all_summaries_of_a_day_say_the_same_of_when_it_was(name: str) -> None:
    record = made(
        {
            "document": name,
            "calendarDate": "2026-11-20",
            "startTimeInSeconds": A_MOMENT,
            "startTimeOffsetInSeconds": -21_600,
            "durationInSeconds": 540,
        }
    )
    assert record.key == "2026-11-20"
    assert record.body["metadata"]["start_time"] == "2026-11-20T00:00:00.000000-06:00"
    assert record.body["metadata"]["end_time"] == "2026-11-21T00:00:00.000000-06:00"


def test_an_offset_is_written_in_whole_minutes_and_the_moment_stays_the_same() -> None:
    record = made(
        {
            "document": "activities",
            "summaryId": "7",
            "startTimeInSeconds": A_MOMENT,
            "startTimeOffsetInSeconds": 3_610,
        }
    )
    assert record.body["metadata"]["start_time"] == "2026-11-20T12:00:00.000000+01:00"


@pytest.mark.parametrize("offset", [90_000, -86_400, "east", [], None])
def test_an_offset_no_watch_can_have_leaves_the_time_in_utc(offset: Any) -> None:
    record = made(
        {
            "document": "activities",
            "summaryId": "7",
            "startTimeInSeconds": A_MOMENT,
            "startTimeOffsetInSeconds": offset,
        }
    )
    assert record.body["metadata"]["start_time"] == "2026-11-20T11:00:00.000000+00:00"
    assert record.body["metadata"]["timestamp_localization"] == 0


@pytest.mark.parametrize(
    ("stress", "rating"),
    [(1, 1), (25, 1), (26, 2), (50, 2), (51, 3), (75, 3), (76, 4), (100, 4), (-1, None), (0, None)],
)
def test_a_day_is_called_as_stressful_as_the_vendor_calls_its_average(
    stress: int, rating: int | None
) -> None:
    record = made({"document": "dailies", "startTimeInSeconds": A_MOMENT, "averageStressLevel": stress})
    assert record.body["stress_data"]["stress_rating"] == rating
    assert record.body["stress_data"]["avg_stress_level"] == (stress if rating else None)


def test_a_days_average_heart_rate_is_not_the_vendors_which_is_of_seven_days() -> None:
    summary = {
        "document": "dailies",
        "startTimeInSeconds": A_MOMENT,
        "averageHeartRateInBeatsPerMinute": 64,
        "timeOffsetHeartRateSamples": {"15": 50, "30": 60},
    }
    assert made(summary).body["heart_rate_data"]["summary"]["avg_hr_bpm"] == 55
    del summary["timeOffsetHeartRateSamples"]
    assert made(summary).body["heart_rate_data"]["summary"]["avg_hr_bpm"] is None


def test_a_bad_entry_of_a_series_costs_that_entry() -> None:
    record = made(
        {
            "document": "dailies",
            "startTimeInSeconds": A_MOMENT,
            "timeOffsetHeartRateSamples": {
                "15": 50,
                "noon": 70,
                "30": "fast",
                "-15": 50,
                "999999999": 50,
                "45": 60,
            },
        }
    )
    samples = record.body["heart_rate_data"]["detailed"]["hr_samples"]
    assert [sample["bpm"] for sample in samples] == [50, 60]


def test_a_sum_of_which_a_part_is_missing_is_not_stated() -> None:
    record = made({"document": "dailies", "startTimeInSeconds": A_MOMENT, "activeKilocalories": 300})
    assert record.body["calories_data"]["total_burned_calories"] is None


def test_a_night_on_a_watch_that_tells_no_dreams_lasts_as_long_as_the_vendor_says() -> None:
    record = made(
        {
            "document": "sleeps",
            "summaryId": "x1",
            "startTimeInSeconds": A_MOMENT,
            "durationInSeconds": 20_000,
            "deepSleepDurationInSeconds": 5_000,
            "lightSleepDurationInSeconds": 15_000,
            "awakeDurationInSeconds": 600,
            "validation": "AUTO_FINAL",
        }
    )
    durations = record.body["sleep_durations_data"]
    assert durations["asleep"]["duration_asleep_state_seconds"] == 20_000
    assert durations["asleep"]["duration_REM_sleep_state_seconds"] is None
    assert durations["other"]["duration_in_bed_seconds"] == 20_600


@pytest.mark.parametrize(
    ("validation", "upload"),
    [
        ("MANUAL", 1),
        ("DEVICE", 2),
        ("AUTO_FINAL", 2),
        ("ENHANCED_FINAL", 2),
        ("AUTO_TENTATIVE", 3),
        ("ENHANCED_TENTATIVE", 3),
        ("AUTO_MANUAL", 4),
        ("OFF_WRIST", 4),
        ("NEW_WORD", 0),
        (None, 0),
    ],
)
def test_a_night_says_how_sure_the_vendor_is_of_it(validation: str | None, upload: int) -> None:
    record = made(
        {"document": "sleeps", "summaryId": "x1", "startTimeInSeconds": A_MOMENT, "validation": validation}
    )
    assert record.body["metadata"]["upload_type"] == upload


@pytest.mark.parametrize(
    ("word", "number"), [("TENNIS_V2", 87), ("SNOWBOARDING_WS", 73), ("RUNNING", 8), ("NO_SPORT", 4), (7, 4)]
)
def test_a_sport_is_known_by_its_word_whatever_version_it_has(word: Any, number: int) -> None:
    record = made(
        {"document": "activities", "summaryId": "7", "startTimeInSeconds": A_MOMENT, "activityType": word}
    )
    assert record.body["metadata"]["type"] == number


def test_a_cycle_that_does_not_say_its_day_is_of_no_day() -> None:
    kind = KINDS["mct"]
    assert kind.unify(build(kind.model, {"periodStartDate": "2026-11-10"})[0]) is None


def test_a_sleep_and_each_of_its_naps_are_documents() -> None:
    naps = [{"napStartTimeInSeconds": 1}, "none", {"napStartTimeInSeconds": 2}]
    found = [document["document"] for _, document in documents("sleeps", {"summaryId": "x1", "naps": naps})]
    assert found == ["sleeps", "nap", "nap"]


@pytest.mark.parametrize(
    ("summary", "name", "kind"),
    [
        ({"onDemand": True}, "pulseoxOnDemand", DataType.BODY),
        ({"onDemand": False}, "pulseox", DataType.DAILY),
        ({}, "pulseox", DataType.DAILY),
    ],
)
def test_a_reading_on_demand_does_not_replace_those_of_the_day(
    summary: dict[str, Any], name: str, kind: DataType
) -> None:
    ((found, document),) = documents("pulseox", summary)
    assert (found, document["document"]) == (kind, name)


@pytest.mark.parametrize("name", ["epochs", "moveIQActivities", "nap", "skinTemp", "something"])
def test_a_summary_that_is_not_read_is_no_document(name: str) -> None:
    assert list(documents(name, {"summaryId": "x1"})) == []


@pytest.mark.parametrize(
    ("days_ago", "scopes", "given"),
    [
        (2, {"HEALTH_EXPORT"}, True),
        (29, {"HEALTH_EXPORT"}, True),
        (40, {"HEALTH_EXPORT"}, False),
        (40, {"HEALTH_EXPORT", "HISTORICAL_DATA_EXPORT"}, True),
    ],
)
def test_old_days_are_for_those_alone_whose_end_user_gave_history(
    days_ago: int, scopes: set[str], given: bool
) -> None:
    day = utc_now().date() - timedelta(days=days_ago)
    record = Record(DataType.DAILY, day.isoformat(), day, {"metadata": {}})
    assert (PROVIDER.limited_to(record, scopes) is not None) == given
