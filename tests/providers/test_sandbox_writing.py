"""SANDBOX: what developers write reaches the vendor in its own form, and comes back as it was."""

from datetime import timedelta
from typing import Any

import pytest

from tests.unit.sandbox.walks import Walk
from wearable_gateway.errors import ProviderLimitError, ProviderRefusedError, ProviderRejectedError
from wearable_gateway.providers.sandbox import PROVIDER
from wearable_gateway.unified.records import DataType

from .accounts import DAY, Account, connected

START, END = "2026-11-21T07:30:00.000000+01:00", "2026-11-21T08:00:00.000000+01:00"
SPAN = {"start_time": START, "end_time": END}
ACTIVITY: dict[str, Any] = {
    "metadata": SPAN | {"summary_id": "mine", "type": 53, "upload_type": 2, "name": "On the lake"},
    "distance_data": {"summary": {"distance_meters": 6100, "steps": 12}},
    "calories_data": {"total_burned_calories": 289},
    "heart_rate_data": {
        "summary": {"avg_hr_bpm": 131.5, "max_hr_bpm": 160},
        "detailed": {"hr_samples": [{"timestamp": START, "bpm": 101}, {"timestamp": END, "bpm": 140}]},
    },
    "movement_data": {"speed_samples": [{"timestamp": START, "speed_meters_per_second": 2.5}]},
    "position_data": {"position_samples": [{"timestamp": END, "coords_lat_lng_deg": [47.5, 9.25]}]},
}
BODY: dict[str, Any] = {
    "metadata": SPAN,
    "measurements_data": {
        "measurements": [
            {
                "measurement_time": START,
                "weight_kg": 71.25,
                "height_cm": 181,
                "bodyfat_percentage": 21.4,
                "RMR": 1600,
                "user_notes": "after breakfast",
            }
        ]
    },
    "blood_pressure_data": {
        "blood_pressure_samples": [{"timestamp": END, "systolic_bp": 118, "diastolic_bp": 76}]
    },
    "glucose_data": {
        "blood_glucose_samples": [{"timestamp": START, "blood_glucose_mg_per_dL": 104, "trend_arrow": 4}]
    },
    "temperature_data": {
        "body_temperature_samples": [{"timestamp": START, "temperature_celsius": 36.7}],
        "skin_temperature_samples": [{"timestamp": START, "temperature_celsius": 33.1}],
    },
    "hydration_data": {"day_total_water_consumption_ml": 250},
}
NUTRITION: dict[str, Any] = {
    "metadata": SPAN,
    "meals": [
        {
            "id": "mine",
            "timestamp": START,
            "name": "Muesli",
            "type": 1,
            "quantity": {"unit": 4, "amount": 1.5},
            "macros": {"calories": 410, "protein_g": 12.5, "sodium_mg": 200, "net_carbohydrates_g": 44},
            "micros": {"vitamin_B12_mg": 0.0011, "sodium_mg": 201, "zinc_mg": 2.2},
        }
    ],
    "drink_samples": [
        {"timestamp": END, "drink_name": "Tea", "drink_volume": 8, "drink_unit": 12},
        {"timestamp": END, "drink_name": "Soup", "drink_volume": 2, "drink_unit": 11},
    ],
}
PLAN: dict[str, Any] = {
    "metadata": {
        "name": "Hills",
        "description": "Stay low.",
        "type": "RUNNING",
        "planned_date": "2026-11-21T18:00:00.000000+01:00",
        "estimated_duration_seconds": 2700,
        "estimated_distance_meters": 6500,
        "estimated_calories": 500,
    },
    "steps": [
        {
            "type": "PlannedWorkoutRepeatStep",
            "name": "Set",
            "targets": [
                {
                    "type": "RepetitionPlannedWorkoutStepTarget",
                    "target_type": "REPETITION",
                    "repetitions": 3,
                }
            ],
            "steps": [
                {
                    "type": "PlannedWorkoutStep",
                    "name": "Up",
                    "intensity": "INTERVAL",
                    "durations": [{"type": "TimePlannedWorkoutStepDuration", "seconds": 90}],
                    "targets": [{"type": "PowerPlannedWorkoutStepTarget", "power_watt_low": 250}],
                },
                {
                    "type": "PlannedWorkoutStep",
                    "intensity": "RECOVERY",
                    "durations": [{"type": "PlannedWorkoutStepDuration", "duration_type": "OPEN"}],
                    "targets": [{"type": "PacePlannedWorkoutStepTarget", "pace_minutes_per_kilometer": 6.5}],
                },
            ],
        },
        {
            "type": "StrengthPlannedWorkoutStep",
            "exercise_name": "Squat",
            "durations": [{"type": "RepsPlannedWorkoutStepDuration", "reps": 12}],
        },
    ],
}
EVERY = pytest.mark.parametrize(
    ("kind", "item"),
    [
        (DataType.ACTIVITY, ACTIVITY),
        (DataType.BODY, BODY),
        (DataType.NUTRITION, NUTRITION),
        (DataType.PLANNED_WORKOUT, PLAN),
    ],
)


