"""`/v1/workouts`: what was done."""

from datetime import timedelta

from pydantic import Field

from wearable_gateway.kit.clock import wire_time
from wearable_gateway.providers.sandbox.document import DEVICE, Document, Moment
from wearable_gateway.providers.sandbox.units import kcal, metres, scaled
from wearable_gateway.unified.activity import (
    Activity,
    ActivityMetadata,
    MovementData,
    PositionData,
    PositionSample,
    SpeedSample,
)
from wearable_gateway.unified.activity_types import ActivityType
from wearable_gateway.unified.common import (
    ActiveDurationsData,
    CaloriesData,
    TimestampLocalization,
    UploadType,
)
from wearable_gateway.unified.distance import DistanceData, DistanceSummary
from wearable_gateway.unified.heart_rate import (
    HeartRateData,
    HeartRateDetailed,
    HeartRateSample,
    HeartRateSummary,
)
from wearable_gateway.unified.records import DataType, Record

_MPS_PER_KMH = 1 / 3.6
_LONGEST_SECONDS = 30 * 24 * 3600
_SPORTS = {
    "run": ActivityType.RUNNING,
    "ride": ActivityType.BIKING,
    "walk": ActivityType.WALKING,
    "swim": ActivityType.SWIMMING,
    "yoga": ActivityType.YOGA,
    "strength": ActivityType.STRENGTH_TRAINING,
}
_WORDS = {kind: word for word, kind in _SPORTS.items()}

Place = tuple[float, float]


class Row(Document):
    second: float = Field(ge=0, le=_LONGEST_SECONDS)
    heart_rate: float | None = None
    kmh: float | None = None
    lat: float | None = None
    lng: float | None = None

    @property
    def place(self) -> Place | None:
        return None if self.lat is None or self.lng is None else (self.lat, self.lng)


class Workout(Document):
    id: str
    started_at: Moment
    ended_at: Moment
    sport: str = ""
    title: str | None = None
    manual: bool = False
    distance_km: float | None = None
    energy_kj: float | None = None
    steps: int | None = None
    average_heart_rate: float | None = None
    max_heart_rate: float | None = None
    series: tuple[Row, ...] = Field(default=())

    def at(self, row: Row) -> str:
        return wire_time(self.started_at + timedelta(seconds=row.second))


def sport_of(word: str) -> ActivityType:
    """A sport of the vendor's, or one it was told by a client and repeats."""
    return _SPORTS.get(word) or ActivityType.__members__.get(word.upper(), ActivityType.UNKNOWN)


def word_of(kind: ActivityType) -> str:
    return _WORDS.get(kind, kind.name.lower())


def activity(workout: Workout) -> Record:
    body = Activity(
        metadata=ActivityMetadata(
            start_time=wire_time(workout.started_at),
            end_time=wire_time(workout.ended_at),
            summary_id=workout.id,
            type=sport_of(workout.sport),
            upload_type=UploadType.MANUAL if workout.manual else UploadType.AUTOMATIC,
            name=workout.title,
            timestamp_localization=TimestampLocalization.LOCAL,
        ),
        active_durations_data=ActiveDurationsData(
            activity_seconds=(workout.ended_at - workout.started_at).total_seconds()
        ),
        calories_data=CaloriesData(total_burned_calories=kcal(workout.energy_kj)),
        device_data=None if workout.manual else DEVICE,
        distance_data=DistanceData(
            summary=DistanceSummary(distance_meters=metres(workout.distance_km), steps=workout.steps)
        ),
        heart_rate_data=HeartRateData(
            summary=HeartRateSummary(
                avg_hr_bpm=workout.average_heart_rate, max_hr_bpm=workout.max_heart_rate
            ),
            detailed=_heart_rate(workout),
        ),
        movement_data=_movement(workout),
        position_data=_position(workout),
    )
    return Record(DataType.ACTIVITY, workout.id, workout.started_at.date(), body.model_dump(mode="json"))


def _heart_rate(workout: Workout) -> HeartRateDetailed | None:
    samples = [
        HeartRateSample(timestamp=workout.at(row), bpm=row.heart_rate, timer_duration_seconds=row.second)
        for row in workout.series
        if row.heart_rate is not None
    ]
    return HeartRateDetailed(hr_samples=samples) if samples else None


def _movement(workout: Workout) -> MovementData | None:
    samples = [
        SpeedSample(
            timestamp=workout.at(row),
            speed_meters_per_second=scaled(row.kmh, _MPS_PER_KMH),
            timer_duration_seconds=row.second,
        )
        for row in workout.series
        if row.kmh is not None
    ]
    return MovementData(speed_samples=samples) if samples else None


def _position(workout: Workout) -> PositionData | None:
    samples = [
        PositionSample(
            timestamp=workout.at(row), coords_lat_lng_deg=row.place, timer_duration_seconds=row.second
        )
        for row in workout.series
        if row.place is not None
    ]
    if not samples:
        return None
    return PositionData(
        start_pos_lat_lng_deg=samples[0].coords_lat_lng_deg,
        end_pos_lat_lng_deg=samples[-1].coords_lat_lng_deg,
        position_samples=samples,
    )
