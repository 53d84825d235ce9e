"""Terra's own Python SDK, as a judge of our models: its types, their fields, and its way of reading an answer."""

import warnings
from collections.abc import Iterator
from enum import Enum
from types import NoneType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel
from terra.activity.types.activity_fetch_response import ActivityFetchResponse
from terra.body.types.body_fetch_response import BodyFetchResponse
from terra.core.pydantic_utilities import parse_obj_as
from terra.core.serialization import get_field_to_alias_mapping
from terra.core.unchecked_base_model import construct_type
from terra.daily.types.daily_fetch_response import DailyFetchResponse
from terra.menstruation.types.menstruation_fetch_response import MenstruationFetchResponse
from terra.nutrition.types.nutrition_fetch_response import NutritionFetchResponse
from terra.plannedworkout.types.planned_workout_fetch_response import PlannedWorkoutFetchResponse
from terra.sleep.types.sleep_fetch_response import SleepFetchResponse
from terra.types.activity import Activity as TerraActivity
from terra.types.athlete import Athlete as TerraAthlete
from terra.types.body import Body as TerraBody
from terra.types.daily import Daily as TerraDaily
from terra.types.menstruation import Menstruation as TerraMenstruation
from terra.types.nutrition import Nutrition as TerraNutrition
from terra.types.planned_workout import PlannedWorkout as TerraPlannedWorkout
from terra.types.sleep import Sleep as TerraSleep

from wearable_gateway.unified.activity import Activity
from wearable_gateway.unified.athlete import Athlete
from wearable_gateway.unified.body import Body
from wearable_gateway.unified.daily import Daily
from wearable_gateway.unified.fields import Group
from wearable_gateway.unified.menstruation import Menstruation
from wearable_gateway.unified.nutrition import Nutrition
from wearable_gateway.unified.planned_workout import PlannedWorkout
from wearable_gateway.unified.sleep import Sleep

TYPES: dict[type[Group], type[BaseModel]] = {
    Activity: TerraActivity,
    Athlete: TerraAthlete,
    Body: TerraBody,
    Daily: TerraDaily,
    Menstruation: TerraMenstruation,
    Nutrition: TerraNutrition,
    PlannedWorkout: TerraPlannedWorkout,
    Sleep: TerraSleep,
}
ANSWERS: dict[type[Group], Any] = {
    Activity: ActivityFetchResponse,
    Body: BodyFetchResponse,
    Daily: DailyFetchResponse,
    Menstruation: MenstruationFetchResponse,
    Nutrition: NutritionFetchResponse,
    PlannedWorkout: PlannedWorkoutFetchResponse,
    Sleep: SleepFetchResponse,
}


def read(model: type[Group], body: dict[str, Any]) -> Any:
    """`body` as the SDK's type of it. Raises ValidationError where the SDK would fall back to dictionaries."""
    return parse_obj_as(TYPES[model], body)


def answer(model: type[Group], bodies: list[dict[str, Any]]) -> Any:
    """What a caller of the SDK holds when a data request is answered with `bodies`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return construct_type(type_=ANSWERS[model], object_={"type": "x", "user": None, "data": bodies})


def wire_fields(sdk: type[BaseModel]) -> dict[str, Any]:
    """The fields of an SDK type, by their names on the wire, with their annotations."""
    aliases = get_field_to_alias_mapping(sdk)
    hints = get_type_hints(sdk, include_extras=True)
    return {aliases.get(name, name): hints[name] for name in sdk.model_fields}


def kinds(hint: Any) -> Iterator[Any]:
    """The types in an annotation, without None and lists."""
    if get_origin(hint) in {Union, list}:
        for part in get_args(hint):
            yield from kinds(part)
    elif get_origin(hint) is Annotated:
        yield from kinds(get_args(hint)[0])
    elif hint is not NoneType:
        yield hint


def words(hint: Any) -> set[str]:
    """The words an SDK type lists."""
    return {word for kind in kinds(hint) if get_origin(kind) is Literal for word in get_args(kind)}


def values(enum: type[Enum]) -> set[object]:
    return {member.value for member in enum}
