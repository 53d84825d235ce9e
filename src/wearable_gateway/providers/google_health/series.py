"""Data points that are one measurement each, as the series that a day, a workout and a sleep have alike."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from wearable_gateway.providers.google_health.document import Document, SampleTime, known
from wearable_gateway.unified.common import OxygenSaturationSample
from wearable_gateway.unified.heart_rate import (
    HeartRateContext,
    HeartRateDetailed,
    HeartRateSample,
    HrvRmssdSample,
    HrvSdnnSample,
)

Beats = Annotated[int, Field(ge=1, le=300)]
"""Beats a minute, within the vendor's own bounds."""

Percentage = Annotated[float, Field(gt=0, le=100)]
Millis = Annotated[float, Field(gt=0, le=10_000)]

_CONTEXTS = {"ACTIVE": HeartRateContext.ACTIVE, "SEDENTARY": HeartRateContext.NOT_ACTIVE}


class HeartRateMetadata(Document):
    motion_context: str | None = None


class HeartRate(Document):
    sample_time: SampleTime
    beats_per_minute: Beats
    metadata: HeartRateMetadata = HeartRateMetadata()


class HeartRateVariability(Document):
    """`standardDeviationMilliseconds` is SDNN: the vendor says so of the type as a whole."""

    sample_time: SampleTime
    root_mean_square_of_successive_differences_milliseconds: Millis | None = None
    standard_deviation_milliseconds: Millis | None = None


class OxygenSaturation(Document):
    sample_time: SampleTime
    percentage: Percentage


class HeartRatePoint(Document):
    heart_rate: HeartRate | None = None


class VitalsPoint(HeartRatePoint):
    heart_rate_variability: HeartRateVariability | None = None
    oxygen_saturation: OxygenSaturation | None = None


def heart_rate_samples(points: Iterable[HeartRatePoint]) -> list[HeartRateSample] | None:
    """In the order of time; the vendor lists the newest first."""
    rates = [point.heart_rate for point in points if point.heart_rate is not None]
    rates.sort(key=lambda rate: rate.sample_time.physical_time)
    return [
        HeartRateSample(
            timestamp=rate.sample_time.wire,
            bpm=rate.beats_per_minute,
            context=_CONTEXTS.get(rate.metadata.motion_context or ""),
        )
        for rate in rates
    ] or None


def heart_rate_detail(points: Iterable[VitalsPoint]) -> HeartRateDetailed | None:
    points = tuple(points)
    return known(
        HeartRateDetailed(
            hr_samples=heart_rate_samples(points),
            hrv_samples_rmssd=_rmssd(points),
            hrv_samples_sdnn=_sdnn(points),
        )
    )


def saturation_samples(points: Iterable[VitalsPoint]) -> list[OxygenSaturationSample] | None:
    readings = [point.oxygen_saturation for point in points if point.oxygen_saturation is not None]
    readings.sort(key=lambda reading: reading.sample_time.physical_time)
    return [
        OxygenSaturationSample(timestamp=reading.sample_time.wire, percentage=reading.percentage)
        for reading in readings
    ] or None


def _variabilities(points: Iterable[VitalsPoint]) -> list[HeartRateVariability]:
    found = [point.heart_rate_variability for point in points if point.heart_rate_variability is not None]
    return sorted(found, key=lambda one: one.sample_time.physical_time)


def _rmssd(points: Iterable[VitalsPoint]) -> list[HrvRmssdSample] | None:
    return [
        HrvRmssdSample(timestamp=one.sample_time.wire, hrv_rmssd=value)
        for one in _variabilities(points)
        if (value := one.root_mean_square_of_successive_differences_milliseconds) is not None
    ] or None


def _sdnn(points: Iterable[VitalsPoint]) -> list[HrvSdnnSample] | None:
    return [
        HrvSdnnSample(timestamp=one.sample_time.wire, hrv_sdnn=value)
        for one in _variabilities(points)
        if (value := one.standard_deviation_milliseconds) is not None
    ] or None
