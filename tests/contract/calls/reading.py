"""The `fetch` of every type of data: the client's own type, with what the vendor's documents say."""

from datetime import UTC, datetime
from typing import Any

import pytest
from terra.activity.types.activity_fetch_response_data import ActivityFetchResponseData
from terra.athlete.types.athlete_fetch_response import AthleteFetchResponse_Athlete
from terra.body.types.body_fetch_response_data import BodyFetchResponseData
from terra.daily.types.daily_fetch_response_data import DailyFetchResponseData
from terra.menstruation.types.menstruation_fetch_response_data import MenstruationFetchResponseData
from terra.nutrition.types.nutrition_fetch_response_data import NutritionFetchResponseData
from terra.plannedworkout.types.planned_workout_fetch_response_data import PlannedWorkoutFetchResponseData
from terra.sleep.types.sleep_fetch_response_data import SleepFetchResponseData

from tests.contract.calls.using import INLINE, Case, Using, same_moment
from tests.contract.clients import typed
from tests.contract.vendor_documents import person

KJ_PER_KCAL = 4.184
MG_PER_DL = 18.016


async def _fetched(using: Using, group: str, kind: type, **choices: bool) -> list[Any]:
    user_id = await using.connected("ann")
    answer = typed(
        await getattr(using.terra, group).fetch(user_id=user_id, **INLINE, **choices),
        kind,
    )
    assert (answer.user.user_id, answer.user.reference_id) == (user_id, "ann")
    found: list[Any] = answer.data
    return found


async def activity(using: Using) -> None:
    found = await _fetched(using, "activity", ActivityFetchResponseData, with_samples=True)
    noted = using.documents("activity")
    assert [workout.metadata.summary_id for workout in found] == [one["id"] for one in noted]
    for workout, one in zip(found, noted, strict=True):
        assert same_moment(workout.metadata.start_time, one["started_at"])
        assert same_moment(workout.metadata.end_time, one["ended_at"])
        assert workout.metadata.name == one["title"]
        burned = workout.calories_data.total_burned_calories
        assert burned == pytest.approx(one["energy_kj"] / KJ_PER_KCAL, abs=1)
        summary = workout.distance_data.summary
        assert summary.distance_meters == (one["distance_km"] and round(one["distance_km"] * 1000))
        assert workout.heart_rate_data.summary.avg_hr_bpm == one["average_heart_rate"]
        if one["series"]:
            samples = workout.heart_rate_data.detailed.hr_samples
            assert samples[0].bpm == one["series"][0]["heart_rate"]


async def athlete(using: Using) -> None:
    user_id = await using.connected("ann")
    answer = typed(
        await using.terra.athlete.fetch(user_id=user_id, to_webhook=False), AthleteFetchResponse_Athlete
    )
    noted = person(using.account, datetime.now(UTC).date())
    found = answer.athlete
    assert answer.user.user_id == user_id
    assert (found.first_name, found.last_name) == (noted["given_name"], noted["family_name"])
    assert (found.email, found.city, found.country) == (noted["email"], noted["town"], noted["country"])
    assert (found.date_of_birth, found.sex) == (noted["born_on"], noted["sex"])
    assert found.provider_user_id == noted["account_id"]


async def body(using: Using) -> None:
    found = await _fetched(using, "body", BodyFetchResponseData, with_samples=True)
    noted = using.documents("body")
    assert [day.metadata.start_time[:10] for day in found] == [one["date"] for one in noted]
    assert any(one["weigh_ins"] for one in noted)
    for day, one in zip(found, noted, strict=True):
        weighed = day.measurements_data.measurements if day.measurements_data else []
        assert [sample.weight_kg for sample in weighed] == [
            pytest.approx(weigh_in["weight_g"] / 1000) for weigh_in in one["weigh_ins"]
        ]
        glucose = day.glucose_data.blood_glucose_samples
        assert [sample.blood_glucose_mg_per_d_l for sample in glucose] == [
            pytest.approx(reading["mmol_per_l"] * MG_PER_DL, abs=1) for reading in one["glucose_series"]
        ]
        assert day.hydration_data.day_total_water_consumption_ml == pytest.approx(one["water_l"] * 1000)


