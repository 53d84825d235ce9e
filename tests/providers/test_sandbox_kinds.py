"""SANDBOX, the kinds beyond days, workouts and nights: golden records, checked by hand for units and zones."""

from datetime import date
from typing import Any

import pytest

from wearable_gateway.providers.sandbox import PROVIDER
from wearable_gateway.unified.records import ALWAYS, DataType, Record

from .documents import BODY, CYCLE, DIARY, HORMONES, OBSERVATION, PLAN, PROFILE


def normalised(kind: DataType, document: dict[str, Any]) -> Record:
    record = PROVIDER.normalise(kind, document)
    assert record is not None
    assert record.type is kind
    return record


def stated(group: Any) -> Any:
    """`group` without what is null, however deep."""
    if isinstance(group, dict):
        return {name: stated(value) for name, value in group.items() if value is not None}
    return [stated(item) for item in group] if isinstance(group, list) else group


SPAN = {
    "start_time": "2026-11-21T00:00:00.000000-05:00",
    "end_time": "2026-11-22T00:00:00.000000-05:00",
    "timestamp_localization": 1,
}


def test_a_body_in_terras_units() -> None:
    record = normalised(DataType.BODY, BODY)
    assert (record.key, record.day) == ("2026-11-21", date(2026, 11, 21))
    body = stated(record.body)
    assert body["metadata"] == SPAN
    assert body["measurements_data"] == {
        "day_avg_weight_kg": 72.5,
        "day_avg_height_cm": 180,
        "day_avg_bmi": 22.22,
        "day_avg_rmr": 1600,
        "day_avg_bodyfat_percentage": 22.9,
        "day_avg_water_percentage": 56.3,
        "day_avg_muscle_mass_g": 43_300,
        "day_avg_bone_mass_g": 3020,
        "day_avg_lean_mass_g": 55_512,
        "measurements": [
            {
                "measurement_time": "2026-11-21T07:00:00.000000-05:00",
                "weight_kg": 72,
                "height_cm": 180,
                "BMI": 22.22,
                "RMR": 1600,
                "bodyfat_percentage": 22.9,
                "water_percentage": 56.3,
                "muscle_mass_g": 43_300,
                "bone_mass_g": 3020,
                "lean_mass_g": 55_512,
            },
            {"measurement_time": "2026-11-21T21:00:00.000000-05:00", "weight_kg": 73},
        ],
    }
    assert body["blood_pressure_data"]["day_avg_systolic_bp"] == 119.5
    assert body["blood_pressure_data"]["blood_pressure_samples"][0] == {
        "timestamp": "2026-11-21T08:00:00.000000-05:00",
        "systolic_bp": 121,
        "diastolic_bp": 79,
    }
    assert body["glucose_data"] == {
        "day_avg_blood_glucose_mg_per_dL": 90.08,
        "day_avg_blood_glucose_mg_per_dl": 90.08,
        "time_in_range": 98.5,
        "blood_glucose_samples": [
            {
                "timestamp": "2026-11-21T00:15:00.000000-05:00",
                "blood_glucose_mg_per_dL": 99,
                "trend_arrow": 4,
            }
        ],
    }
    temperatures = body["temperature_data"]
    assert temperatures["day_avg_body_temperature_celsius"] == 37
    assert temperatures["skin_temperature_samples"] == [
        {"timestamp": "2026-11-21T02:00:00.000000-05:00", "temperature_celsius": 34}
    ]
    assert body["hydration_data"] == {"day_total_water_consumption_ml": 2350}
    assert body["oxygen_data"] == {"avg_saturation_percentage": 97.2, "vo2max_ml_per_min_per_kg": 44.1}


def test_a_cycle_in_terras_words() -> None:
    record = normalised(DataType.MENSTRUATION, CYCLE)
    assert (record.key, record.day) == ("2026-11-21", date(2026, 11, 21))
    body = stated(record.body)
    assert body["metadata"] == SPAN
    assert body["menstruation_data"] == {
        "period_start_date": "2026-11-13",
        "period_length_days": 5,
        "day_in_cycle": 9,
        "cycle_length_days": "28",
        "predicted_cycle_length_days": 28,
        "is_predicted_cycle": "true",
        "current_phase": "fertile",
        "length_of_current_phase_days": 5,
        "days_until_next_phase": 5,
        "fertility_window_start": "2026-11-21",
        "fertility_window_end": "2026-11-26",
        "ovulation_day": "2026-11-26",
        "last_updated_time": "2026-11-21T21:00:00.000000-05:00",
        "menstruation_flow": [{"timestamp": "2026-11-21T20:30:00.000000-05:00", "flow": 4}],
        "intervals": [
            {
                "start_timestamp": "2026-11-13T00:00:00.000000-05:00",
                "end_timestamp": "2026-11-18T00:00:00.000000-05:00",
                "phase": 1,
            }
        ],
    }


