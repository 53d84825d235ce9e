"""`stressDetails`, `pulseox` and `hrv`: what a day's summary lacks, and belongs to the same day."""

from pydantic import Field

from wearable_gateway.providers.garmin.days import day_metadata, day_record
from wearable_gateway.providers.garmin.document import OfDay, Positive, Series, mean, measured
from wearable_gateway.unified.common import OxygenData, OxygenSaturationSample, OxygenSaturationType
from wearable_gateway.unified.daily import BodyBatterySample, Daily, StressData, StressSample
from wearable_gateway.unified.heart_rate import (
    HeartRateData,
    HeartRateDetailed,
    HeartRateSummary,
    HrvRmssdSample,
)
from wearable_gateway.unified.records import Record

_MOST_MILLISECONDS = 1000


class StressDetails(OfDay):
    stress: Series | None = Field(default=None, alias="timeOffsetStressLevelValues")
    body_battery: Series | None = Field(default=None, alias="timeOffsetBodyBatteryValues")


class DayOxygen(OfDay):
    saturation: Series | None = Field(default=None, alias="timeOffsetSpo2Values")


class NightVariability(OfDay):
    average: Positive | None = Field(default=None, alias="lastNightAvg")
    variability: Series | None = Field(default=None, alias="hrvValues")


def stress_of_day(details: StressDetails) -> Record:
    stress = measured(details, details.stress, 1, 100)
    battery = measured(details, details.body_battery, 0, 100)
    body = Daily(
        metadata=day_metadata(details),
        stress_data=StressData(
            samples=[StressSample(timestamp=at, level=level) for at, level in stress] or None,
            body_battery_samples=[BodyBatterySample(timestamp=at, level=level) for at, level in battery]
            or None,
        ),
    )
    return day_record(details, body)


def oxygen_of_day(oxygen: DayOxygen) -> Record:
    samples = measured(oxygen, oxygen.saturation, 1, 100)
    body = Daily(
        metadata=day_metadata(oxygen),
        oxygen_data=OxygenData(
            avg_saturation_percentage=mean(samples), saturation_samples=saturations(samples)
        ),
    )
    return day_record(oxygen, body)


def variability_of_day(night: NightVariability) -> Record:
    """Of the night before, which the vendor shows under the day it ended on. It is RMSSD."""
    samples = measured(night, night.variability, 1, _MOST_MILLISECONDS)
    body = Daily(
        metadata=day_metadata(night),
        heart_rate_data=HeartRateData(
            summary=HeartRateSummary(avg_hrv_rmssd=night.average),
            detailed=HeartRateDetailed(
                hrv_samples_rmssd=[HrvRmssdSample(timestamp=at, hrv_rmssd=value) for at, value in samples]
                or None
            ),
        ),
    )
    return day_record(night, body)


def saturations(samples: list[tuple[str, float]]) -> list[OxygenSaturationSample] | None:
    return [
        OxygenSaturationSample(timestamp=at, percentage=percentage, type=OxygenSaturationType.BLOOD)
        for at, percentage in samples
    ] or None
