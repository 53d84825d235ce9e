"""`/activities/{id}` with its streams and zones: what was done.

https://developers.strava.com/docs/reference/#api-models-DetailedActivity
"""

from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from wearable_gateway.kit.clock import wire_time
from wearable_gateway.providers.strava.document import (
    Amount,
    Document,
    HeartRate,
    Moment,
    OffsetSeconds,
    Place,
    Seconds,
    Text,
    if_any,
    zone_between,
)
from wearable_gateway.providers.strava.sports import sport_of
from wearable_gateway.providers.strava.streams import Series, Streams
from wearable_gateway.unified.activity import (
    Activity,
    ActivityMetadata,
    LapData,
    LapSample,
    MovementData,
    PolylineMapData,
    PositionData,
    PowerData,
    WorkData,
)
from wearable_gateway.unified.common import (
    ActiveDurationsData,
    CaloriesData,
    DeviceData,
    TimestampLocalization,
    UploadType,
)
from wearable_gateway.unified.distance import DistanceData, DistanceSummary, ElevationData
from wearable_gateway.unified.heart_rate import (
    HeartRateData,
    HeartRateSummary,
    HeartRateZone,
    HeartRateZoneData,
)
from wearable_gateway.unified.records import DataType, Record

READ_ALL = "activity:read_all"
"""The scope that reaches what an athlete shows to nobody."""

_ZONES = (
    HeartRateZone.ZONE_1,
    HeartRateZone.ZONE_2,
    HeartRateZone.ZONE_3,
    HeartRateZone.ZONE_4,
    HeartRateZone.ZONE_5,
)


class Bucket(Document):
    time: Seconds | None = None


class Zones(Document):
    type: Text = None
    distribution_buckets: tuple[Bucket, ...] = ()


class Lap(Document):
    start_date: Moment | None = None
    elapsed_time: Seconds | None = None
    moving_time: Seconds | None = None
    distance: Amount | None = None
    average_speed: Amount | None = None
    average_watts: Amount | None = None
    average_heartrate: HeartRate | None = None


class Map(Document):
    summary_polyline: Text = None


class Started(Document):
    """What names an activity, in a list as well as alone."""

    id: int
    start_date: Moment
    start_date_local: Moment | None = None
    utc_offset: OffsetSeconds | None = None

    @property
    def zone(self) -> tzinfo | None:
        """The offset of the place: stated, or the difference of the two times; None when neither tells."""
        if self.utc_offset is not None:
            return timezone(timedelta(seconds=self.utc_offset))
        return None if self.start_date_local is None else zone_between(self.start_date, self.start_date_local)

    @property
    def starts(self) -> datetime:
        # The local time the vendor sends is marked as UTC, which it is not.
        return self.start_date.astimezone(self.zone or UTC)

    @property
    def day(self) -> date:
        return self.starts.date()


class DetailedActivity(Started):
    elapsed_time: Seconds | None = None
    moving_time: Seconds | None = None
    name: Text = None
    sport_type: Text = None
    type: Text = None
    manual: bool | None = None
    private: bool | None = None
    visibility: Text = None
    device_name: Text = None
    distance: Amount | None = None
    total_elevation_gain: Amount | None = None
    elev_high: float | None = None
    elev_low: float | None = None
    average_speed: Amount | None = None
    max_speed: Amount | None = None
    average_cadence: Amount | None = None
    average_heartrate: HeartRate | None = None
    max_heartrate: HeartRate | None = None
    average_watts: Amount | None = None
    max_watts: Amount | None = None
    kilojoules: Amount | None = None
    calories: Amount | None = None
    map: Map | None = None
    start_latlng: Place = None
    end_latlng: Place = None
    laps: tuple[Lap, ...] = ()
    streams: Streams | None = None
    zones: tuple[Zones, ...] = ()

    @property
    def is_private(self) -> bool:
        """Visible to nobody but the athlete, whose word on it may be missing from one of the two."""
        return self.private is True or self.visibility == "only_me"

    @property
    def lasted(self) -> timedelta:
        return timedelta(seconds=self.elapsed_time or self.moving_time or 0)


