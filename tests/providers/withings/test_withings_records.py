"""What the fixtures cannot say about the vendor's documents: what is refused, dropped, and preferred."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from wearable_gateway.providers._base.documents import read_document
from wearable_gateway.providers.withings.bodies import body
from wearable_gateway.providers.withings.days import DaySummary, daily
from wearable_gateway.providers.withings.measures import MeasuredDay
from wearable_gateway.providers.withings.sleeps import Night, sleep
from wearable_gateway.providers.withings.sports import sport_of
from wearable_gateway.providers.withings.workouts import Workout, activity
from wearable_gateway.unified.activity_types import ActivityType
from wearable_gateway.unified.records import Record

NOON = 1_795_262_400  # 2026-11-21T12:00:00Z


def a_day(**fields: Any) -> dict[str, Any]:
    record = daily(read_document("WITHINGS", DaySummary, {"date": "2026-11-21", **fields}))
    return record.body


def a_workout(**fields: Any) -> Record | None:
    document = {"id": 7, "startdate": NOON, "enddate": NOON + 1800, **fields}
    return activity(read_document("WITHINGS", Workout, document))


def a_night(**fields: Any) -> Record:
    document = {"id": 7, "startdate": NOON - 36_000, "enddate": NOON, **fields}
    return sleep(read_document("WITHINGS", Night, document))


def a_body(*groups: Mapping[str, Any], **fields: Any) -> dict[str, Any]:
    document = {"date": "2026-11-21", "measuregrps": list(groups), **fields}
    return body(read_document("WITHINGS", MeasuredDay, document)).body


def measured(kind: int, value: int, unit: int, **group: Any) -> dict[str, Any]:
    return {"date": NOON, "measures": [{"type": kind, "value": value, "unit": unit}], **group}


def test_a_measure_is_exact_to_the_vendors_last_digit() -> None:
    weight = a_body(measured(1, 118_003, -3))["measurements_data"]["measurements"][0]["weight_kg"]
    assert weight == 118.003
    grams = a_body(measured(88, 2_901, -3))["measurements_data"]["measurements"][0]["bone_mass_g"]
    assert grams == 2901


@pytest.mark.parametrize(
    ("kind", "value", "unit"), [(1, 0, 0), (1, -70, 0), (10, 0, 0), (54, 3, 0), (54, 101, 0), (130, 13, 0)]
)
def test_an_impossible_measure_is_no_measure(kind: int, value: int, unit: int) -> None:
    found = a_body(measured(kind, value, unit))
    assert found["measurements_data"] is None
    assert found["blood_pressure_data"]["blood_pressure_samples"] is None
    assert found["oxygen_data"]["saturation_samples"] is None
    assert found["heart_data"]["afib_classification_samples"] is None


@pytest.mark.parametrize(
    ("code", "flag"), [(0, 0), (1, 1), (2, 2), (8, 2), (9, 0), (10, 0), (11, 1), (12, 1)]
)
def test_what_a_scale_says_of_the_rhythm_is_one_of_three(code: int, flag: int) -> None:
    samples = a_body(measured(130, code, 0))["heart_data"]["afib_classification_samples"]
    assert [sample["afib_classification"] for sample in samples] == [flag]


def test_a_systolic_pressure_alone_stays_alone() -> None:
    apart = a_body(measured(10, 120, 0), measured(9, 80, 0, date=NOON + 60))
    samples = apart["blood_pressure_data"]["blood_pressure_samples"]
    assert [(sample["systolic_bp"], sample["diastolic_bp"]) for sample in samples] == [
        (120, None),
        (None, 80),
    ]


def test_water_is_no_share_of_a_weight_it_exceeds() -> None:
    both = {
        "date": NOON,
        "measures": [{"type": 1, "value": 40, "unit": 0}, {"type": 77, "value": 41, "unit": 0}],
    }
    assert a_body(both)["measurements_data"]["measurements"][0]["water_percentage"] is None


def test_what_may_be_somebody_elses_is_nobodys() -> None:
    assert a_body(measured(1, 70, 0, attrib=1))["measurements_data"] is None
    assert a_workout(attrib=1) is None


def test_an_ambiguous_device_is_not_named_either() -> None:
    assert a_body(measured(1, 70, 0, attrib=1, model="Body+"))["device_data"] is None


@pytest.mark.parametrize(
    ("attrib", "model", "upload"),
    [
        (0, 94, 1),
        (8, 94, 1),
        (7, 94, 1),
        (2, 94, 2),
        (4, 94, 2),
        (2, 1055, 2),
        (0, 1055, 6),
        (15, 94, 0),
        (None, 94, 0),
    ],
)
def test_how_a_workout_came_is_told_by_attribution_and_device(
    attrib: int | None, model: int, upload: int
) -> None:
    record = a_workout(attrib=attrib, model=model)
    assert record is not None
    assert record.body["metadata"]["upload_type"] == upload


def test_what_the_person_entered_stands_in_only_for_what_nothing_measured() -> None:
    measured_too = a_workout(data={"distance": 900, "manual_distance": 1000, "calories": None})
    assert measured_too is not None
    assert measured_too.body["distance_data"]["summary"]["distance_meters"] == 900
    assert measured_too.body["calories_data"]["net_activity_calories"] is None


def test_a_pause_longer_than_the_workout_says_nothing() -> None:
    record = a_workout(data={"pause_duration": 1801})
    assert record is not None
    assert record.body["active_durations_data"]["activity_seconds"] is None


@pytest.mark.parametrize("category", [None, -1, 0, 9999])
def test_a_sport_not_in_the_list_is_unknown(category: int | None) -> None:
    assert sport_of(category) is ActivityType.UNKNOWN


def test_a_sport_without_a_word_is_another() -> None:
    assert sport_of(36) is ActivityType.OTHER
    assert sport_of(512) is ActivityType.OTHER


@pytest.mark.parametrize(
    ("ratio", "percent"), [(0, 0), (0.5, 50), (1, 100), (0.869, 86.9), (1.2, None), (-0.1, None)]
)
def test_sleep_efficiency_is_a_percentage(ratio: float, percent: float | None) -> None:
    record = a_night(data={"sleep_efficiency": ratio})
    assert record.body["sleep_durations_data"]["sleep_efficiency"] == percent


def test_a_latency_of_zero_is_not_missing() -> None:
    record = a_night(data={"sleep_latency": 0, "durationtosleep": 900})
    assert record.body["sleep_durations_data"]["awake"]["sleep_latency_seconds"] == 0


@pytest.mark.parametrize("score", [-1, 101])
def test_a_score_off_the_scale_is_no_score(score: int) -> None:
    assert a_night(data={"sleep_score": score}).body["scores"]["sleep"] is None


def test_empty_lists_are_read_as_the_empty_maps_they_stand_for() -> None:
    record = a_night(data=[], series=[{"startdate": NOON - 100, "state": 1, "hr": []}])
    assert record.body["sleep_durations_data"]["hypnogram_samples"] is not None
    assert a_day(intraday=[])["distance_data"]["detailed"] is None


@pytest.mark.parametrize("moment", [True, None, [], "soon", 10**18, float("nan"), -(10**12)])
def test_a_night_without_a_time_cannot_be_named(moment: Any) -> None:
    with pytest.raises(ValidationError):
        a_night(startdate=moment)


def test_a_moment_in_milliseconds_is_no_moment() -> None:
    with pytest.raises(ValidationError):
        a_night(startdate=NOON * 1000)


def test_a_day_is_as_long_as_its_clocks_make_it() -> None:
    body = a_day(date="2026-03-29", timezone="Europe/Paris")
    starts, ends = (datetime.fromisoformat(body["metadata"][name]) for name in ("start_time", "end_time"))
    assert ends.astimezone(UTC) - starts.astimezone(UTC) == timedelta(hours=23)


def test_a_night_belongs_to_the_day_it_ends_on_where_it_was_slept() -> None:
    ends = int(datetime(2026, 11, 21, 15, 30, tzinfo=UTC).timestamp())
    record = a_night(startdate=ends - 3600, enddate=ends, timezone="Asia/Tokyo")
    assert record.day == date(2026, 11, 22)


def test_a_workout_belongs_to_the_day_it_begins_on() -> None:
    record = a_workout(timezone="Pacific/Auckland")
    assert record is not None
    assert record.day == date(2026, 11, 22)


@pytest.mark.parametrize("amount", [-1, 10**30, 1e300])
def test_an_amount_beyond_all_measure_costs_its_field_alone(amount: float) -> None:
    body = a_day(steps=amount, distance=amount, calories=100, active=amount)
    assert body["distance_data"]["steps"] is None
    assert body["distance_data"]["distance_meters"] is None
    assert body["active_durations_data"]["activity_seconds"] is None
    assert body["calories_data"]["net_activity_calories"] == 100
    night = a_night(data={"wakeupcount": amount, "total_timeinbed": amount, "sleep_score": 80})
    assert night.body["scores"]["sleep"] == 80
    assert night.body["sleep_durations_data"]["other"]["duration_in_bed_seconds"] is None
