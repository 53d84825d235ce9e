"""`activities`, `manuallyUpdatedActivities` and `activityDetails`: what was started as a workout."""

from datetime import datetime

from pydantic import Field

from wearable_gateway.kit.clock import wire_time
from wearable_gateway.providers.garmin.document import (
    Count,
    Document,
    Duration,
    NotNegative,
    Positive,
    Timed,
)
from wearable_gateway.providers.garmin.sports import sport_of
from wearable_gateway.providers.garmin.tracks import (
    NO_TRACK,
    Lap,
    Latitude,
    Longitude,
    Sample,
    Track,
    position,
    track_of,
)
from wearable_gateway.unified.activity import Activity, ActivityMetadata, MovementData, PositionData
from wearable_gateway.unified.common import ActiveDurationsData, CaloriesData, DeviceData, UploadType
from wearable_gateway.unified.distance import DistanceData, DistanceSummary, ElevationData
from wearable_gateway.unified.heart_rate import HeartRateData, HeartRateSummary
from wearable_gateway.unified.records import DataType, Record


class Overview(Timed):
    """What an activity's summary and its details both tell of it."""

    name: str | None = Field(default=None, alias="activityName")
    sport: str | None = Field(default=None, alias="activityType")
    seconds: Duration | None = Field(default=None, alias="durationInSeconds")
    device: str | None = Field(default=None, alias="deviceName")
    manual: bool | None = None
    kilocalories: NotNegative | None = Field(default=None, alias="activeKilocalories")
    metres: NotNegative | None = Field(default=None, alias="distanceInMeters")
    steps: Count | None = None
    climbed_metres: NotNegative | None = Field(default=None, alias="totalElevationGainInMeters")
    descended_metres: NotNegative | None = Field(default=None, alias="totalElevationLossInMeters")
    average_bpm: Positive | None = Field(default=None, alias="averageHeartRateInBeatsPerMinute")
    highest_bpm: Positive | None = Field(default=None, alias="maxHeartRateInBeatsPerMinute")
    average_speed: NotNegative | None = Field(default=None, alias="averageSpeedInMetersPerSecond")
    highest_speed: NotNegative | None = Field(default=None, alias="maxSpeedInMetersPerSecond")
    average_pace: Positive | None = Field(default=None, alias="averagePaceInMinutesPerKilometer")
    fastest_pace: Positive | None = Field(default=None, alias="maxPaceInMinutesPerKilometer")
    average_pedalling: NotNegative | None = Field(default=None, alias="averageBikeCadenceInRoundsPerMinute")
    fastest_pedalling: NotNegative | None = Field(default=None, alias="maxBikeCadenceInRoundsPerMinute")
    latitude: Latitude | None = Field(default=None, alias="startingLatitudeInDegree")
    longitude: Longitude | None = Field(default=None, alias="startingLongitudeInDegree")

    @property
    def ended(self) -> datetime:
        return self.after(self.seconds or 0)


class Workout(Overview):
    summary_id: str = Field(alias="summaryId")
    activity_id: int | None = Field(default=None, alias="activityId")


class Details(Document):
    summary_id: str = Field(alias="summaryId")
    activity_id: int | None = Field(default=None, alias="activityId")
    overview: Overview = Field(alias="summary")
    samples: tuple[Sample, ...] = ()
    laps: tuple[Lap, ...] = ()


def activity(workout: Workout) -> Record:
    """An activity of `activities`."""
    return _record(workout, _key(workout.summary_id, workout.activity_id), UploadType.AUTOMATIC)


def updated_activity(workout: Workout) -> Record:
    """An activity that its owner changed at the vendor's, or typed in there."""
    return _record(workout, _key(workout.summary_id, workout.activity_id), UploadType.UPDATE)


def activity_with_track(details: Details) -> Record:
    key = _key(details.summary_id, details.activity_id)
    track = track_of(details.samples, details.laps, details.overview.offset)
    return _record(details.overview, key, UploadType.AUTOMATIC, track)


def _key(summary_id: str, activity_id: int | None) -> str:
    """The name that an activity's summary and its details share: the vendor's id of the activity.

    The summary id of details is that of the summary with `-detail` behind.
    """
    return summary_id.removesuffix("-detail") if activity_id is None else str(activity_id)


def _record(overview: Overview, key: str, upload: UploadType, track: Track = NO_TRACK) -> Record:
    """`upload` says how the activity came, unless it was typed in."""
    body = Activity(
        metadata=ActivityMetadata(
            start_time=wire_time(overview.after(0)),
            end_time=wire_time(overview.ended),
            summary_id=key,
            type=sport_of(overview.sport),
            upload_type=UploadType.MANUAL if overview.manual else upload,
            name=overview.name,
            timestamp_localization=overview.localization,
        ),
        active_durations_data=ActiveDurationsData(activity_seconds=overview.seconds),
        # Here, and only here, the vendor's active kilocalories contain those of rest.
        calories_data=CaloriesData(total_burned_calories=overview.kilocalories),
        device_data=_device(overview.device),
        distance_data=DistanceData(summary=_distance(overview), detailed=track.distance),
        heart_rate_data=HeartRateData(
            summary=HeartRateSummary(avg_hr_bpm=overview.average_bpm, max_hr_bpm=overview.highest_bpm),
            detailed=track.heart_rate,
        ),
        lap_data=track.laps,
        movement_data=_movement(overview, track),
        position_data=PositionData(
            start_pos_lat_lng_deg=position(overview.latitude, overview.longitude),
            position_samples=track.positions,
        ),
        power_data=track.power,
    )
    return Record(DataType.ACTIVITY, key, overview.after(0).date(), body.model_dump(mode="json"))


def _device(name: str | None) -> DeviceData | None:
    return None if name is None or name.lower() == "unknown" else DeviceData(name=name)


def _distance(overview: Overview) -> DistanceSummary:
    return DistanceSummary(
        distance_meters=overview.metres,
        steps=overview.steps,
        elevation=ElevationData(
            gain_actual_meters=overview.climbed_metres, loss_actual_meters=overview.descended_metres
        ),
    )


def _movement(overview: Overview, track: Track) -> MovementData:
    return MovementData(
        avg_speed_meters_per_second=overview.average_speed,
        max_speed_meters_per_second=overview.highest_speed,
        avg_pace_minutes_per_kilometer=overview.average_pace,
        max_pace_minutes_per_kilometer=overview.fastest_pace,
        avg_cadence_rpm=overview.average_pedalling,
        max_cadence_rpm=overview.fastest_pedalling,
        cadence_samples=track.pedalling,
        speed_samples=track.speeds,
    )
