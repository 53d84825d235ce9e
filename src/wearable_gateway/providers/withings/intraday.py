"""`getintradayactivity`: what a tracker wrote within a day, in a map by epoch; part of a day's or workout's document."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Annotated

from pydantic import Field

from wearable_gateway.providers.withings.document import (
    Amount,
    AsMap,
    Count,
    Document,
    Moment,
    Zoned,
    percentage,
    some,
)
from wearable_gateway.unified.common import (
    CalorieSample,
    OxygenSaturationSample,
    OxygenSaturationType,
)
from wearable_gateway.unified.distance import (
    DistanceDetailed,
    DistanceSample,
    FloorsClimbedSample,
    StepSample,
)
from wearable_gateway.unified.heart_rate import (
    HeartRateDetailed,
    HeartRateSample,
    HeartRateSummary,
    HeartRateZone,
    HeartRateZoneData,
    HrvRmssdSample,
    HrvSdnnSample,
)


class Entry(Document):
    steps: Count | None = None
    distance: Amount | None = None
    floors: Amount | None = Field(default=None, alias="elevation")
    calories: Amount | None = None
    heart_rate: Amount | None = None
    spo2_auto: Amount | None = None
    rmssd: Amount | None = None
    sdnn1: Amount | None = None


class HeartRates(Document):
    """How a day and a workout sum their heart rates up."""

    hr_average: Amount | None = None
    hr_min: Amount | None = None
    hr_max: Amount | None = None
    hr_zone_0: Amount | None = None
    hr_zone_1: Amount | None = None
    hr_zone_2: Amount | None = None
    hr_zone_3: Amount | None = None


class Tracked(Zoned):
    intraday: Annotated[dict[Moment, Entry], AsMap] = Field(default={})

    def samples(self, value: Callable[[Entry], float | None]) -> Iterator[tuple[str, float]]:
        entries: list[tuple[datetime, Entry]] = sorted(self.intraday.items(), key=lambda item: item[0])
        for moment, entry in entries:
            if (found := value(entry)) is not None:
                yield self.at(moment), found

    def sums(self, value: Callable[[Entry], float | None]) -> Iterator[tuple[str, float]]:
        """What has come together since the start, as Terra counts ways, steps and floors."""
        total = 0.0
        for at, found in self.samples(value):
            total += found
            yield at, round(total, 3)


def distances(tracked: Tracked) -> DistanceDetailed | None:
    detailed = DistanceDetailed(
        distance_samples=[
            DistanceSample(timestamp=at, distance_meters=metres)
            for at, metres in tracked.sums(lambda entry: entry.distance)
        ]
        or None,
        floors_climbed_samples=[
            FloorsClimbedSample(timestamp=at, floors_climbed=floors)
            for at, floors in tracked.sums(lambda entry: entry.floors)
        ]
        or None,
        step_samples=[
            StepSample(timestamp=at, steps=steps) for at, steps in tracked.sums(lambda entry: entry.steps)
        ]
        or None,
    )
    return detailed if detailed != DistanceDetailed() else None


def calories(tracked: Tracked) -> list[CalorieSample] | None:
    return [
        CalorieSample(timestamp=at, calories=kcal)
        for at, kcal in tracked.samples(lambda entry: entry.calories)
    ] or None


def saturations(tracked: Tracked) -> list[OxygenSaturationSample] | None:
    return [
        OxygenSaturationSample(timestamp=at, percentage=percent, type=OxygenSaturationType.BLOOD)
        for at, percent in tracked.samples(lambda entry: percentage(entry.spo2_auto))
    ] or None


def heart_rates(tracked: Tracked) -> HeartRateDetailed | None:
    detailed = HeartRateDetailed(
        hr_samples=[
            HeartRateSample(timestamp=at, bpm=bpm)
            for at, bpm in tracked.samples(lambda entry: some(entry.heart_rate))
        ]
        or None,
        hrv_samples_rmssd=[
            HrvRmssdSample(timestamp=at, hrv_rmssd=rmssd)
            for at, rmssd in tracked.samples(lambda entry: some(entry.rmssd))
        ]
        or None,
        hrv_samples_sdnn=[
            HrvSdnnSample(timestamp=at, hrv_sdnn=sdnn)
            for at, sdnn in tracked.samples(lambda entry: some(entry.sdnn1))
        ]
        or None,
    )
    return detailed if detailed != HeartRateDetailed() else None


def heart_rate_summary(rates: HeartRates) -> HeartRateSummary:
    # A phone's steps come with heart rates, and times in zones, of 0: nothing was measured.
    measured = some(rates.hr_average) is not None
    return HeartRateSummary(
        avg_hr_bpm=some(rates.hr_average),
        min_hr_bpm=some(rates.hr_min),
        max_hr_bpm=some(rates.hr_max),
        hr_zone_data=_zones(rates) if measured else None,
    )


def _zones(rates: HeartRates) -> list[HeartRateZoneData] | None:
    """The vendor's own four zones, which are not Terra's."""
    return [
        HeartRateZoneData(zone=zone, name=name, duration_seconds=seconds)
        for zone, name, seconds in (
            (HeartRateZone.ZONE_0, "light", rates.hr_zone_0),
            (HeartRateZone.ZONE_1, "moderate", rates.hr_zone_1),
            (HeartRateZone.ZONE_2, "intense", rates.hr_zone_2),
            (HeartRateZone.ZONE_3, "maximal", rates.hr_zone_3),
        )
        if seconds is not None
    ] or None
