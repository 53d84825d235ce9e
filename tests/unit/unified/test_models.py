"""Our models against Terra's SDK: the same fields, and every instance is read as what it is."""

import math
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError
from terra.types.planned_workout_metadata import PlannedWorkoutMetadata as TerraPlannedWorkoutMetadata

from tests.unit.unified import sdk
from tests.unit.unified.instances import instance_of
from wearable_gateway.kit import json
from wearable_gateway.unified.activity_types import ActivityType
from wearable_gateway.unified.body import GlucoseData, MeasurementDataSample
from wearable_gateway.unified.common import ActivityLevel, ActivityLevelSample, CaloriesData
from wearable_gateway.unified.documentation import MODELS, hints, members
from wearable_gateway.unified.fields import Group
from wearable_gateway.unified.menstruation import MenstruationData
from wearable_gateway.unified.nutrition import DrinkSample, NutritionUnits
from wearable_gateway.unified.planned_steps import StepDuration, StepTarget
from wearable_gateway.unified.planned_workout import PlannedWorkoutMetadata
from wearable_gateway.unified.sleep import Sleep, SleepScores

ONLY_IN_THE_SCHEMAS = {
    "ActivityDataEnrichment": {
        *("efficiency_score", "efficiency_contributors", "strain_score", "strain_contributors"),
        *("rcrs_score", "rcrs_contributors", "trimp_score", "trimp_contributors"),
    },
    "ActivityLevelSample": {"activity_level", "timer_duration_seconds"},
    "Athlete": {"account_creation_date", "provider_user_id"},
    "BloodPressureData": {"day_avg_systolic_bp", "day_avg_diastolic_bp"},
    "DailyDataEnrichment": {
        *("resilience_score", "resilience_contributors", "strain_index", "strain_traffic_light"),
        *("strain_contributors", "total_stress_score_v2", "total_stress_score_v2_contributors"),
    },
    "GlucoseData": {"day_avg_blood_glucose_mg_per_dl", "day_avg_detailed_blood_glucose_mg_per_dL"},
    "HydrationData": {"day_avg_hydration_kg"},
    "KetoneData": {"day_avg_ketone_mg_per_dL"},
    "LapSample": {"avg_watts", "active_duration_seconds", "trigger_method"},
    "MeasurementDataSample": {"visceral_fat_level", "visceral_fat_category"},
    "MeasurementsData": {
        f"day_avg_{what}"
        for what in (
            *(
                "bmi",
                "bmr",
                "rmr",
                "estimated_fitness_age",
                "skin_fold_mm",
                "bodyfat_percentage",
                "weight_kg",
            ),
            *(
                "height_cm",
                "bone_mass_g",
                "muscle_mass_g",
                "lean_mass_g",
                "water_percentage",
                "insulin_units",
            ),
            "visceral_fat_level",
        )
    },
    "MenstruationData": {"intervals", "fertility_window_start", "fertility_window_end", "ovulation_day"},
    "NutritionMicros": {"sodium_mg"},
    "OxygenData": {"day_avg_vo2max_ml_per_min_per_kg"},
    "PlannedWorkout": {
        *("planned_workout_id", "workout_id", "provider_workout_id", "planned_date", "coercion_warnings"),
        *("created_at", "last_updated_at", "is_external", "athlete_metrics", "details"),
    },
    "SleepDataEnrichment": {
        *("sleep_score_v2", "sleep_score_v2_contributors", "readiness_score", "readiness_contributors"),
        *("respiratory_score_v2", "respiratory_score_v2_contributors"),
    },
    "SleepScores": {"sleep"},
    "TemperatureData": {
        *("day_avg_ambient_temperature_celsius", "day_avg_body_temperature_celsius"),
        "day_avg_skin_temperature_celsius",
    },
}
"""Fields of Terra's published schemas that its SDK has under another name or not at all."""

TYPED = [pytest.param(model, id=model.__name__) for model in sdk.TYPES]


