"""A workout somebody plans to do, as both of Terra's generations write it.

`metadata` and `steps` are the classic form, which Terra's SDKs read; all else is the newer one. In `details` kinds and
categories are numbers of lists that Terra does not publish.
"""

from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer

from wearable_gateway.unified.activity_types import ActivityType
from wearable_gateway.unified.fields import Group, MomentText, Whole
from wearable_gateway.unified.planned_steps import Step


def _named(value: Any) -> Any:
    return ActivityType.__members__.get(value, value) if isinstance(value, str) else value


ActivityName = Annotated[
    ActivityType, BeforeValidator(_named), PlainSerializer(lambda kind: kind.name, return_type=str)
]
"""An activity type that goes out as its name."""


class PlannedWorkoutMetadata(Group):
    id: str | None = None
    provider: str | None = None
    name: str | None = None
    description: str | None = None
    type: ActivityName | None = None
    created_date: MomentText | None = None
    planned_date: MomentText | None = None
    estimated_duration_seconds: Whole | None = None
    estimated_distance_meters: Whole | None = None
    estimated_calories: Whole | None = None
    estimated_energy_kj: float | None = None
    estimated_elevation_gain_meters: float | None = None
    estimated_speed_meters_per_second: float | None = None
    estimated_pace_minutes_per_kilometer: float | None = None
    estimated_tss: float | None = None
    estimated_tscore: float | None = None
    estimated_if: float | None = None
    pool_length_meters: Whole | None = None


class AthleteMetrics(Group):
    threshold_heart_rate: float | None = None
    max_heart_rate: float | None = None
    threshold_speed: float | None = None
    ftp: float | None = None
    pool_length_meters: float | None = None


class DetailsMetadata(Group):
    id: str | None = None
    provider: str | None = None
    name: str | None = None
    description: str | None = None
    type: ActivityType | None = None
    created_date: str | None = None
    planned_date: str | None = None
    estimated_duration_seconds: float | None = None
    estimated_distance_meters: float | None = None
    estimated_calories: float | None = None
    estimated_energy_kj: float | None = None
    estimated_elevation_gain_meters: float | None = None
    estimated_speed_meters_per_second: float | None = None
    estimated_tss: float | None = None
    estimated_if: float | None = None
    pool_length_meters: float | None = None


class DetailsDuration(Group):
    duration_type: Whole
    seconds: float | None = None
    rest_seconds: float | None = None
    distance_meters: float | None = None
    steps: float | None = None
    reps: float | None = None
    calories: float | None = None
    hr_above_bpm: float | None = None
    hr_below_bpm: float | None = None
    power_above_watts: float | None = None
    power_below_watts: float | None = None


class DetailsTarget(Group):
    target_type: Whole
    cadence: float | None = None
    cadence_low: float | None = None
    cadence_high: float | None = None
    hr_bpm_low: float | None = None
    hr_bpm_high: float | None = None
    hr_percentage: float | None = None
    hr_percentage_low: float | None = None
    hr_percentage_high: float | None = None
    power_watt: float | None = None
    power_watt_low: float | None = None
    power_watt_high: float | None = None
    power_percentage: float | None = None
    power_percentage_low: float | None = None
    power_percentage_high: float | None = None
    speed_meters_per_second: float | None = None
    speed_meters_per_second_low: float | None = None
    speed_meters_per_second_high: float | None = None
    speed_percentage: float | None = None
    speed_percentage_low: float | None = None
    speed_percentage_high: float | None = None
    repetitions: Whole | None = None
    swim_strokes: float | None = None


class DetailsStep(Group):
    """`type` is 0 for a step and 1 for a block of `steps` that is repeated."""

    order: Whole | None = None
    name: str | None = None
    description: str | None = None
    type: Whole | None = None
    intensity: Whole | None = None
    durations: list[DetailsDuration] | None = None
    targets: list[DetailsTarget] | None = None
    stroke_type: Whole | None = None
    equipment_type: list[Whole] | None = None
    exercise_name: str | None = None
    exercise_category: Whole | None = None
    weight_kg: float | None = None
    steps: list["DetailsStep"] | None = None


class PlannedWorkoutDetails(Group):
    metadata: DetailsMetadata | None = None
    steps: list[DetailsStep] | None = None


class PlannedWorkout(Group):
    planned_workout_id: str | None = None
    workout_id: str | None = None
    provider_workout_id: str | None = None
    planned_date: str | None = None
    coercion_warnings: str | None = None
    created_at: str | None = None
    last_updated_at: str | None = None
    is_external: bool | None = None
    athlete_metrics: AthleteMetrics | None = None
    details: PlannedWorkoutDetails | None = None
    metadata: PlannedWorkoutMetadata | None = None
    steps: list[Step] | None = None
