"""`write` and `delete`: what was written can be read again under the id that was told, and not after its removal."""

from typing import Any

import pytest
from terra.activity.types.activity_write_response import ActivityWriteResponse
from terra.body.types.body_delete_response import BodyDeleteResponse
from terra.body.types.body_write_response import BodyWriteResponse
from terra.nutrition.types.nutrition_delete_response import NutritionDeleteResponse
from terra.nutrition.types.nutrition_write_response import NutritionWriteResponse
from terra.plannedworkout.types.planned_workout_delete_response import PlannedWorkoutDeleteResponse
from terra.plannedworkout.types.planned_workout_write_response import PlannedWorkoutWriteResponse

from tests.contract.calls import records
from tests.contract.calls.using import INLINE, Case, Using
from tests.contract.clients import typed

DAY = {"start_date": records.DAY, "end_date": records.DAY, "to_webhook": False}


def for_user(user_id: str) -> dict[str, Any]:
    """The Python client has no parameter for it."""
    return {"request_options": {"additional_query_parameters": {"user_id": user_id}}}


async def _written(using: Using, group: str, kind: type, items: list[Any]) -> tuple[str, list[str]]:
    """Whose the items are now, and under which ids."""
    user_id = await using.connected("ann")
    write = getattr(using.terra, group).write
    if group == "plannedworkout":
        answer = typed(await write(user_id=user_id, data=items), kind)
    else:
        answer = typed(await write(data=items, **for_user(user_id)), kind)
    assert answer.user.user_id == user_id
    assert answer.message
    assert answer.status == "success"
    ids: list[str] = answer.log_ids
    assert len(set(ids)) == len(items)
    return user_id, ids


async def _removed(using: Using, group: str, kind: type, user_id: str, ids: list[str]) -> None:
    name = "log_ids" if group == "body" else "data"
    answer = typed(await getattr(using.terra, group).delete(user_id=user_id, **{name: ids}), kind)
    assert answer.user.user_id == user_id
    assert [(one.id, one.response_code) for one in answer.processed_data] == [(one, 200) for one in ids]


async def write_activities(using: Using) -> None:
    items = [records.activity("first"), records.activity("second")]
    user_id, ids = await _written(using, "activity", ActivityWriteResponse, items)
    found = (await using.terra.activity.fetch(user_id=user_id, **DAY)).data
    names = {workout.metadata.summary_id: workout.metadata.name for workout in found}
    assert [names[one] for one in ids] == ["first", "second"]


async def _weights(using: Using, user_id: str) -> list[float]:
    (day,) = (await using.terra.body.fetch(user_id=user_id, with_samples=True, **DAY)).data
    return [one.weight_kg for one in day.measurements_data.measurements] if day.measurements_data else []


async def write_body(using: Using) -> None:
    items = [records.body(81.5), records.body(82.5)]
    user_id, _ = await _written(using, "body", BodyWriteResponse, items)
    assert (await _weights(using, user_id))[-2:] == [pytest.approx(81.5), pytest.approx(82.5)]


async def delete_body(using: Using) -> None:
    items = [records.body(81.5), records.body(82.5)]
    user_id, ids = await _written(using, "body", BodyWriteResponse, items)
    await _removed(using, "body", BodyDeleteResponse, user_id, ids[:1])
    weights = await _weights(using, user_id)
    assert weights[-1] == pytest.approx(82.5)
    assert 81.5 not in weights


async def _meals(using: Using, user_id: str) -> list[str]:
    (day,) = (await using.terra.nutrition.fetch(user_id=user_id, **DAY)).data
    return [meal.name for meal in day.meals]


async def write_nutrition(using: Using) -> None:
    items = [records.nutrition("Soup"), records.nutrition("Stew")]
    user_id, _ = await _written(using, "nutrition", NutritionWriteResponse, items)
    assert (await _meals(using, user_id))[-2:] == ["Soup", "Stew"]


async def delete_nutrition(using: Using) -> None:
    items = [records.nutrition("Soup"), records.nutrition("Stew")]
    user_id, ids = await _written(using, "nutrition", NutritionWriteResponse, items)
    await _removed(using, "nutrition", NutritionDeleteResponse, user_id, ids[:1])
    meals = await _meals(using, user_id)
    assert meals[-1] == "Stew"
    assert "Soup" not in meals


async def _plans(using: Using, user_id: str) -> dict[str, str]:
    found = (await using.terra.plannedworkout.fetch(user_id=user_id, **INLINE)).data
    return {plan.metadata.id: plan.metadata.name for plan in found}


async def write_planned_workouts(using: Using) -> None:
    items = [records.planned_workout("Hills"), records.planned_workout("Track")]
    user_id, ids = await _written(using, "plannedworkout", PlannedWorkoutWriteResponse, items)
    plans = await _plans(using, user_id)
    assert [plans[one] for one in ids] == ["Hills", "Track"]


async def delete_planned_workouts(using: Using) -> None:
    items = [records.planned_workout("Hills"), records.planned_workout("Track")]
    user_id, ids = await _written(using, "plannedworkout", PlannedWorkoutWriteResponse, items)
    await _removed(using, "plannedworkout", PlannedWorkoutDeleteResponse, user_id, ids[:1])
    plans = await _plans(using, user_id)
    assert ids[0] not in plans
    assert plans[ids[1]] == "Track"


CASES: dict[str, Case] = {
    "activity.write": write_activities,
    "body.write": write_body,
    "body.delete": delete_body,
    "nutrition.write": write_nutrition,
    "nutrition.delete": delete_nutrition,
    "plannedworkout.write": write_planned_workouts,
    "plannedworkout.delete": delete_planned_workouts,
}
