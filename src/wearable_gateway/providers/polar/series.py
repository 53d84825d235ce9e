"""What was measured along a workout: the vendor's lists of numbers, and the route."""

import math
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field

from wearable_gateway.kit.clock import wire_time
from wearable_gateway.providers.polar.document import Document, Length
from wearable_gateway.unified.activity import (
    CadenceSample,
    MovementData,
    PositionData,
    PositionSample,
    PowerData,
    PowerSample,
    SpeedSample,
)
from wearable_gateway.unified.distance import DistanceDetailed, DistanceSample, ElevationSample
from wearable_gateway.unified.heart_rate import HeartRateDetailed, HeartRateSample

# https://www.polar.com/accesslink-api/#exercise-sample-types
_HEART_RATE, _SPEED, _CADENCE, _ALTITUDE, _POWER, _DISTANCE = "0", "1", "2", "3", "4", "10"
_KMH_PER_MPS = 3.6


class Series(Document):
    """`data` is a list of numbers with commas between them; where a sensor was silent it says null."""

    sample_type: Annotated[str, Field(coerce_numbers_to_str=True)] | None = None
    recording_rate: Annotated[float, Field(gt=0, le=3600)] | None = None
    data: str = ""


class Location(Document):
    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]
    time: Length


class Measured:
    """The series of one workout, as Terra's samples. The first number of each was taken when it started."""

    def __init__(self, start: datetime, series: tuple[Series, ...]) -> None:
        self._start = start
        self._series = {one.sample_type: one for one in series}

    def heart_rate(self) -> HeartRateDetailed | None:
        samples = [
            HeartRateSample(timestamp=at, bpm=bpm) for at, bpm in self._numbers(_HEART_RATE) if bpm > 0
        ]
        return HeartRateDetailed(hr_samples=samples) if samples else None

    def movement(self) -> MovementData | None:
        speeds = [
            SpeedSample(timestamp=at, speed_meters_per_second=round(kmh / _KMH_PER_MPS, 6))
            for at, kmh in self._numbers(_SPEED)
        ]
        cadences = [CadenceSample(timestamp=at, cadence_rpm=rpm) for at, rpm in self._numbers(_CADENCE)]
        if not speeds and not cadences:
            return None
        return MovementData(speed_samples=speeds or None, cadence_samples=cadences or None)

    def power(self) -> PowerData | None:
        samples = [PowerSample(timestamp=at, watts=watts) for at, watts in self._numbers(_POWER)]
        return PowerData(power_samples=samples) if samples else None

    def distance(self) -> DistanceDetailed | None:
        distances = [
            DistanceSample(timestamp=at, distance_meters=metres) for at, metres in self._numbers(_DISTANCE)
        ]
        heights = [
            ElevationSample(timestamp=at, elev_meters=metres) for at, metres in self._numbers(_ALTITUDE)
        ]
        if not distances and not heights:
            return None
        return DistanceDetailed(distance_samples=distances or None, elevation_samples=heights or None)

    def _numbers(self, kind: str) -> Iterator[tuple[str, float]]:
        series = self._series.get(kind)
        if series is None or series.recording_rate is None:
            return
        for count, text in enumerate(series.data.split(",")):
            if (number := _number(text)) is not None:
                yield wire_time(self._start + timedelta(seconds=count * series.recording_rate)), number


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def position(start: datetime, route: tuple[Location, ...]) -> PositionData | None:
    """Where the workout went; None without a route."""
    samples = [
        PositionSample(
            timestamp=wire_time(start + place.time), coords_lat_lng_deg=(place.latitude, place.longitude)
        )
        for place in route
    ]
    if not samples:
        return None
    return PositionData(
        start_pos_lat_lng_deg=samples[0].coords_lat_lng_deg,
        end_pos_lat_lng_deg=samples[-1].coords_lat_lng_deg,
        position_samples=samples,
    )
