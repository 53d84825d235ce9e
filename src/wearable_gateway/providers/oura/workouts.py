"""`workout` and `session`: what was done, and the vendor's guided minutes of rest."""

from datetime import datetime

from pydantic import Field

from wearable_gateway.kit.clock import wire_time
from wearable_gateway.providers.oura.document import DEVICE, Document, Moment, Series
from wearable_gateway.providers.oura.heart_rates import detailed_heart_rate
from wearable_gateway.providers.oura.sports import SESSIONS, sport_of
from wearable_gateway.unified.activity import Activity, ActivityMetadata
from wearable_gateway.unified.activity_types import ActivityType
from wearable_gateway.unified.common import (
    ActiveDurationsData,
    CaloriesData,
    TimestampLocalization,
    UploadType,
)
from wearable_gateway.unified.distance import DistanceData, DistanceSummary
from wearable_gateway.unified.heart_rate import HeartRateData
from wearable_gateway.unified.records import DataType, Record

_UPLOADS = {
    "manual": UploadType.MANUAL,
    "autodetected": UploadType.AUTOMATIC,
    "confirmed": UploadType.AUTOMATIC,
    "workout_heart_rate": UploadType.AUTOMATIC,
    "live_oura_heart_rate": UploadType.AUTOMATIC,
}


class Done(Document):
    id: str = Field(min_length=1)
    start_datetime: Moment
    end_datetime: Moment


class Workout(Done):
    activity: str = ""
    label: str | None = None
    source: str | None = None
    calories: float | None = Field(default=None, ge=0, le=100_000)
    distance: float | None = Field(default=None, ge=0, le=10_000_000)


class Session(Done):
    type: str = ""
    heart_rate: Series | None = None
    heart_rate_variability: Series | None = None


def activity(workout: Workout) -> Record:
    upload = _UPLOADS.get(workout.source or "", UploadType.UNKNOWN)
    body = Activity(
        metadata=_metadata(workout, sport_of(workout.activity), upload, workout.label),
        active_durations_data=_duration(workout.start_datetime, workout.end_datetime),
        calories_data=CaloriesData(total_burned_calories=workout.calories),
        device_data=DEVICE if upload is UploadType.AUTOMATIC else None,
        distance_data=DistanceData(summary=DistanceSummary(distance_meters=workout.distance)),
    )
    return _record(workout, body, "workout")


def session_activity(session: Session) -> Record | None:
    """A session as an activity; None of a nap, which comes among the nights and naps."""
    if session.type == "nap":
        return None
    kind = SESSIONS.get(session.type, ActivityType.UNKNOWN)
    body = Activity(
        metadata=_metadata(session, kind, UploadType.AUTOMATIC, None),
        active_durations_data=_duration(session.start_datetime, session.end_datetime),
        device_data=DEVICE,
        heart_rate_data=HeartRateData(
            detailed=detailed_heart_rate(session.heart_rate, session.heart_rate_variability)
        ),
    )
    return _record(session, body, "session")


def _metadata(done: Done, kind: ActivityType, upload: UploadType, name: str | None) -> ActivityMetadata:
    return ActivityMetadata(
        start_time=wire_time(done.start_datetime),
        end_time=wire_time(done.end_datetime),
        summary_id=done.id,
        type=kind,
        upload_type=upload,
        name=name,
        timestamp_localization=TimestampLocalization.LOCAL,
    )


def _duration(start: datetime, end: datetime) -> ActiveDurationsData | None:
    seconds = (end - start).total_seconds()
    return ActiveDurationsData(activity_seconds=seconds) if seconds >= 0 else None


def _record(done: Done, body: Activity, scope: str) -> Record:
    day = done.start_datetime.date()
    return Record(DataType.ACTIVITY, done.id, day, body.model_dump(mode="json"), needs=(scope,))