def _pairs(model: type[Group], terra: type[BaseModel]) -> Iterator[tuple[type[Group], type[BaseModel]]]:
    """`model` and each group in it, beside the SDK's type of it."""
    yield model, terra
    theirs = sdk.wire_fields(terra)
    for name, hint in hints(model).items():
        groups = {part for part in members(hint) if isinstance(part, type) and issubclass(part, Group)}
        types = [kind for kind in sdk.kinds(theirs.get(name)) if hasattr(kind, "model_fields")]
        for group in groups:
            yield from _pairs(group, _same(group, types)) if types else ()


def _same(group: type[Group], types: list[type[BaseModel]]) -> type[BaseModel]:
    """The SDK's type of `group`; of several the one with the same word as its `type`."""
    words = sdk.words(hints(group).get("type")) if "type" in hints(group) else set()
    return next((each for each in types if words & sdk.words(sdk.wire_fields(each).get("type"))), types[0])


PAIRS = {
    group.__name__: (group, terra)
    for model, sdk_type in sdk.TYPES.items()
    for group, terra in _pairs(model, sdk_type)
    if group not in {StepDuration, StepTarget}
}


@pytest.mark.parametrize("name", sorted(PAIRS))
def test_a_group_has_the_sdks_fields_and_the_schemas(name: str) -> None:
    group, terra = PAIRS[name]
    ours, theirs = set(hints(group)), set(sdk.wire_fields(terra))
    # A group of several kinds of step has the fields of each; a plain step inside a repeated one has its kind too.
    of_steps = {"type", "weight_kg"} if name.endswith("Step") else set()
    assert ours - theirs - of_steps == ONLY_IN_THE_SCHEMAS.get(name, set())
    assert theirs <= ours


@pytest.mark.parametrize("name", sorted(PAIRS))
def test_what_the_sdk_requires_is_required(name: str) -> None:
    group, terra = PAIRS[name]
    required = {field for field, info in terra.model_fields.items() if info.is_required()}
    assert required <= {field for field, info in group.model_fields.items() if info.is_required()}


def test_every_exception_is_of_a_group_there_is() -> None:
    assert set(ONLY_IN_THE_SCHEMAS) <= set(PAIRS)


@pytest.mark.parametrize(("group", "field"), [(StepDuration, "durations"), (StepTarget, "targets")])
def test_a_condition_of_a_step_has_the_fields_and_words_of_all_its_kinds(
    group: type[Group], field: str
) -> None:
    _, step = PAIRS["PlainStep"]
    fields = [sdk.wire_fields(kind) for kind in sdk.kinds(sdk.wire_fields(step)[field])]
    assert set(hints(group)) == set().union(*fields)
    (form,) = members(hints(group)["type"])
    assert sdk.values(form) == set().union(*(sdk.words(known["type"]) for known in fields))


@pytest.mark.parametrize("name", sorted(PAIRS))
def test_a_words_enum_has_the_sdks_words(name: str) -> None:
    group, terra = PAIRS[name]
    theirs = sdk.wire_fields(terra)
    for field, hint in hints(group).items():
        words = sdk.words(theirs.get(field))
        if words and field != "type":
            (enum,) = members(hint)
            assert sdk.values(enum) == words


def test_an_activity_type_has_the_name_by_which_the_sdk_knows_it() -> None:
    words = sdk.words(sdk.wire_fields(TerraPlannedWorkoutMetadata)["type"])
    assert len(words) == 125
    assert words <= set(ActivityType.__members__)


def test_activity_types_are_terras_146_numbers() -> None:
    unused = {2, 6, 72, 107, 109, 110, 111, 112, 121}
    assert sdk.values(ActivityType) == set(range(155)) - unused


@pytest.mark.parametrize("model", TYPED)
def test_the_sdk_reads_every_instance_as_what_it_is(model: type[Group]) -> None:
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(instance=instance_of(model))
    def reads(instance: Group) -> None:
        body = json.load(json.dump(instance.model_dump(mode="json")))
        assert isinstance(sdk.read(model, body), sdk.TYPES[model])
        if model in sdk.ANSWERS:
            answered = sdk.answer(model, [body])
            assert type(answered).__name__ == f"{model.__name__}FetchResponseData"
            assert [type(item) for item in answered.data] == [sdk.TYPES[model]]

    reads()


