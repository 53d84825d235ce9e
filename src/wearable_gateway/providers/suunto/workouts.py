"""`/v3/workouts`: what was done."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Annotated

from pydantic import Field

from wearable_gateway.kit.clock import wire_time
from wearable_gateway.providers.suunto.document import Bpm, Document, Gear, Rate, Seconds, device
from wearable_gateway.providers.suunto.sports import sport_of
from wearable_gateway.unified.activity import (
    Activity,
    ActivityMetadata,
    MovementData,
    PositionData,
    TSSData,
    TSSSample,
)
from wearable_gateway.unified.common import (
    ActiveDurationsData,
    CaloriesData,
    TimestampLocalization,
    UploadType,
)
from wearable_gateway.unified.distance import DistanceData, DistanceSummary, ElevationData
from wearable_gateway.unified.heart_rate import HeartRateData, HeartRateSummary
from wearable_gateway.unified.records import DataType, Record

_FURTHEST_OFFSET_MINUTES = 14 * 60
_SLOWEST_CADENCE = 15
_UPLOADS = {True: UploadType.MANUAL, False: UploadType.AUTOMATIC, None: UploadType.UNKNOWN}
Milliseconds = Annotated[int, Field(ge=0, lt=7_258_118_400_000)]
Amount = Annotated[float, Field(ge=0)]


class Position(Document):
    """`x` is the longitude. 0 and 0, in the Gulf of Guinea, is written for a workout without one."""

    x: float = Field(ge=-180, le=180)
    y: float = Field(ge=-90, le=90)


class Heart(Document):
    """`max` is left alone: it repeats what the wearer set, not what was measured."""

    average: Bpm = Field(default=None, alias="workoutAvgHR")
    highest: Bpm = Field(default=None, alias="workoutMaxHR")
    of_wearer: Bpm = Field(default=None, alias="userMaxHR")


class Cadence(Document):
    avg: Rate = None
    max: Rate = None


class Stress(Document):
    method: str | None = Field(default=None, alias="calculationMethod")
    score: Amount | None = Field(default=None, alias="trainingStressScore")


class Workout(Document):
    key: str = Field(alias="workoutKey", min_length=1)
    started_ms: Milliseconds = Field(alias="startTime")
    stopped_ms: Milliseconds | None = Field(default=None, alias="stopTime")
    active_s: Seconds | None = Field(default=None, alias="totalTime")
    offset_minutes: int | None = Field(
        default=None,
        alias="timeOffsetInMinutes",
        ge=-_FURTHEST_OFFSET_MINUTES,
        le=_FURTHEST_OFFSET_MINUTES,
    )
    sport: int | None = Field(default=None, alias="activityId")
    manual: bool | None = Field(default=None, alias="isManuallyAdded")
    distance_m: Amount | None = Field(default=None, alias="totalDistance")
    steps: Amount | None = Field(default=None, alias="stepCount")
    floors: Amount | None = Field(default=None, alias="estimatedFloorsClimbed")
    ascent_m: Amount | None = Field(default=None, alias="totalAscent")
    descent_m: Amount | None = Field(default=None, alias="totalDescent")
    lowest_m: float | None = Field(default=None, alias="minAltitude")
    highest_m: float | None = Field(default=None, alias="maxAltitude")
    start: Position | None = Field(default=None, alias="startPosition")
    centre: Position | None = Field(default=None, alias="centerPosition")
    stop: Position | None = Field(default=None, alias="stopPosition")
    energy_kcal: Amount | None = Field(default=None, alias="energyConsumption")
    average_mps: Rate = Field(default=None, alias="avgSpeed")
    fastest_mps: Rate = Field(default=None, alias="maxSpeed")
    minutes_per_km: Rate = Field(default=None, alias="avgPace")
    heart: Heart | None = Field(default=None, alias="hrdata")
    cadence: Cadence | None = None
    stress: Stress | None = Field(default=None, alias="tss")
    gear: Gear | None = None

    @property
    def started(self) -> datetime:
        return self._at(self.started_ms)

    @property
    def ended(self) -> datetime | None:
        """A workout that has only just come in has no `stopTime`; what it took then leaves pauses out."""
        if self.stopped_ms is not None and self.stopped_ms >= self.started_ms:
            return self._at(self.stopped_ms)
        return None if self.active_s is None else self.started + timedelta(seconds=self.active_s)

    def _at(self, milliseconds: int) -> datetime:
        zone = UTC if self.offset_minutes is None else timezone(timedelta(minutes=self.offset_minutes))
        return datetime.fromtimestamp(0, zone) + timedelta(milliseconds=milliseconds)


def activity(workout: Workout) -> Record | None:
    """The workout's record; None when nothing says when it ended."""
    ended = workout.ended
    if ended is None:
        return None
    body = Activity(
        metadata=_metadata(workout, ended),
        active_durations_data=ActiveDurationsData(activity_seconds=workout.active_s),
        calories_data=CaloriesData(total_burned_calories=workout.energy_kcal),
        device_data=device(workout.gear),
        distance_data=_distance(workout),
        heart_rate_data=_heart(workout.heart),
        movement_data=_movement(workout),
        position_data=_position(workout),
        TSS_data=_stress(workout.stress),
    )
    return Record(DataType.ACTIVITY, workout.key, workout.started.date(), body.model_dump(mode="json"))