def stated(group: Any) -> Any:
    if isinstance(group, dict):
        return {name: stated(value) for name, value in group.items() if value is not None}
    return [stated(item) for item in group] if isinstance(group, list) else group


async def test_a_written_activity_comes_back_as_it_was(account: Account) -> None:
    log_id = await PROVIDER.write(account.access, DataType.ACTIVITY, ACTIVITY)
    (record,) = [record for record in await account.read(DataType.ACTIVITY) if record.key == log_id]
    body = stated(record.body)
    assert record.day == DAY
    assert body["metadata"] == ACTIVITY["metadata"] | {"summary_id": log_id, "timestamp_localization": 1}
    for group in ("distance_data", "calories_data"):
        assert body[group] == ACTIVITY[group]
    assert body["heart_rate_data"]["summary"] == ACTIVITY["heart_rate_data"]["summary"]
    assert [
        (sample["timestamp"], sample["bpm"]) for sample in body["heart_rate_data"]["detailed"]["hr_samples"]
    ] == [(START, 101), (END, 140)]
    assert body["movement_data"]["speed_samples"][0]["speed_meters_per_second"] == 2.5
    assert body["position_data"]["position_samples"][0]["coords_lat_lng_deg"] == [47.5, 9.25]
    assert body["active_durations_data"] == {"activity_seconds": 1800}


async def test_a_written_body_is_part_of_its_day(account: Account) -> None:
    (before,) = await account.read(DataType.BODY)
    await PROVIDER.write(account.access, DataType.BODY, BODY)
    (after,) = await account.read(DataType.BODY)
    assert after.key == before.key
    body = stated(after.body)
    weighed = body["measurements_data"]["measurements"][-1]
    assert weighed.pop("BMI") == 21.75
    assert weighed == BODY["measurements_data"]["measurements"][0]
    for group, series in (
        ("blood_pressure_data", "blood_pressure_samples"),
        ("glucose_data", "blood_glucose_samples"),
        ("temperature_data", "body_temperature_samples"),
        ("temperature_data", "skin_temperature_samples"),
    ):
        assert body[group][series][-1] == BODY[group][series][0]
    water = [day.body["hydration_data"]["day_total_water_consumption_ml"] for day in (before, after)]
    assert water[1] == pytest.approx(water[0] + 250)


async def test_written_nutrition_is_part_of_its_day(account: Account) -> None:
    (before,) = await account.read(DataType.NUTRITION)
    log_id = await PROVIDER.write(account.access, DataType.NUTRITION, NUTRITION)
    (after,) = await account.read(DataType.NUTRITION)
    body = stated(after.body)
    assert body["meals"][-1] == NUTRITION["meals"][0] | {"id": f"{log_id}-1"}
    assert body["drink_samples"][-1] == {
        "timestamp": END,
        "drink_name": "Tea",
        "drink_volume": 236.588,
        "drink_unit": "8",
    }
    assert len(body["drink_samples"]) == len(before.body["drink_samples"]) + 1
    macros = [day.body["summary"]["macros"]["calories"] for day in (before, after)]
    assert macros[1] == pytest.approx(macros[0] + 410)


async def test_a_written_plan_comes_back_with_its_steps(account: Account) -> None:
    log_id = await PROVIDER.write(account.access, DataType.PLANNED_WORKOUT, PLAN)
    records = await account.read(DataType.PLANNED_WORKOUT)
    (record,) = [record for record in records if record.key == log_id]
    body = stated(record.body)
    assert (body["planned_date"], body["is_external"]) == (DAY.isoformat(), False)
    assert PLAN["metadata"].items() <= body["metadata"].items()
    block, squat = body["steps"]
    assert block["targets"] == PLAN["steps"][0]["targets"]
    up, down = block["steps"]
    assert (up["intensity"], up["durations"][0]["seconds"]) == ("INTERVAL", 90)
    assert up["targets"][0]["power_watt_low"] == 250
    assert down["durations"][0]["duration_type"] == "OPEN"
    assert down["targets"][0]["pace_minutes_per_kilometer"] == 6.5
    assert (squat["name"], squat["durations"][0]["reps"]) == ("Squat", 12)


@pytest.mark.parametrize("planned", ["2026-11-21", "2026-11-21T18:00:00", "2026-11-21T18:00:00Z"])
async def test_a_plan_may_name_its_day_in_any_form(account: Account, planned: str) -> None:
    for item in ({"metadata": {"planned_date": planned}}, {"planned_date": planned}):
        log_id = await PROVIDER.write(account.access, DataType.PLANNED_WORKOUT, item)
        assert log_id in {record.key for record in await account.read(DataType.PLANNED_WORKOUT)}