@pytest.mark.parametrize("model", [pytest.param(model, id=model.__name__) for model in MODELS])
def test_a_dump_reads_back_as_the_same_instance(model: type[Group]) -> None:
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(instance=instance_of(model))
    def reads_back(instance: Group) -> None:
        assert model.model_validate(instance.model_dump(mode="json")) == instance

    reads_back()


def test_the_judge_would_notice_a_value_the_sdk_does_not_take() -> None:
    body = Sleep.model_validate(
        {
            "metadata": {"start_time": "", "end_time": "", "upload_type": 2},
            "readiness_data": {"readiness": 71.6},
        }
    ).model_dump(mode="json")
    assert body["readiness_data"]["readiness"] == 72
    body["readiness_data"]["readiness"] = 71.6
    with pytest.raises(ValidationError):
        sdk.read(Sleep, body)
    assert type(sdk.answer(Sleep, [body])).__name__ == "NoDataReturned"


@given(number=st.floats(-1e15, 1e15) | st.integers(-(2**53), 2**53))
def test_whole_numbers_go_out_as_integers_within_half_of_what_came(number: float) -> None:
    told = CaloriesData(BMR_calories=number).model_dump(mode="json")["BMR_calories"]
    assert type(told) is int
    assert abs(told - number) <= 0.5


@pytest.mark.parametrize("given", ["512.4", "512", 512, 512.4])
def test_a_whole_number_may_come_as_text(given: object) -> None:
    assert CaloriesData.model_validate({"BMR_calories": given}).BMR_calories == 512


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, "nan", "inf", 1e300, 2**64, "n/a", [], {}])
def test_what_json_cannot_carry_is_no_whole_number(bad: object) -> None:
    with pytest.raises(ValidationError):
        CaloriesData.model_validate({"BMR_calories": bad})


@pytest.mark.parametrize("bad", [math.nan, math.inf, "nan", "n/a", []])
def test_nan_and_infinity_are_no_numbers(bad: object) -> None:
    with pytest.raises(ValidationError):
        SleepScores.model_validate({"sleep": bad})


@pytest.mark.parametrize(
    ("group", "given", "told"),
    [
        (MeasurementDataSample, {"estimated_fitness_age": 31.6}, {"estimated_fitness_age": "32"}),
        (MenstruationData, {"cycle_length_days": 28}, {"cycle_length_days": "28"}),
        (MenstruationData, {"is_predicted_cycle": False}, {"is_predicted_cycle": "false"}),
        (DrinkSample, {"drink_unit": NutritionUnits.MILLILITER}, {"drink_unit": "8"}),
        (PlannedWorkoutMetadata, {"type": ActivityType.RUNNING}, {"type": "RUNNING"}),
        (SleepScores, {"sleep": 84}, {"sleep": 84, "sleep_score": 84}),
        (ActivityLevelSample, {"activity_level": ActivityLevel.REST}, {"activity_level": 1, "level": 1}),
        (ActivityLevelSample, {"level": 1}, {"activity_level": 1, "level": 1}),
        (
            GlucoseData,
            {"day_avg_blood_glucose_mg_per_dL": 92.5},
            {"day_avg_blood_glucose_mg_per_dL": 92.5, "day_avg_blood_glucose_mg_per_dl": 92.5},
        ),
    ],
)
def test_a_field_goes_out_in_the_type_and_under_the_names_its_readers_know(
    group: type[Group], given: dict[str, Any], told: dict[str, Any]
) -> None:
    dump = group.model_validate(given).model_dump(mode="json")
    assert {name: value for name, value in dump.items() if value is not None} == told


def test_a_field_of_two_names_has_one_value() -> None:
    assert SleepScores(sleep=84, sleep_score=12) == SleepScores(sleep=84)


@pytest.mark.parametrize("bad", ["tomorrow", "2026-13-01", ""])
def test_a_date_the_sdk_cannot_read_is_refused(bad: str) -> None:
    with pytest.raises(ValidationError):
        PlannedWorkoutMetadata(planned_date=bad)
