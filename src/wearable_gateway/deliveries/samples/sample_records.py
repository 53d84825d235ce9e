"""One made-up record of each type of data: little in it, and all of it valid."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from wearable_gateway.kit.clock import wire_time
from wearable_gateway.unified.activity import Activity
from wearable_gateway.unified.athlete import Athlete
from wearable_gateway.unified.body import Body
from wearable_gateway.unified.daily import Daily
from wearable_gateway.unified.fields import Group
from wearable_gateway.unified.health_observation import HealthObservation
from wearable_gateway.unified.hormone import HormoneSample
from wearable_gateway.unified.menstruation import Menstruation
from wearable_gateway.unified.nutrition import Nutrition
from wearable_gateway.unified.planned_workout import PlannedWorkout
from wearable_gateway.unified.records import DataType
from wearable_gateway.unified.sleep import Sleep

_ID = "test"


def sample_record(kind: DataType, now: datetime) -> dict[str, Any]:
    """What a payload of `kind` carries, of the day before `now`."""
    model, content = _SAMPLES[kind]
    return model.model_validate(content(now)).model_dump(mode="json")


def _day(now: datetime) -> dict[str, str]:
    begins = now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
    return {"start_time": wire_time(begins), "end_time": wire_time(begins + timedelta(days=1))}


def _hours(now: datetime, hours: int) -> dict[str, str]:
    return {"start_time": wire_time(now - timedelta(hours=hours)), "end_time": wire_time(now)}


def _activity(now: datetime) -> dict[str, Any]:
    return {
        "metadata": {"summary_id": _ID, "type": 8, "upload_type": 1, "name": "Test", **_hours(now, 1)},
        "distance_data": {"summary": {"distance_meters": 10_000.0, "steps": 9_000}},
        "calories_data": {"total_burned_calories": 700},
    }


def _athlete(_now: datetime) -> dict[str, Any]:
    return {"first_name": "Test", "last_name": "Test", "sex": "female", "country": "NZ"}


def _body(now: datetime) -> dict[str, Any]:
    measured = {"measurement_time": _day(now)["start_time"], "weight_kg": 70.0, "estimated_fitness_age": 30}
    return {"metadata": _day(now), "measurements_data": {"measurements": [measured]}}


def _daily(now: datetime) -> dict[str, Any]:
    return {
        "metadata": {"upload_type": 1, **_day(now)},
        "distance_data": {"distance_meters": 7_000.0, "steps": 10_000},
        "calories_data": {"total_burned_calories": 2_100},
    }


def _health_observation(now: datetime) -> dict[str, Any]:
    return {
        "metadata": {"summary_id": _ID, **_hours(now, 1)},
        "observation_data": {"observation_type": "headache", "category": 1, "severity": 2},
    }


def _hormone(now: datetime) -> dict[str, Any]:
    return {"timestamp": wire_time(now), "lh_mIU_per_ml": 7.8}


def _menstruation(now: datetime) -> dict[str, Any]:
    cycle = {
        "day_in_cycle": 18,
        "cycle_length_days": 28,
        "is_predicted_cycle": True,
        "current_phase": "luteal",
    }
    return {"metadata": _day(now), "menstruation_data": cycle}


def _nutrition(now: datetime) -> dict[str, Any]:
    return {
        "metadata": _day(now),
        "summary": {"macros": {"calories": 2_000.0, "protein_g": 80.0}, "water_ml": 1_500.0},
    }


def _planned_workout(now: datetime) -> dict[str, Any]:
    planned = {
        "id": _ID,
        "name": "Test",
        "type": "RUNNING",
        "planned_date": wire_time(now + timedelta(days=1)),
    }
    return {"metadata": planned, "steps": [{"type": "PlannedWorkoutStep", "order": 1, "name": "Run"}]}


def _sleep(now: datetime) -> dict[str, Any]:
    return {
        "metadata": {"summary_id": _ID, "upload_type": 2, "is_nap": False, **_hours(now, 8)},
        "sleep_durations_data": {"asleep": {"duration_asleep_state_seconds": 27_000.0}},
    }


_SAMPLES: Mapping[DataType, tuple[type[Group], Callable[[datetime], dict[str, Any]]]] = {
    DataType.ACTIVITY: (Activity, _activity),
    DataType.ATHLETE: (Athlete, _athlete),
    DataType.BODY: (Body, _body),
    DataType.DAILY: (Daily, _daily),
    DataType.HEALTH_OBSERVATION: (HealthObservation, _health_observation),
    DataType.HORMONE: (HormoneSample, _hormone),
    DataType.MENSTRUATION: (Menstruation, _menstruation),
    DataType.NUTRITION: (Nutrition, _nutrition),
    DataType.PLANNED_WORKOUT: (PlannedWorkout, _planned_workout),
    DataType.SLEEP: (Sleep, _sleep),
}