async def daily(using: Using) -> None:
    found = await _fetched(using, "daily", DailyFetchResponseData, with_samples=True)
    noted = using.documents("daily")
    assert [day.metadata.start_time[:10] for day in found] == [one["date"] for one in noted]
    for day, one in zip(found, noted, strict=True):
        assert day.distance_data.steps == one["steps"]
        assert day.distance_data.distance_meters == round(one["distance_km"] * 1000)
        assert day.heart_rate_data.summary.resting_hr_bpm == one["resting_heart_rate"]
        resting = day.calories_data.bmr_calories
        assert resting == pytest.approx(one["resting_energy_kj"] / KJ_PER_KCAL, abs=1)
        samples = day.heart_rate_data.detailed.hr_samples
        assert [sample.bpm for sample in samples] == [one["bpm"] for one in one["heart_rate_series"]]


async def menstruation(using: Using) -> None:
    found = await _fetched(using, "menstruation", MenstruationFetchResponseData, with_samples=True)
    noted = using.documents("menstruation")
    assert [day.metadata.start_time[:10] for day in found] == [one["date"] for one in noted]
    for day, one in zip(found, noted, strict=True):
        cycle = day.menstruation_data
        assert (cycle.day_in_cycle, cycle.period_start_date) == (one["cycle_day"], one["cycle_started_on"])
        assert (cycle.cycle_length_days, cycle.period_length_days) == (
            str(one["cycle_days"]),
            one["bleeding_days"],
        )
        assert cycle.is_predicted_cycle == ("true" if one["predicted"] else "false")


async def nutrition(using: Using) -> None:
    found = await _fetched(using, "nutrition", NutritionFetchResponseData, with_samples=True)
    noted = using.documents("nutrition")
    assert [day.metadata.start_time[:10] for day in found] == [one["date"] for one in noted]
    for day, one in zip(found, noted, strict=True):
        assert [(meal.id, meal.name) for meal in day.meals] == [
            (meal["id"], meal["name"]) for meal in one["meals"]
        ]
        for meal, eaten in zip(day.meals, one["meals"], strict=True):
            assert same_moment(meal.timestamp, eaten["at"])
            assert meal.macros.protein_g == pytest.approx(eaten["nutrients"]["protein_g"])
        total = one["totals"]["nutrients"]["energy_kj"] / KJ_PER_KCAL
        assert day.summary.macros.calories == pytest.approx(total, abs=1)
        assert [drink.drink_name for drink in day.drink_samples] == [drink["name"] for drink in one["drinks"]]


async def plannedworkout(using: Using) -> None:
    found = await _fetched(using, "plannedworkout", PlannedWorkoutFetchResponseData)
    noted = using.documents("planned_workout")
    assert [plan.metadata.id for plan in found] == [one["id"] for one in noted]
    for plan, one in zip(found, noted, strict=True):
        assert plan.metadata.name == one["title"]
        assert plan.metadata.planned_date == datetime.fromisoformat(one["starts_at"])
        assert plan.metadata.estimated_duration_seconds == one["minutes"] * 60
        assert [step.name for step in plan.steps] == [step["title"] for step in one["steps"]]


async def sleep(using: Using) -> None:
    found = await _fetched(using, "sleep", SleepFetchResponseData, with_samples=True)
    noted = using.documents("sleep")
    assert [night.metadata.summary_id for night in found] == [one["id"] for one in noted]
    for night, one in zip(found, noted, strict=True):
        assert same_moment(night.metadata.start_time, one["started_at"])
        assert same_moment(night.metadata.end_time, one["ended_at"])
        assert night.metadata.is_nap is one["nap"]
        deep = sum(stage["minutes"] for stage in one["stages"] if stage["stage"] == "deep")
        asleep = night.sleep_durations_data.asleep
        assert asleep.duration_deep_sleep_state_seconds == deep * 60
        assert len(night.sleep_durations_data.hypnogram_samples) == len(one["stages"])


CASES: dict[str, Case] = {
    "activity.fetch": activity,
    "athlete.fetch": athlete,
    "body.fetch": body,
    "daily.fetch": daily,
    "menstruation.fetch": menstruation,
    "nutrition.fetch": nutrition,
    "plannedworkout.fetch": plannedworkout,
    "sleep.fetch": sleep,
}
