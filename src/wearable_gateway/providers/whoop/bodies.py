"""`/v2/user/measurement/body`, and the warmth of the skin out of recoveries.

The measurements carry no time: they are what the account says when it is asked, and stand under the day of asking.
The skin was measured asleep; its one value is stated at the end of that sleep.
"""

from datetime import date, timedelta
from typing import Annotated

from pydantic import Field

from wearable_gateway.providers.whoop.document import Document, HeartRate, Timed
from wearable_gateway.providers.whoop.recoveries import recovered
from wearable_gateway.providers.whoop.sleeps import Night
from wearable_gateway.unified.body import (
    Body,
    HeartData,
    MeasurementDataSample,
    MeasurementsData,
    TemperatureData,
    TemperatureSample,
)
from wearable_gateway.unified.common import SpanMetadata
from wearable_gateway.unified.heart_rate import HeartRateData, HeartRateSummary
from wearable_gateway.unified.records import DataType, Record


class Measurement(Document):
    height_meter: Annotated[float, Field(ge=0.3, le=3)] | None = None
    weight_kilogram: Annotated[float, Field(gt=0, le=1000)] | None = None
    max_heart_rate: HeartRate | None = None


class Measured(Timed):
    """What the account said on the local day `day`."""

    day: date = Field(ge=date(1900, 1, 1), le=date(2200, 12, 31))
    measurement: Measurement


def body(measured: Measured) -> Record | None:
    """The body of the day of asking; None when the account says nothing that a body can have."""
    measurement = measured.measurement
    if measurement == Measurement():
        return None
    return _record(
        measured.day,
        Body(
            metadata=_whole_day(measured, measured.day),
            heart_data=HeartData(
                heart_rate_data=HeartRateData(
                    summary=HeartRateSummary(user_max_hr_bpm=measurement.max_heart_rate)
                )
            ),
            measurements_data=_measurements(measurement),
        ),
    )


def skin(night: Night) -> Record | None:
    """The body of the day that `night` ended on; None when the skin's temperature is not known."""
    celsius = recovered(night.recovery).skin_temp_celsius
    if celsius is None:
        return None
    day = night.sleep.local_day(night.sleep.end)
    sample = TemperatureSample(timestamp=night.sleep.local(night.sleep.end), temperature_celsius=celsius)
    return _record(
        day,
        Body(
            metadata=_whole_day(night.sleep, day),
            temperature_data=TemperatureData(skin_temperature_samples=[sample]),
        ),
    )


def _measurements(said: Measurement) -> MeasurementsData | None:
    if said.height_meter is None and said.weight_kilogram is None:
        return None
    sample = MeasurementDataSample(
        weight_kg=said.weight_kilogram,
        # Rounded, or 1.1 m would be 110.00000000000001 cm.
        height_cm=None if said.height_meter is None else round(said.height_meter * 100, 6),
    )
    return MeasurementsData(
        day_avg_weight_kg=sample.weight_kg, day_avg_height_cm=sample.height_cm, measurements=[sample]
    )


def _whole_day(clock: Timed, day: date) -> SpanMetadata:
    return SpanMetadata(
        start_time=clock.midnight(day),
        end_time=clock.midnight(day + timedelta(days=1)),
        timestamp_localization=clock.localization,
    )


def _record(day: date, content: Body) -> Record:
    return Record(DataType.BODY, day.isoformat(), day, content.model_dump(mode="json"))
