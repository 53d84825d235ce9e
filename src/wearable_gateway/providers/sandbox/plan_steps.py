"""The steps of a plan: the vendor's words for how hard, how long and at what, and Terra's."""

from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import Field

from wearable_gateway.providers.sandbox.document import Document
from wearable_gateway.providers.sandbox.units import scaled
from wearable_gateway.providers.sandbox.writing import stated
from wearable_gateway.unified.planned_steps import (
    DurationForm,
    DurationType,
    ExerciseStep,
    PlainStep,
    RepeatStep,
    Step,
    StepDuration,
    StepIntensity,
    StepTarget,
    TargetForm,
    TargetType,
)

_KMH_PER_MPS = 3.6
_EFFORTS = {
    "warm_up": StepIntensity.WARMUP,
    "cool_down": StepIntensity.COOLDOWN,
    "recover": StepIntensity.RECOVERY,
    "rest": StepIntensity.REST,
    "hard": StepIntensity.INTERVAL,
    "steady": StepIntensity.ACTIVE,
}
_EFFORT_WORDS = {intensity: word for word, intensity in _EFFORTS.items()}
_LASTS = {
    "seconds": (DurationForm.TIME, DurationType.TIME, "seconds"),
    "metres": (DurationForm.DISTANCE, DurationType.DISTANCE_METERS, "distance_meters"),
    "kcal": (DurationForm.CALORIES, DurationType.CALORIES, "calories"),
    "repetitions": (DurationForm.REPS, DurationType.REPS, "reps"),
}
_RANGES = {
    "heart_rate": (TargetForm.HR, TargetType.HEART_RATE, "hr_bpm_low", "hr_bpm_high"),
    "power": (TargetForm.POWER, TargetType.POWER, "power_watt_low", "power_watt_high"),
    "cadence": (TargetForm.CADENCE, TargetType.CADENCE, "cadence_low", "cadence_high"),
}


class Lasts(Document):
    seconds: float | None = None
    metres: float | None = None
    kcal: float | None = None
    repetitions: float | None = None
    open: bool | None = None


class Aim(Document):
    of: str
    lowest: float | None = Field(default=None, alias="from")
    highest: float | None = Field(default=None, alias="to")
    kmh: float | None = None
    seconds_per_km: float | None = None


class SingleStep(Document):
    title: str | None = None
    notes: str | None = None
    effort: str | None = None
    lasts: Lasts | None = None
    aims: tuple[Aim, ...] = ()


class PlanStep(SingleStep):
    """With `times` a block of `steps` that is repeated; in Terra's words a block has no blocks in it."""

    times: int | None = None
    steps: tuple[SingleStep, ...] = ()


def read_steps(steps: Iterable[PlanStep]) -> list[Step]:
    return [
        _single(step, order) if step.times is None else _block(step, step.times, order)
        for order, step in enumerate(steps)
    ]


def _block(step: PlanStep, times: int, order: int) -> RepeatStep:
    repeated = StepTarget(type=TargetForm.REPETITION, target_type=TargetType.REPETITION, repetitions=times)
    return RepeatStep(
        order=order,
        name=step.title,
        description=step.notes,
        targets=[repeated],
        steps=[_single(inner, number) for number, inner in enumerate(step.steps)],
    )


def _single(step: SingleStep, order: int) -> PlainStep:
    return PlainStep(
        order=order,
        name=step.title,
        description=step.notes,
        intensity=_EFFORTS.get(step.effort or ""),
        durations=_durations(step.lasts),
        targets=[target for aim in step.aims if (target := _target(aim)) is not None] or None,
    )


def _durations(lasts: Lasts | None) -> list[StepDuration] | None:
    if lasts is None:
        return None
    if lasts.open:
        return [StepDuration(type=DurationForm.OTHER, duration_type=DurationType.OPEN)]
    found = [
        StepDuration.model_validate({"type": form, "duration_type": kind, field: value})
        for word, (form, kind, field) in _LASTS.items()
        if (value := getattr(lasts, word)) is not None
    ]
    return found or None


def _target(aim: Aim) -> StepTarget | None:
    if aim.of in _RANGES:
        form, kind, low, high = _RANGES[aim.of]
        return StepTarget.model_validate(
            {"type": form, "target_type": kind, low: aim.lowest, high: aim.highest}
        )
    if aim.of == "pace" and aim.seconds_per_km is not None:
        return StepTarget(
            type=TargetForm.PACE,
            target_type=TargetType.PACE,
            pace_minutes_per_kilometer=scaled(aim.seconds_per_km, 1 / 60),
        )
    if aim.of == "speed" and aim.kmh is not None:
        return StepTarget(
            type=TargetForm.SPEED,
            target_type=TargetType.SPEED,
            speed_meters_per_second=scaled(aim.kmh, 1 / _KMH_PER_MPS),
        )
    return None


def steps_to_write(steps: Sequence[Step]) -> list[dict[str, Any]]:
    return [_step_to_write(step) for step in steps]


def _step_to_write(step: Step) -> dict[str, Any]:
    exercise = step.exercise_name if isinstance(step, ExerciseStep) else None
    written: dict[str, Any] = {"title": step.name or exercise, "notes": step.description}
    if isinstance(step, RepeatStep):
        times = next((target.repetitions for target in step.targets or [] if target.repetitions), 1)
        return stated(
            written | {"times": round(times), "steps": [_step_to_write(inner) for inner in step.steps or []]}
        )
    intensity = step.intensity if isinstance(step, PlainStep) else None
    return stated(
        written
        | {
            "effort": _EFFORT_WORDS.get(intensity) if intensity else None,
            "lasts": _lasts_to_write(step.durations or []),
            "aims": [aim for target in step.targets or [] if (aim := _aim_to_write(target))],
        }
    )


def _lasts_to_write(durations: Iterable[StepDuration]) -> dict[str, Any]:
    """The first that the vendor has a word for."""
    for duration in durations:
        if duration.duration_type is DurationType.OPEN:
            return {"open": True}
        for word, (_, _, field) in _LASTS.items():
            if (value := getattr(duration, field)) is not None:
                return {word: value}
    return {}


def _aim_to_write(target: StepTarget) -> dict[str, Any]:
    for word, (_, _, low, high) in _RANGES.items():
        span = stated({"from": getattr(target, low), "to": getattr(target, high)})
        if span:
            return {"of": word, **span}
    if target.pace_minutes_per_kilometer is not None:
        return {"of": "pace", "seconds_per_km": scaled(target.pace_minutes_per_kilometer, 60)}
    if target.speed_meters_per_second is not None:
        return {"of": "speed", "kmh": scaled(target.speed_meters_per_second, _KMH_PER_MPS)}
    return {}