def activity(done: DetailedActivity) -> Record:
    series = Series(done.streams or Streams(), done.starts)
    body = Activity(
        metadata=_metadata(done),
        active_durations_data=_durations(done),
        calories_data=if_any(CaloriesData(total_burned_calories=done.calories)),
        device_data=if_any(DeviceData(name=done.device_name)),
        distance_data=_distance(done, series),
        heart_rate_data=_heart_rate(done, series),
        lap_data=_laps(done),
        movement_data=_movement(done, series),
        polyline_map_data=if_any(PolylineMapData(summary_polyline=done.map and done.map.summary_polyline)),
        position_data=_position(done, series),
        power_data=_power(done, series),
        work_data=if_any(WorkData(work_kilojoules=done.kilojoules)),
    )
    # https://developers.strava.com/docs/authentication/#details-about-requesting-access
    needs = (READ_ALL,) if done.is_private else ()
    return Record(DataType.ACTIVITY, str(done.id), done.day, body.model_dump(mode="json"), needs)


def _metadata(done: DetailedActivity) -> ActivityMetadata:
    return ActivityMetadata(
        start_time=wire_time(done.starts),
        end_time=wire_time(done.starts + done.lasted),
        summary_id=str(done.id),
        type=sport_of(done.sport_type, done.type),
        upload_type=UploadType.MANUAL if done.manual else UploadType.AUTOMATIC,
        name=done.name,
        timestamp_localization=TimestampLocalization.UTC
        if done.zone is None
        else TimestampLocalization.LOCAL,
    )


def _durations(done: DetailedActivity) -> ActiveDurationsData | None:
    elapsed, moving = done.elapsed_time, done.moving_time
    known = elapsed is not None and moving is not None and elapsed >= moving
    return if_any(
        ActiveDurationsData(
            activity_seconds=moving, rest_seconds=(elapsed or 0) - (moving or 0) if known else None
        )
    )


def _distance(done: DetailedActivity, series: Series) -> DistanceData | None:
    elevation = ElevationData(
        gain_actual_meters=done.total_elevation_gain, max_meters=done.elev_high, min_meters=done.elev_low
    )
    summary = DistanceSummary(distance_meters=done.distance, elevation=if_any(elevation))
    return if_any(DistanceData(summary=if_any(summary), detailed=series.distances()))


def _heart_rate(done: DetailedActivity, series: Series) -> HeartRateData | None:
    summary = HeartRateSummary(
        avg_hr_bpm=done.average_heartrate, max_hr_bpm=done.max_heartrate, hr_zone_data=_zones(done)
    )
    return if_any(HeartRateData(summary=if_any(summary), detailed=series.heart_rates()))


def _zones(done: DetailedActivity) -> list[HeartRateZoneData] | None:
    """How long in each zone. Where a zone ends is stated in bpm, which Terra wants as a share of an unknown most."""
    buckets = next((zones.distribution_buckets for zones in done.zones if zones.type == "heartrate"), ())
    if len(buckets) != len(_ZONES):
        return None
    return [
        HeartRateZoneData(zone=zone, duration_seconds=bucket.time)
        for zone, bucket in zip(_ZONES, buckets, strict=True)
        if bucket.time is not None
    ] or None


def _laps(done: DetailedActivity) -> LapData | None:
    laps = [_lap(lap, done.zone or UTC) for lap in done.laps]
    return LapData(laps=laps) if laps else None


def _lap(lap: Lap, zone: tzinfo) -> LapSample:
    start = None if lap.start_date is None else lap.start_date.astimezone(zone)
    end = None if start is None or lap.elapsed_time is None else start + timedelta(seconds=lap.elapsed_time)
    return LapSample(
        start_time=None if start is None else wire_time(start),
        end_time=None if end is None else wire_time(end),
        active_duration_seconds=lap.moving_time,
        distance_meters=lap.distance,
        avg_speed_meters_per_second=lap.average_speed,
        avg_watts=lap.average_watts,
        avg_hr_bpm=lap.average_heartrate,
    )


def _movement(done: DetailedActivity, series: Series) -> MovementData | None:
    return if_any(
        MovementData(
            avg_speed_meters_per_second=done.average_speed,
            max_speed_meters_per_second=done.max_speed,
            avg_cadence_rpm=done.average_cadence,
            cadence_samples=series.cadences(),
            speed_samples=series.speeds(),
        )
    )


def _position(done: DetailedActivity, series: Series) -> PositionData | None:
    return if_any(
        PositionData(
            start_pos_lat_lng_deg=done.start_latlng,
            end_pos_lat_lng_deg=done.end_latlng,
            position_samples=series.positions(),
        )
    )


def _power(done: DetailedActivity, series: Series) -> PowerData | None:
    return if_any(
        PowerData(avg_watts=done.average_watts, max_watts=done.max_watts, power_samples=series.powers())
    )
