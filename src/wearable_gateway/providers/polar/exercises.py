"""`/v3/exercises`: what was trained (https://www.polar.com/accesslink-api/#exercises)."""

from datetime import datetime, timedelta, timezone
from typing import Annotated

from pydantic import Field

from wearable_gateway.kit.clock import wire_time
from wearable_gateway.providers.polar.document import (
    MAKER,
    Amount,
    Bpm,
    Document,
    Length,
    Minutes,
    Moment,
    seconds,
)
from wearable_gateway.providers.polar.series import Location, Measured, Series, position
from wearable_gateway.providers.polar.sports import sport_of
from wearable_gateway.unified.activity import Activity, ActivityMetadata
from wearable_gateway.unified.common import (
    ActiveDurationsData,
    CaloriesData,
    DeviceData,
    TimestampLocalization,
    UploadType,
)
from wearable_gateway.unified.distance import DistanceData, DistanceSummary
from wearable_gateway.unified.heart_rate import (
    HeartRateData,
    HeartRateSummary,
    HeartRateZone,
    HeartRateZoneData,
)
from wearable_gateway.unified.records import DataType, Record

_ZONES = {number: HeartRateZone(number) for number in range(1, 6)}
"""Both count them from very light, 1, to the maximum, 5."""


class HeartRate(Document):
    average: Bpm | None = None
    maximum: Bpm | None = None


class Zone(Document):
    index: int | None = None
    in_zone: Length | None = None


class Exercise(Document):
    id: Annotated[str, Field(coerce_numbers_to_str=True, min_length=1)]
    start_time: Moment
    start_time_utc_offset: Minutes | None = None
    duration: Length | None = None
    device: str | None = None
    device_id: str | None = None
    sport: str | None = None
    detailed_sport_info: str | None = None
    calories: Amount | None = None
    distance: Amount | None = None
    heart_rate: HeartRate | None = None
    heart_rate_zones: tuple[Zone, ...] = ()
    samples: tuple[Series, ...] = ()
    route: tuple[Location, ...] = ()

    @property
    def start(self) -> datetime:
        """The device's own time, which comes without its offset; that stands beside it."""
        if self.start_time_utc_offset is None or self.start_time.tzinfo is not None:
            return self.start_time
        return self.start_time.replace(tzinfo=timezone(timedelta(minutes=self.start_time_utc_offset)))


def activity(exercise: Exercise) -> Record:
    start = exercise.start
    measured = Measured(start, exercise.samples)
    body = Activity(
        metadata=_metadata(exercise),
        active_durations_data=ActiveDurationsData(activity_seconds=seconds(exercise.duration)),
        calories_data=CaloriesData(total_burned_calories=exercise.calories),
        device_data=_device(exercise),
        distance_data=DistanceData(
            summary=DistanceSummary(distance_meters=exercise.distance), detailed=measured.distance()
        ),
        heart_rate_data=HeartRateData(summary=_heart_rate(exercise), detailed=measured.heart_rate()),
        movement_data=measured.movement(),
        position_data=position(start, exercise.route),
        power_data=measured.power(),
    )
    return Record(DataType.ACTIVITY, exercise.id, start.date(), body.model_dump(mode="json"))


def _metadata(exercise: Exercise) -> ActivityMetadata:
    start = exercise.start
    return ActivityMetadata(
        start_time=wire_time(start),
        # An end there must be; without a length nothing later than the start is known.
        end_time=wire_time(start + (exercise.duration or timedelta())),
        timestamp_localization=TimestampLocalization.LOCAL,
        summary_id=exercise.id,
        type=sport_of(exercise.detailed_sport_info, exercise.sport),
        # What was typed in by hand names no device, but neither does everything that was measured.
        upload_type=UploadType.UNKNOWN if exercise.device is None else UploadType.AUTOMATIC,
        name=exercise.detailed_sport_info or exercise.sport,
    )


def _device(exercise: Exercise) -> DeviceData | None:
    if exercise.device is None and exercise.device_id is None:
        return None
    return DeviceData(name=exercise.device, manufacturer=MAKER, serial_number=exercise.device_id)


def _heart_rate(exercise: Exercise) -> HeartRateSummary:
    rate = exercise.heart_rate or HeartRate()
    return HeartRateSummary(
        avg_hr_bpm=rate.average,
        max_hr_bpm=rate.maximum,
        hr_zone_data=[
            HeartRateZoneData(
                zone=None if zone.index is None else _ZONES.get(zone.index, HeartRateZone.OTHER),
                duration_seconds=seconds(zone.in_zone),
            )
            for zone in exercise.heart_rate_zones
        ]
        or None,
    )
