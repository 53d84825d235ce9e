"""The steps of a planned workout in the classic form: words, and a `type` that names the kind of step.

The SDK tells steps, durations and targets apart by their `type`, and refuses the whole answer when it is missing.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from wearable_gateway.unified.fields import Group, Whole


class StepIntensity(StrEnum):
    REST = "REST"
    WARMUP = "WARMUP"
    COOLDOWN = "COOLDOWN"
    RECOVERY = "RECOVERY"
    INTERVAL = "INTERVAL"
    ACTIVE = "ACTIVE"


class DurationType(StrEnum):
    TIME = "TIME"
    DISTANCE_METERS = "DISTANCE_METERS"
    HR_LESS_THAN = "HR_LESS_THAN"
    HR_GREATER_THAN = "HR_GREATER_THAN"
    CALORIES = "CALORIES"
    OPEN = "OPEN"
    POWER_LESS_THAN = "POWER_LESS_THAN"
    POWER_GREATER_THAN = "POWER_GREATER_THAN"
    REPETITION_TIME = "REPETITION_TIME"
    REPS = "REPS"
    FIXED_REST = "FIXED_REST"
    TIME_AT_VALID_CDA = "TIME_AT_VALID_CDA"
    STEPS = "STEPS"


class TargetType(StrEnum):
    SPEED = "SPEED"
    HEART_RATE = "HEART_RATE"
    OPEN = "OPEN"
    CADENCE = "CADENCE"
    POWER = "POWER"
    GRADE = "GRADE"
    RESISTANCE = "RESISTANCE"
    POWER_LAP = "POWER_LAP"
    SWIM_STROKE = "SWIM_STROKE"
    SPEED_LAP = "SPEED_LAP"
    HEART_RATE_LAP = "HEART_RATE_LAP"
    PACE = "PACE"
    HEART_RATE_THRESHOLD_PERCENTAGE = "HEART_RATE_THRESHOLD_PERCENTAGE"
    HEART_RATE_MAX_PERCENTAGE = "HEART_RATE_MAX_PERCENTAGE"
    SPEED_PERCENTAGE = "SPEED_PERCENTAGE"
    POWER_PERCENTAGE = "POWER_PERCENTAGE"
    REPETITION = "REPETITION"
    TSS = "TSS"
    IF = "IF"


class SwimStroke(StrEnum):
    OTHER = "OTHER"
    FREESTYLE = "FREESTYLE"
    BACKSTROKE = "BACKSTROKE"
    BREASTSTROKE = "BREASTSTROKE"
    BUTTERFLY = "BUTTERFLY"
    REST = "REST"


class SwimEquipment(StrEnum):
    NONE = "NONE"
    SWIM_FINS = "SWIM_FINS"
    SWIM_KICKBOARD = "SWIM_KICKBOARD"
    SWIM_PADDLES = "SWIM_PADDLES"
    SWIM_PULL_BUOY = "SWIM_PULL_BUOY"
    SWIM_SNORKEL = "SWIM_SNORKEL"


class ExerciseCategory(StrEnum):
    UNKNOWN = "UNKNOWN"
    BENCH_PRESS = "BENCH_PRESS"
    CALF_RAISE = "CALF_RAISE"
    CARDIO = "CARDIO"
    CARRY = "CARRY"
    CHOP = "CHOP"
    CORE = "CORE"
    CRUNCH = "CRUNCH"
    CURL = "CURL"
    DEADLIFT = "DEADLIFT"
    FLYE = "FLYE"
    HIP_RAISE = "HIP_RAISE"
    HIP_STABILITY = "HIP_STABILITY"
    HIP_SWING = "HIP_SWING"
    HYPEREXTENSION = "HYPEREXTENSION"
    LATERAL_RAISE = "LATERAL_RAISE"
    LEG_CURL = "LEG_CURL"
    LEG_RAISE = "LEG_RAISE"
    LUNGE = "LUNGE"
    OLYMPIC_LIFT = "OLYMPIC_LIFT"
    PLANK = "PLANK"
    PLYO = "PLYO"
    PULL_UP = "PULL_UP"
    PUSH_UP = "PUSH_UP"
    ROW = "ROW"
    SHOULDER_PRESS = "SHOULDER_PRESS"
    SHOULDER_STABILITY = "SHOULDER_STABILITY"
    SHRUG = "SHRUG"
    SIT_UP = "SIT_UP"
    SQUAT = "SQUAT"
    TOTAL_BODY = "TOTAL_BODY"
    TRICEPS_EXTENSION = "TRICEPS_EXTENSION"
    WARM_UP = "WARM_UP"
    RUN = "RUN"
    BIKE = "BIKE"
    CARDIO_SENSORS = "CARDIO_SENSORS"


class DurationForm(StrEnum):
    """Which of a duration's fields speaks."""

    OTHER = "PlannedWorkoutStepDuration"
    TIME = "TimePlannedWorkoutStepDuration"
    POWER_ABOVE = "PowerAbovePlannedWorkoutStepDuration"
    POWER_BELOW = "PowerBelowPlannedWorkoutStepDuration"
    FIXED_REST = "FixedRestPlannedWorkoutStepDuration"
    CALORIES = "CaloriesPlannedWorkoutStepDuration"
    HR_ABOVE = "HRAbovePlannedWorkoutStepDuration"
    HR_BELOW = "HRBelowPlannedWorkoutStepDuration"
    REPS = "RepsPlannedWorkoutStepDuration"
    DISTANCE = "DistancePlannedWorkoutStepDuration"
    STEPS = "StepsPlannedWorkoutStepDuration"