@EVERY
async def test_what_was_written_can_be_removed_once(
    account: Account, kind: DataType, item: dict[str, Any]
) -> None:
    before = await account.read(kind)
    log_id = await PROVIDER.write(account.access, kind, item)
    assert await account.read(kind) != before
    if kind is DataType.ACTIVITY:
        with pytest.raises(ProviderRejectedError):
            await PROVIDER.delete(account.access, kind, log_id)
        return
    await PROVIDER.delete(account.access, kind, log_id)
    assert await account.read(kind) == before
    with pytest.raises(ProviderRejectedError) as raised:
        await PROVIDER.delete(account.access, kind, log_id)
    assert raised.value.status == 404


@EVERY
@pytest.mark.parametrize("log_id", ["", ".", "..", "a/b", "pln_1?x", "pln_1\n", "é", "x" * 4000])
async def test_what_is_no_id_is_found_nowhere_and_not_asked_for(
    account: Account, kind: DataType, item: dict[str, Any], log_id: str
) -> None:
    await PROVIDER.write(account.access, kind, item)
    with pytest.raises(ProviderRejectedError) as raised:
        await PROVIDER.delete(account.access, kind, log_id)
    assert raised.value.status == 404
    calls = (await account.walk.counters())["calls"]
    assert not any(count for name, count in calls.items() if name.startswith("delete."))


@pytest.mark.parametrize(
    ("kind", "item", "field"),
    [
        (DataType.BODY, {}, "metadata"),
        (DataType.BODY, {"metadata": {"end_time": END}}, "metadata.start_time"),
        (DataType.BODY, {"metadata": SPAN | {"start_time": 5}}, "metadata.start_time"),
        (DataType.BODY, {"metadata": SPAN | {"start_time": "soon"}}, "metadata.start_time"),
        (DataType.NUTRITION, {"metadata": SPAN | {"start_time": ""}}, "metadata.start_time"),
        (DataType.ACTIVITY, {"metadata": SPAN}, "metadata.summary_id"),
        (DataType.ACTIVITY, {"metadata": ACTIVITY["metadata"] | {"end_time": "late"}}, "metadata.end_time"),
        (DataType.PLANNED_WORKOUT, {}, "metadata.planned_date"),
        (DataType.PLANNED_WORKOUT, {"metadata": {"planned_date": "soon"}}, "metadata.planned_date"),
    ],
)
async def test_a_record_without_its_time_is_rejected_and_the_field_named(
    account: Account, kind: DataType, item: dict[str, Any], field: str
) -> None:
    with pytest.raises(ProviderRejectedError, match=field) as raised:
        await PROVIDER.write(account.access, kind, item)
    assert raised.value.status == 422
    calls = (await account.walk.counters())["calls"]
    assert not any(count for name, count in calls.items() if name.startswith("write."))


@EVERY
async def test_a_bad_value_costs_its_field_and_not_the_record(
    account: Account, kind: DataType, item: dict[str, Any]
) -> None:
    broken = item | {name: {"nonsense": 1} for name in item if name != "metadata"} | {"nonsense": [1]}
    assert await PROVIDER.write(account.access, kind, broken)


async def test_an_unreadable_sample_is_left_out_and_the_others_go(account: Account) -> None:
    samples = [{"timestamp": "then", "bpm": 90}, {"timestamp": START, "bpm": 101}, {"bpm": 95}]
    item = ACTIVITY | {"heart_rate_data": {"detailed": {"hr_samples": samples}}}
    log_id = await PROVIDER.write(account.access, DataType.ACTIVITY, item)
    (record,) = [record for record in await account.read(DataType.ACTIVITY) if record.key == log_id]
    assert [sample["bpm"] for sample in record.body["heart_rate_data"]["detailed"]["hr_samples"]] == [101]


@EVERY
async def test_the_vendors_refusals_have_their_names(
    account: Account, kind: DataType, item: dict[str, Any]
) -> None:
    await account.walk.control("fail", endpoint="write", status=429, retry_after=5)
    with pytest.raises(ProviderLimitError) as limited:
        await PROVIDER.write(account.access, kind, item)
    assert limited.value.retry_after == 5
    await account.walk.control("fail", endpoint="write", status=422)
    with pytest.raises(ProviderRejectedError):
        await PROVIDER.write(account.access, kind, item)
    reading = await connected(Walk(), scopes=[*PROVIDER.data_scopes[kind]])
    with pytest.raises(ProviderRefusedError):
        await PROVIDER.write(reading.access, kind, item)


async def test_a_days_neighbours_do_not_change(account: Account) -> None:
    around = [DAY - timedelta(days=1), DAY + timedelta(days=1)]
    before = [await account.read(DataType.BODY, day) for day in around]
    await PROVIDER.write(account.access, DataType.BODY, BODY)
    assert [await account.read(DataType.BODY, day) for day in around] == before
