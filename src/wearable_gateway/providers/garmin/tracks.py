"""`samples` and `laps` of activity details: what was measured during a workout."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from wearable_gateway.kit.clock import wire_time
from wearable_gateway.providers.garmin.document import Document, Duration, NotNegative, Seconds, local
from wearable_gateway.unified.activity import (
    CadenceSample,
    LapData,
    LapSample,
    PositionSample,
    PowerData,
    PowerSample,
    SpeedSample,
)
from wearable_gateway.unified.distance import DistanceDetailed, DistanceSample, ElevationSample
from wearable_gateway.unified.fields import Position
from wearable_gateway.unified.heart_rate import HeartRateDetailed, HeartRateSample

Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]


class Sample(Document):
    at: Seconds = Field(alias="startTimeInSeconds")
    timer: Duration | None = Field(default=None, alias="timerDurationInSeconds")
    latitude: Latitude | None = Field(default=None, alias="latitudeInDegree")
    longitude: Longitude | None = Field(default=None, alias="longitudeInDegree")
    altitude: float | None = Field(default=None, alias="elevationInMeters")
    bpm: NotNegative | None = Field(default=None, alias="heartRate")
    speed: NotNegative | None = Field(default=None, alias="speedMetersPerSecond")
    metres: NotNegative | None = Field(default=None, alias="totalDistanceInMeters")
    watts: NotNegative | None = Field(default=None, alias="powerInWatts")
    pedalling: NotNegative | None = Field(default=None, alias="bikeCadenceInRPM")

    @property
    def position(self) -> Position | None:
        return position(self.latitude, self.longitude)


class Lap(Document):
    at: Seconds = Field(alias="startTimeInSeconds")


@dataclass(frozen=True, slots=True)
class Track:
    """An activity's series; None where nothing was measured."""

    heart_rate: HeartRateDetailed | None = None
    distance: DistanceDetailed | None = None
    speeds: list[SpeedSample] | None = None
    pedalling: list[CadenceSample] | None = None
    positions: list[PositionSample] | None = None
    power: PowerData | None = None
    laps: LapData | None = None


NO_TRACK = Track()
_Rows = list[tuple[str, Sample]]


def track_of(samples: tuple[Sample, ...], laps: tuple[Lap, ...], offset: float | None) -> Track:
    ordered = sorted(samples, key=lambda sample: sample.at)
    rows = [(wire_time(local(sample.at, offset)), sample) for sample in ordered]
    return Track(
        heart_rate=_heart_rate(rows),
        distance=_distance(rows),
        speeds=_speeds(rows),
        pedalling=_pedalling(rows),
        positions=_positions(rows),
        power=_power(rows),
        laps=_laps(laps, offset),
    )


def position(latitude: float | None, longitude: float | None) -> Position | None:
    return None if latitude is None or longitude is None else (latitude, longitude)


def _heart_rate(rows: _Rows) -> HeartRateDetailed | None:
    """Without the zeros of a sensor that lost the pulse."""
    samples = [
        HeartRateSample(timestamp=at, bpm=row.bpm, timer_duration_seconds=row.timer)
        for at, row in rows
        if row.bpm
    ]
    return HeartRateDetailed(hr_samples=samples) if samples else None


def _distance(rows: _Rows) -> DistanceDetailed | None:
    metres = [
        DistanceSample(timestamp=at, distance_meters=row.metres, timer_duration_seconds=row.timer)
        for at, row in rows
        if row.metres is not None
    ]
    altitudes = [
        ElevationSample(timestamp=at, elev_meters=row.altitude, timer_duration_seconds=row.timer)
        for at, row in rows
        if row.altitude is not None
    ]
    if not metres and not altitudes:
        return None
    return DistanceDetailed(distance_samples=metres or None, elevation_samples=altitudes or None)


def _speeds(rows: _Rows) -> list[SpeedSample] | None:
    return [
        SpeedSample(timestamp=at, speed_meters_per_second=row.speed, timer_duration_seconds=row.timer)
        for at, row in rows
        if row.speed is not None
    ] or None


def _pedalling(rows: _Rows) -> list[CadenceSample] | None:
    return [
        CadenceSample(timestamp=at, cadence_rpm=row.pedalling, timer_duration_seconds=row.timer)
        for at, row in rows
        if row.pedalling is not None
    ] or None


def _positions(rows: _Rows) -> list[PositionSample] | None:
    return [
        PositionSample(timestamp=at, coords_lat_lng_deg=row.position, timer_duration_seconds=row.timer)
        for at, row in rows
        if row.position is not None
    ] or None


def _power(rows: _Rows) -> PowerData | None:
    samples = [
        PowerSample(timestamp=at, watts=row.watts, timer_duration_seconds=row.timer)
        for at, row in rows
        if row.watts is not None
    ]
    return PowerData(power_samples=samples) if samples else None


def _laps(laps: tuple[Lap, ...], offset: float | None) -> LapData | None:
    """The vendor tells where each lap begins and nothing more."""
    starts = sorted(lap.at for lap in laps)
    if not starts:
        return None
    return LapData(laps=[LapSample(start_time=wire_time(local(at, offset))) for at in starts])