class TargetForm(StrEnum):
    """Which of a target's fields speak."""

    OTHER = "PlannedWorkoutStepTarget"
    CADENCE = "CadencePlannedWorkoutStepTarget"
    HR = "HRPlannedWorkoutStepTarget"
    POWER = "PowerPlannedWorkoutStepTarget"
    SPEED = "SpeedPlannedWorkoutStepTarget"
    PACE = "PacePlannedWorkoutStepTarget"
    TSS = "TSSPlannedWorkoutStepTarget"
    IF = "IFPlannedWorkoutStepTarget"
    REPETITION = "RepetitionPlannedWorkoutStepTarget"
    SWIM_STROKE = "SwimStrokePlannedWorkoutStepTarget"


class StepDuration(Group):
    type: DurationForm
    duration_type: DurationType | None = None
    seconds: Whole | None = None
    rest_seconds: Whole | None = None
    distance_meters: Whole | None = None
    steps: Whole | None = None
    reps: Whole | None = None
    calories: Whole | None = None
    hr_above_bpm: Whole | None = None
    hr_below_bpm: Whole | None = None
    power_above_watts: Whole | None = None
    power_below_watts: Whole | None = None


class StepTarget(Group):
    type: TargetForm
    target_type: TargetType | None = None
    cadence: Whole | None = None
    cadence_low: Whole | None = None
    cadence_high: Whole | None = None
    hr_bpm_low: Whole | None = None
    hr_bpm_high: Whole | None = None
    hr_percentage: float | None = None
    hr_percentage_low: float | None = None
    hr_percentage_high: float | None = None
    power_watt: Whole | None = None
    power_watt_low: Whole | None = None
    power_watt_high: Whole | None = None
    power_percentage: float | None = None
    power_percentage_low: float | None = None
    power_percentage_high: float | None = None
    speed_meters_per_second: float | None = None
    speed_percentage: float | None = None
    speed_percentage_low: float | None = None
    speed_percentage_high: float | None = None
    pace_minutes_per_kilometer: float | None = None
    tss: float | None = None
    if_low: float | None = None
    if_high: float | None = None
    repetitions: float | None = None
    swim_strokes: Whole | None = None


class _Step(Group):
    order: Whole | None = None
    name: str | None = None
    description: str | None = None
    durations: list[StepDuration] | None = None
    targets: list[StepTarget] | None = None


class PlainStep(_Step):
    type: Literal["PlannedWorkoutStep"] = "PlannedWorkoutStep"
    intensity: StepIntensity | None = None


class RepeatStep(_Step):
    """`steps`, over and over. The SDK takes intensity as a word in a plain step and as a number in all others."""

    type: Literal["PlannedWorkoutRepeatStep"] = "PlannedWorkoutRepeatStep"
    intensity: Whole | None = None
    steps: list[PlainStep] | None = None


class SwimmingStep(_Step):
    type: Literal["SwimmingPlannedWorkoutStep"] = "SwimmingPlannedWorkoutStep"
    intensity: Whole | None = None
    stroke_type: SwimStroke | None = None
    equipment_type: SwimEquipment | None = None


class ExerciseStep(_Step):
    """Only a strength step has a weight."""

    type: Literal["CardioPlannedWorkoutStep", "StrengthPlannedWorkoutStep"]
    intensity: Whole | None = None
    exercise_name: str | None = None
    exercise_category: ExerciseCategory | None = None
    weight_kg: float | None = None


class SportStep(_Step):
    type: Literal[
        "YogaPlannedWorkoutStep",
        "PilatesPlannedWorkoutStep",
        "RunningPlannedWorkoutStep",
        "CyclingPlannedWorkoutStep",
    ]
    intensity: Whole | None = None


Step = Annotated[
    PlainStep | RepeatStep | SwimmingStep | ExerciseStep | SportStep, Field(discriminator="type")
]