def test_a_diary_in_terras_units() -> None:
    record = normalised(DataType.NUTRITION, DIARY)
    assert (record.key, record.day) == ("2026-11-21", date(2026, 11, 21))
    body = stated(record.body)
    macros = {
        "calories": 500,
        "carbohydrates_g": 62.5,
        "sugar_g": 18.1,
        "fiber_g": 7.4,
        "fat_g": 17,
        "saturated_fat_g": 5.5,
        "protein_g": 21,
        "sodium_mg": 600,
        "cholesterol_mg": 12,
    }
    micros = {"vitamin_C_mg": 30.5, "vitamin_B12_mg": 0.0012, "folate_mg": 0.08}
    assert body["metadata"] == SPAN
    assert body["summary"] == {"macros": macros, "micros": micros, "water_ml": 300, "drink_ml": 180}
    soup, something = body["meals"]
    assert soup == {
        "id": "mea_1",
        "timestamp": "2026-11-21T12:40:00.000000-05:00",
        "name": "Lentil soup",
        "type": 3,
        "quantity": {"unit": 1, "amount": 350},
        "macros": macros,
        "micros": micros,
    }
    assert something["quantity"] == {"unit": 10, "amount": 1}
    assert (something["type"], something["macros"]) == (0, {})
    assert body["drink_samples"] == [
        {
            "timestamp": "2026-11-21T09:00:00.000000-05:00",
            "drink_name": "Water",
            "drink_volume": 300,
            "drink_unit": "8",
        }
    ]


def test_a_profile_is_the_one_athlete() -> None:
    record = normalised(DataType.ATHLETE, PROFILE)
    assert (record.key, record.day) == ("athlete", ALWAYS)
    assert stated(record.body) == {
        "provider_user_id": "acc_1",
        "first_name": "Avelia",
        "last_name": "Testwell",
        "email": "avelia@sandbox.example",
        "sex": "female",
        "date_of_birth": "1984-02-29",
        "age": 42,
        "bio": "Made up.",
        "city": "Exampleford",
        "state": "Northshire",
        "country": "GB",
        "account_creation_date": "2021-05-04",
        "joined_provider": "2021-05-04",
        "devices": [
            {
                "name": "Sandbox Band",
                "manufacturer": "Sandbox Wearables",
                "serial_number": "dev_1",
                "software_version": "2.1",
            }
        ],
    }


def test_a_plan_with_its_steps() -> None:
    record = normalised(DataType.PLANNED_WORKOUT, PLAN)
    assert (record.key, record.day) == ("pln_1", date(2026, 11, 21))
    body = stated(record.body)
    warm_up, main_set = body.pop("steps")
    assert body == {
        "planned_workout_id": "pln_1",
        "provider_workout_id": "pln_1",
        "planned_date": "2026-11-21",
        "created_at": "2026-11-14T10:00:00.000000-05:00",
        "is_external": True,
        "metadata": {
            "id": "pln_1",
            "provider": "SANDBOX",
            "name": "4 times 400 m",
            "description": "Run tall.",
            "type": "RUNNING",
            "created_date": "2026-11-14T10:00:00.000000-05:00",
            "planned_date": "2026-11-21T18:00:00.000000-05:00",
            "estimated_duration_seconds": 2460,
            "estimated_distance_meters": 5400,
            "estimated_calories": 440,
            "estimated_energy_kj": 1840.96,
        },
    }
    assert warm_up == {
        "type": "PlannedWorkoutStep",
        "order": 0,
        "name": "Warm up",
        "intensity": "WARMUP",
        "durations": [{"type": "TimePlannedWorkoutStepDuration", "duration_type": "TIME", "seconds": 600}],
        "targets": [
            {
                "type": "HRPlannedWorkoutStepTarget",
                "target_type": "HEART_RATE",
                "hr_bpm_low": 120,
                "hr_bpm_high": 140,
            }
        ],
    }
    assert (main_set["type"], main_set["order"]) == ("PlannedWorkoutRepeatStep", 1)
    assert main_set["targets"][0]["repetitions"] == 4
    fast, jog = main_set["steps"]
    assert fast["durations"][0]["distance_meters"] == 400
    assert fast["targets"][0]["pace_minutes_per_kilometer"] == 4.5
    assert jog["durations"] == [{"type": "PlannedWorkoutStepDuration", "duration_type": "OPEN"}]
    assert jog["targets"][0]["speed_meters_per_second"] == 2.5


def test_a_hormone_test_is_named_by_its_time() -> None:
    record = normalised(DataType.HORMONE, HORMONES)
    assert (record.key, record.day) == ("2026-11-21T06:40:00.000000-05:00", date(2026, 11, 21))
    assert stated(record.body) == {
        "timestamp": "2026-11-21T06:40:00.000000-05:00",
        "lh_mIU_per_ml": 41.2,
        "e3g_ng_per_ml": 210.5,
        "pdg_ug_per_ml": 1.8,
        "fsh_mIU_per_ml": 6.1,
    }