def _metadata(workout: Workout, ended: datetime) -> ActivityMetadata:
    is_local = workout.offset_minutes is not None
    return ActivityMetadata(
        start_time=wire_time(workout.started),
        end_time=wire_time(ended),
        summary_id=workout.key,
        type=sport_of(workout.sport),
        upload_type=_UPLOADS[workout.manual],
        timestamp_localization=TimestampLocalization.LOCAL if is_local else TimestampLocalization.UTC,
    )


def _distance(workout: Workout) -> DistanceData:
    return DistanceData(
        summary=DistanceSummary(
            distance_meters=workout.distance_m,
            steps=workout.steps,
            floors_climbed=workout.floors,
            elevation=ElevationData(
                gain_actual_meters=workout.ascent_m,
                loss_actual_meters=workout.descent_m,
                min_meters=workout.lowest_m,
                max_meters=workout.highest_m,
            ),
        )
    )


def _heart(heart: Heart | None) -> HeartRateData | None:
    if heart is None:
        return None
    return HeartRateData(
        summary=HeartRateSummary(
            avg_hr_bpm=heart.average, max_hr_bpm=heart.highest, user_max_hr_bpm=heart.of_wearer
        )
    )


def _movement(workout: Workout) -> MovementData:
    cadence = workout.cadence or Cadence()
    return MovementData(
        avg_speed_meters_per_second=workout.average_mps,
        max_speed_meters_per_second=workout.fastest_mps,
        avg_pace_minutes_per_kilometer=workout.minutes_per_km,
        avg_cadence_rpm=_rpm(cadence.avg),
        max_cadence_rpm=_rpm(cadence.max),
    )


def _rpm(cadence: float | None) -> float | None:
    """Older watches count by the second; nobody's legs turn so slowly that the two could be confused."""
    if cadence is None:
        return None
    return round(cadence * 60, 4) if cadence < _SLOWEST_CADENCE else cadence


def _position(workout: Workout) -> PositionData:
    return PositionData(
        start_pos_lat_lng_deg=_place(workout.start),
        center_pos_lat_lng_deg=_place(workout.centre),
        end_pos_lat_lng_deg=_place(workout.stop),
    )


def _place(position: Position | None) -> tuple[float, float] | None:
    return None if position is None or position.x == position.y == 0 else (position.y, position.x)


def _stress(stress: Stress | None) -> TSSData | None:
    if stress is None or stress.score is None:
        return None
    return TSSData(TSS_samples=[TSSSample(actual=stress.score, method=stress.method)])
