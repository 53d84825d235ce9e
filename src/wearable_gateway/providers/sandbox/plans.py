"""`/v1/plans`: workouts that are planned, read and written."""

from typing import Any

from wearable_gateway.kit.clock import wire_time
from wearable_gateway.providers.sandbox.document import SLUG, Document, Moment
from wearable_gateway.providers.sandbox.plan_steps import PlanStep, read_steps, steps_to_write
from wearable_gateway.providers.sandbox.units import kcal, kilojoules, metres, scaled
from wearable_gateway.providers.sandbox.workouts import sport_of, word_of
from wearable_gateway.providers.sandbox.writing import required_time, stated
from wearable_gateway.unified.planned_workout import PlannedWorkout, PlannedWorkoutMetadata
from wearable_gateway.unified.records import DataType, Record


class Plan(Document):
    id: str
    starts_at: Moment
    created_at: Moment | None = None
    by_coach: bool | None = None
    sport: str = ""
    title: str | None = None
    notes: str | None = None
    minutes: float | None = None
    distance_km: float | None = None
    energy_kj: float | None = None
    steps: tuple[PlanStep, ...] = ()


def planned_workout(plan: Plan) -> Record:
    created = wire_time(plan.created_at) if plan.created_at else None
    day = plan.starts_at.date()
    body = PlannedWorkout(
        planned_workout_id=plan.id,
        provider_workout_id=plan.id,
        planned_date=day.isoformat(),
        created_at=created,
        is_external=plan.by_coach,
        metadata=PlannedWorkoutMetadata(
            id=plan.id,
            provider=SLUG,
            name=plan.title,
            description=plan.notes,
            type=sport_of(plan.sport),
            created_date=created,
            planned_date=wire_time(plan.starts_at),
            estimated_duration_seconds=scaled(plan.minutes, 60),
            estimated_distance_meters=metres(plan.distance_km),
            estimated_calories=kcal(plan.energy_kj),
            estimated_energy_kj=plan.energy_kj,
        ),
        steps=read_steps(plan.steps),
    )
    return Record(DataType.PLANNED_WORKOUT, plan.id, day, body.model_dump(mode="json"))


def plan_to_write(record: PlannedWorkout) -> dict[str, Any]:
    metadata = record.metadata or PlannedWorkoutMetadata()
    energy = metadata.estimated_energy_kj
    return stated(
        {
            "starts_at": required_time("metadata.planned_date", metadata.planned_date or record.planned_date),
            "sport": None if metadata.type is None else word_of(metadata.type),
            "title": metadata.name,
            "notes": metadata.description,
            "minutes": scaled(metadata.estimated_duration_seconds, 1 / 60),
            "distance_km": scaled(metadata.estimated_distance_meters, 0.001),
            "energy_kj": kilojoules(metadata.estimated_calories) if energy is None else energy,
            "steps": steps_to_write(record.steps or []),
        }
    )