def test_an_observation_with_codes_and_parts() -> None:
    record = normalised(DataType.HEALTH_OBSERVATION, OBSERVATION)
    assert (record.key, record.day) == ("obs_1", date(2026, 11, 21))
    assert stated(record.body) == {
        "metadata": {
            "summary_id": "obs_1",
            "start_time": "2026-11-21T10:00:00.000000-05:00",
            "end_time": "2026-11-21T11:30:00.000000-05:00",
            "timestamp_localization": 1,
        },
        "observation_data": {
            "observation_type": "headache",
            "category": 1,
            "severity": 3,
            "status": 2,
            "codes": [{"system": "http://snomed.info/sct", "code": "25064002", "display": "Headache"}],
            "value": {"value_type": 1, "quantity": 6, "unit": "of 10"},
            "components": [{"code": "aura", "value": {"value_type": 2, "boolean": False}}],
            "notes": "After lunch.",
        },
    }


EVERY = [
    (DataType.BODY, BODY, {"date", "utc_offset"}),
    (DataType.MENSTRUATION, CYCLE, {"date", "utc_offset"}),
    (DataType.NUTRITION, DIARY, {"date", "utc_offset"}),
    (DataType.ATHLETE, PROFILE, {"account_id"}),
    (DataType.PLANNED_WORKOUT, PLAN, {"id", "starts_at"}),
    (DataType.HORMONE, HORMONES, {"taken_at"}),
    (DataType.HEALTH_OBSERVATION, OBSERVATION, {"id", "noted_at", "what"}),
]


@pytest.mark.parametrize(("kind", "document", "needed"), EVERY)
def test_a_bad_value_costs_its_field(kind: DataType, document: dict[str, Any], needed: set[str]) -> None:
    for name in set(document) - needed:
        without = normalised(kind, {key: value for key, value in document.items() if key != name})
        for bad in (object(), {"x": object()}):
            assert normalised(kind, document | {name: bad}) in (
                without,
                # A group whose fields are all optional is there and empty.
                normalised(kind, document | {name: {}}) if name in {"totals", "answer"} else without,
            )


@pytest.mark.parametrize(("kind", "document", "needed"), EVERY)
def test_a_document_that_cannot_be_named_is_refused(
    kind: DataType, document: dict[str, Any], needed: set[str]
) -> None:
    for name in needed:
        for broken in ({**document, name: None}, {**document, name: []}):
            with pytest.raises(ValueError, match=name):
                PROVIDER.normalise(kind, broken)


@pytest.mark.parametrize(
    ("kind", "document", "place"),
    [
        (DataType.BODY, BODY, ("weigh_ins", 0, "weight_g")),
        (DataType.BODY, BODY, ("glucose_series", 0, "mmol_per_l")),
        (DataType.MENSTRUATION, CYCLE, ("phases", 0, "phase")),
        (DataType.NUTRITION, DIARY, ("meals", 0, "amount")),
        (DataType.NUTRITION, DIARY, ("meals", 0, "nutrients", "salt_g")),
        (DataType.ATHLETE, PROFILE, ("devices", 0, "serial")),
        (DataType.PLANNED_WORKOUT, PLAN, ("steps", 1, "steps", 0, "lasts")),
        (DataType.HEALTH_OBSERVATION, OBSERVATION, ("codes", 0, "label")),
    ],
)
def test_a_bad_value_deep_inside_leaves_the_rest_alone(
    kind: DataType, document: dict[str, Any], place: tuple[Any, ...]
) -> None:
    whole, broken = normalised(kind, document).body, normalised(kind, _broken(document, place)).body
    assert broken != whole
    assert {name for name in whole if whole[name] != broken[name]} <= {
        *("measurements_data", "glucose_data", "menstruation_data", "meals", "devices", "steps"),
        "observation_data",
    }


def _broken(node: Any, place: tuple[Any, ...]) -> Any:
    if not place:
        return object()
    name, *rest = place
    if isinstance(node, list):
        return [_broken(item, tuple(rest)) if number == name else item for number, item in enumerate(node)]
    return {key: _broken(value, tuple(rest)) if key == name else value for key, value in node.items()}


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        ({"words": "calm"}, {"value_type": 3, "text": "calm"}),
        ({"code": "present"}, {"value_type": 4, "code": "present"}),
        ({"yes": True}, {"value_type": 2, "boolean": True}),
        ({}, None),
    ],
)
def test_an_answer_is_of_the_type_it_has(answer: dict[str, Any], value: object) -> None:
    record = normalised(DataType.HEALTH_OBSERVATION, OBSERVATION | {"answer": answer})
    assert stated(record.body["observation_data"]["value"]) == value


def test_words_nobody_knows_become_unknown() -> None:
    cycle = normalised(DataType.MENSTRUATION, CYCLE | {"phase": "eclipse"}).body["menstruation_data"]
    assert cycle["current_phase"] == "unknown"
    plan = normalised(DataType.PLANNED_WORKOUT, PLAN | {"sport": "quidditch"}).body
    assert plan["metadata"]["type"] == "UNKNOWN"
