"""`/activities/{id}/streams`: the series of an activity, one list of values per kind, each as long as that of times.

https://developers.strava.com/docs/reference/#api-models-StreamSet. Strava says when somebody moved, but not when the
recording was paused, so no sample tells how long the timer had run.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, TypeVar

from wearable_gateway.kit.clock import wire_time
from wearable_gateway.providers.strava.document import (
    LONGEST_SECONDS,
    Document,
    number,
    position,
)
from wearable_gateway.unified.activity import CadenceSample, PositionSample, PowerSample, SpeedSample
from wearable_gateway.unified.distance import DistanceDetailed, DistanceSample, ElevationSample
from wearable_gateway.unified.heart_rate import HeartRateDetailed, HeartRateSample

Value = TypeVar("Value")


class Stream(Document):
    data: tuple[Any, ...] = ()
    """Not typed: a value that cannot be read would be dropped, and all after it move to an earlier time."""


class Streams(Document):
    time: Stream | None = None
    distance: Stream | None = None
    latlng: Stream | None = None
    altitude: Stream | None = None
    velocity_smooth: Stream | None = None
    heartrate: Stream | None = None
    cadence: Stream | None = None
    watts: Stream | None = None


KEYS = ",".join(Streams.model_fields)


class Series:
    """The streams of one activity, each value with the time it was measured at."""

    def __init__(self, streams: Streams, start: datetime) -> None:
        self._streams = streams
        self._start = start

    def heart_rates(self) -> HeartRateDetailed | None:
        samples = [
            HeartRateSample(timestamp=at, bpm=bpm) for at, bpm in self._numbers("heartrate") if bpm > 0
        ]
        return HeartRateDetailed(hr_samples=samples) if samples else None

    def distances(self) -> DistanceDetailed | None:
        covered = [
            DistanceSample(timestamp=at, distance_meters=metres)
            for at, metres in self._numbers("distance")
            if metres >= 0
        ]
        heights = [
            ElevationSample(timestamp=at, elev_meters=metres) for at, metres in self._numbers("altitude")
        ]
        if not covered and not heights:
            return None
        return DistanceDetailed(distance_samples=covered or None, elevation_samples=heights or None)

    def speeds(self) -> list[SpeedSample] | None:
        return [
            SpeedSample(timestamp=at, speed_meters_per_second=speed)
            for at, speed in self._numbers("velocity_smooth")
            if speed >= 0
        ] or None

    def cadences(self) -> list[CadenceSample] | None:
        return [
            CadenceSample(timestamp=at, cadence_rpm=rpm) for at, rpm in self._numbers("cadence") if rpm >= 0
        ] or None

    def powers(self) -> list[PowerSample] | None:
        return [
            PowerSample(timestamp=at, watts=watts) for at, watts in self._numbers("watts") if watts >= 0
        ] or None

    def positions(self) -> list[PositionSample] | None:
        return [
            PositionSample(timestamp=at, coords_lat_lng_deg=place)
            for at, place in self._values("latlng", position)
        ] or None

    def _numbers(self, name: str) -> Iterator[tuple[str, float]]:
        return self._values(name, number)

    def _values(self, name: str, read: Callable[[object], Value | None]) -> Iterator[tuple[str, Value]]:
        times: Stream | None = self._streams.time
        stream: Stream | None = getattr(self._streams, name)
        if times is None or stream is None or len(times.data) != len(stream.data):
            return
        for passed, measured in zip(times.data, stream.data, strict=True):
            seconds, value = number(passed), read(measured)
            if seconds is not None and 0 <= seconds <= LONGEST_SECONDS and value is not None:
                yield wire_time(self._start + timedelta(seconds=seconds)), value
