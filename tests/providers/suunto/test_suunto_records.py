"""What the fixtures cannot say about Suunto's documents: what is refused, dropped and believed."""

from typing import Any

import pytest
from pydantic import ValidationError

from wearable_gateway.providers._base.documents import read_document
from wearable_gateway.providers.suunto.days import DayOfSamples, daily
from wearable_gateway.providers.suunto.sleeps import SleepSample, sleep
from wearable_gateway.providers.suunto.sports import sport_of
from wearable_gateway.providers.suunto.workouts import Workout, activity
from wearable_gateway.unified.activity_types import ActivityType
from wearable_gateway.unified.records import Record

START = 1_773_466_200_000  # 2026-03-14T05:30:00Z


def a_workout(**fields: Any) -> Record | None:
    document = {"workoutKey": "w1", "startTime": START, "totalTime": 60.0, **fields}
    return activity(read_document("SUUNTO", Workout, document))


def a_night(**fields: Any) -> Record | None:
    entry = {
        "SleepId": 7,
        "BedtimeStart": "2026-03-13T22:00:00+02:00",
        "BedtimeEnd": "2026-03-14T06:00:00+02:00",
        **fields,
    }
    document = {"timestamp": "2026-03-13T22:00:00+02:00", "entryData": entry}
    return sleep(read_document("SUUNTO", SleepSample, document))


def a_day(**products: list[dict[str, Any]]) -> Record | None:
    return daily(read_document("SUUNTO", DayOfSamples, {"date": "2026-03-14", **products}))


def a_sample(time: str, **entry: Any) -> dict[str, Any]:
    return {"timestamp": f"2026-03-14T{time}:00.000+02:00", "entryData": entry}


def of(record: Record | None, *path: str) -> Any:
    assert record is not None
    node: Any = record.body
    for name in path:
        node = node[name]
    return node


@pytest.mark.parametrize(
    ("activity_id", "expected"),
    [
        (0, ActivityType.WALKING),
        (22, ActivityType.TRAIL_RUNNING),
        (23, ActivityType.OTHER),
        (77, ActivityType.UNKNOWN),
        (-1, ActivityType.UNKNOWN),
        (None, ActivityType.UNKNOWN),
    ],
)
def test_only_sports_whose_number_is_sure_have_a_type(
    activity_id: int | None, expected: ActivityType
) -> None:
    assert sport_of(activity_id) is expected


@pytest.mark.parametrize(
    ("stopped", "took", "ends"),
    [
        (START + 90_000, 60.0, "2026-03-14T05:31:30.000000+00:00"),
        (None, 60.0, "2026-03-14T05:31:00.000000+00:00"),
        (START - 1, 60.0, "2026-03-14T05:31:00.000000+00:00"),
        (START, None, "2026-03-14T05:30:00.000000+00:00"),
    ],
)
def test_a_workout_ends_when_it_was_stopped_or_after_what_it_took(
    stopped: int | None, took: float | None, ends: str
) -> None:
    assert of(a_workout(stopTime=stopped, totalTime=took), "metadata", "end_time") == ends


def test_a_workout_of_unknown_length_is_none() -> None:
    assert a_workout(totalTime=None) is None


@pytest.mark.parametrize("missing", [{"workoutKey": ""}, {"workoutKey": None}, {"startTime": -5}])
def test_a_workout_that_cannot_be_named_or_placed_is_refused(missing: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        a_workout(**missing)


@pytest.mark.parametrize("offset", [10_000, "east", None])
def test_without_a_readable_offset_a_workout_is_stated_in_utc(offset: Any) -> None:
    record = a_workout(timeOffsetInMinutes=offset)
    assert of(record, "metadata", "start_time") == "2026-03-14T05:30:00.000000+00:00"
    assert of(record, "metadata", "timestamp_localization") == 0


@pytest.mark.parametrize(("said", "stated"), [(0, None), (1.4, 84.0), (84, 84.0), (-3, None)])
def test_cadence_by_the_second_is_turned_into_cadence_by_the_minute(
    said: float, stated: float | None
) -> None:
    assert of(a_workout(cadence={"avg": said}), "movement_data", "avg_cadence_rpm") == stated


@pytest.mark.parametrize("position", [{"x": 0, "y": 0}, {"x": 25.7}, {"x": 225.7, "y": 62.2}, None])
def test_half_a_place_and_no_place_are_no_place(position: Any) -> None:
    assert of(a_workout(startPosition=position), "position_data", "start_pos_lat_lng_deg") is None


def test_the_wearers_own_limit_is_not_what_the_heart_did() -> None:
    summary = of(a_workout(hrdata={"max": 196, "userMaxHR": 196}), "heart_rate_data", "summary")
    assert (summary["max_hr_bpm"], summary["user_max_hr_bpm"]) == (None, 196)


def test_sleep_is_summed_only_when_each_stage_is_known() -> None:
    stages = {"DeepSleepDuration": 3600, "LightSleepDuration": 7200}
    asleep = ("sleep_durations_data", "asleep", "duration_asleep_state_seconds")
    assert of(a_night(**stages), *asleep) is None
    assert of(a_night(**stages, REMSleepDuration=0), *asleep) == 10_800


def test_a_sleep_that_ends_before_it_begins_is_none() -> None:
    assert a_night(BedtimeEnd="2026-03-13T21:59:59+02:00") is None


@pytest.mark.parametrize("broken", [{"SleepId": None}, {"BedtimeEnd": "2026-03-14T06:00:00"}])
def test_a_sleep_without_a_name_or_a_place_in_time_is_refused(broken: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        a_night(**broken)


def test_a_row_that_is_repeated_counts_once_and_the_later_is_believed() -> None:
    rows = [a_sample("07:00", StepCount=10), a_sample("07:00", StepCount=12)]
    steps = of(a_day(activity=rows), "distance_data", "detailed", "step_samples")
    assert [sample["steps"] for sample in steps] == [12]


def test_a_row_without_a_time_is_dropped_alone() -> None:
    rows = [{"timestamp": "now", "entryData": {"HR": 60}}, a_sample("07:00", HR=61)]
    samples = of(a_day(activity=rows), "heart_rate_data", "detailed", "hr_samples")
    assert [sample["bpm"] for sample in samples] == [61]


def test_what_a_stress_state_is_worth_nobody_knows() -> None:
    record = a_day(recovery=[a_sample("07:00", StressState=4, Balance=0.5)])
    assert of(record, "stress_data", "samples") is None
    assert of(record, "stress_data", "body_battery_samples")[0]["level"] == 50


def test_a_day_of_nothing_is_no_record() -> None:
    assert a_day() is None


def test_steps_are_counted_from_the_start_of_the_day() -> None:
    rows = [
        {"timestamp": f"2026-03-14T0{hour}:00:00+02:00", "entryData": {"StepCount": steps}}
        for hour, steps in ((8, 20), (7, 10), (9, None), (9, 5))
    ]
    record = daily(read_document("SUUNTO", DayOfSamples, {"date": "2026-03-14", "activity": rows}))
    assert record is not None
    samples = record.body["distance_data"]["detailed"]["step_samples"]
    assert [(sample["timestamp"][11:16], sample["steps"]) for sample in samples] == [
        ("07:00", 10), ("08:00", 30), ("09:00", 35),
    ]  # fmt: skip
