"""What the vendor derives from a night: one value a day, of the day's main sleep."""

from collections.abc import Sequence
from typing import Annotated, TypeVar

from pydantic import Field

from wearable_gateway.providers.google_health.document import Document, known
from wearable_gateway.providers.google_health.series import Percentage, VitalsPoint, saturation_samples
from wearable_gateway.unified.sleep import (
    BreathsData,
    OxygenSaturationData,
    RespirationData,
    SleepTemperatureData,
)

Celsius = Annotated[float, Field(gt=0, le=100)]
Found = TypeVar("Found")


class RespiratoryRate(Document):
    breaths_per_minute: Annotated[float, Field(gt=0, le=100)] | None = None


class NightSaturation(Document):
    """The vendor says of it: the average of the samples during the sleep."""

    average_percentage: Percentage | None = None


class TemperatureDerivations(Document):
    nightly_temperature_celsius: Celsius | None = None
    baseline_temperature_celsius: Celsius | None = None


class NightPoint(VitalsPoint):
    daily_respiratory_rate: RespiratoryRate | None = None
    daily_oxygen_saturation: NightSaturation | None = None
    daily_sleep_temperature_derivations: TemperatureDerivations | None = None


def respiration(points: Sequence[NightPoint]) -> RespirationData | None:
    """Breaths and oxygen saturation; None when nothing was measured."""
    rate = _first([point.daily_respiratory_rate for point in points])
    mean = _first([point.daily_oxygen_saturation for point in points])
    breaths = BreathsData(avg_breaths_per_min=rate and rate.breaths_per_minute)
    oxygen = OxygenSaturationData(
        avg_saturation_percentage=mean and mean.average_percentage, samples=saturation_samples(points)
    )
    return known(RespirationData(breaths_data=known(breaths), oxygen_saturation_data=known(oxygen)))


def night_temperature(points: Sequence[NightPoint]) -> SleepTemperatureData | None:
    """How far the night's skin temperature was from the person's own median of thirty days."""
    derived = _first([point.daily_sleep_temperature_derivations for point in points])
    if derived is None:
        return None
    night, baseline = derived.nightly_temperature_celsius, derived.baseline_temperature_celsius
    if night is None or baseline is None:
        return None
    return SleepTemperatureData(delta=round(night - baseline, 6))


def _first(values: Sequence[Found | None]) -> Found | None:
    return next((value for value in values if value is not None), None)
