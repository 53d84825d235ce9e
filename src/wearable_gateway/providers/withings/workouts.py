"""`getworkouts`: what was done, with the intraday entries of the same hours beside it."""

from typing import Annotated

from pydantic import Field

from wearable_gateway.providers.withings.devices import device_numbered, is_foreign
from wearable_gateway.providers.withings.document import Amount, AsMap, Count, Id, Moment, percentage
from wearable_gateway.providers.withings.intraday import (
    HeartRates,
    Tracked,
    calories,
    distances,
    heart_rate_summary,
    heart_rates,
    saturations,
)
from wearable_gateway.providers.withings.sports import sport_of
from wearable_gateway.unified.activity import Activity, ActivityMetadata
from wearable_gateway.unified.common import ActiveDurationsData, CaloriesData, OxygenData, UploadType
from wearable_gateway.unified.distance import DistanceData, DistanceSummary, SwimmingData
from wearable_gateway.unified.heart_rate import HeartRateData
from wearable_gateway.unified.records import DataType, Record

AMBIGUOUS = 1
"""The `attrib` of what may belong to another person who uses the device."""
_UPLOADS = {
    0: UploadType.AUTOMATIC,
    2: UploadType.MANUAL,
    4: UploadType.MANUAL,
    5: UploadType.AUTOMATIC,
    7: UploadType.AUTOMATIC,
    8: UploadType.AUTOMATIC,
}


class WorkoutData(HeartRates):
    """`elevation` counts floors, not metres; what is manual was entered by the person, and 0 when it was not."""

    active_kcal: Amount | None = Field(default=None, alias="calories")
    manual_kcal: Amount | None = Field(default=None, alias="manual_calories")
    distance: Amount | None = None
    manual_distance: Amount | None = None
    steps: Count | None = None
    floors: Amount | None = Field(default=None, alias="elevation")
    pause_duration: Amount | None = None
    spo2_average: Amount | None = None
    pool_laps: Count | None = None
    strokes: Count | None = None


class Workout(Tracked):
    id: Id
    category: int | None = None
    model: int | None = None
    attrib: int | None = None
    started_at: Moment = Field(alias="startdate")
    ended_at: Moment = Field(alias="enddate")
    data: Annotated[WorkoutData, AsMap] = WorkoutData()


def activity(workout: Workout) -> Record | None:
    """None when the workout may be somebody else's."""
    if workout.attrib == AMBIGUOUS:
        return None
    data = workout.data
    body = Activity(
        metadata=ActivityMetadata(
            start_time=workout.at(workout.started_at),
            end_time=workout.at(workout.ended_at),
            summary_id=workout.id,
            type=sport_of(workout.category),
            upload_type=_upload(workout),
            timestamp_localization=workout.localization,
        ),
        active_durations_data=ActiveDurationsData(activity_seconds=_active_seconds(workout)),
        calories_data=CaloriesData(
            net_activity_calories=_measured_or_entered(data.active_kcal, data.manual_kcal),
            calorie_samples=calories(workout),
        ),
        device_data=device_numbered(workout.model),
        distance_data=DistanceData(summary=_distance(data), detailed=distances(workout)),
        heart_rate_data=HeartRateData(summary=heart_rate_summary(data), detailed=heart_rates(workout)),
        oxygen_data=OxygenData(
            avg_saturation_percentage=percentage(data.spo2_average), saturation_samples=saturations(workout)
        ),
    )
    day = workout.local(workout.started_at).date()
    return Record(DataType.ACTIVITY, workout.id, day, body.model_dump(mode="json"))


def _upload(workout: Workout) -> UploadType:
    by_attrib = UploadType.UNKNOWN if workout.attrib is None else _UPLOADS.get(workout.attrib)
    if by_attrib is UploadType.AUTOMATIC and is_foreign(workout.model):
        return UploadType.THIRD_PARTY
    return by_attrib or UploadType.UNKNOWN


def _active_seconds(workout: Workout) -> float | None:
    """None when it is not known how long the person paused."""
    if workout.data.pause_duration is None:
        return None
    active = (workout.ended_at - workout.started_at).total_seconds() - workout.data.pause_duration
    return active if active >= 0 else None


def _measured_or_entered(measured: float | None, entered: float | None) -> float | None:
    return entered if entered and not measured else measured


def _distance(data: WorkoutData) -> DistanceSummary:
    swum = SwimmingData(num_laps=data.pool_laps, num_strokes=data.strokes)
    return DistanceSummary(
        distance_meters=_measured_or_entered(data.distance, data.manual_distance),
        steps=data.steps,
        floors_climbed=data.floors,
        swimming=swum if swum != SwimmingData() else None,
    )
