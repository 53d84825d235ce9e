"""What was measured on a body in a local day: weight, height, fat, glucose, temperature, and the electrocardiograms."""

from collections import defaultdict
from datetime import datetime
from typing import Annotated

from pydantic import Field

from wearable_gateway.providers.google_health.cardiograms import Cardiogram, readings
from wearable_gateway.providers.google_health.document import CivilDay, Document, SampleTime, mean, scaled
from wearable_gateway.providers.google_health.series import Percentage
from wearable_gateway.unified.body import (
    Body,
    GlucoseData,
    GlucoseDataSample,
    HeartData,
    MeasurementDataSample,
    MeasurementsData,
    TemperatureData,
    TemperatureSample,
)
from wearable_gateway.unified.common import SpanMetadata, TimestampLocalization
from wearable_gateway.unified.records import DataType, Record


class Weight(Document):
    sample_time: SampleTime
    weight_grams: Annotated[float, Field(gt=0, le=1_000_000)]
    notes: str | None = None


class Height(Document):
    sample_time: SampleTime
    height_millimeters: Annotated[int, Field(gt=0, le=3000)]


class BodyFat(Document):
    sample_time: SampleTime
    percentage: Percentage


class Glucose(Document):
    sample_time: SampleTime
    blood_glucose_milligrams_per_deciliter: Annotated[float, Field(gt=0, le=900)]


class CoreTemperature(Document):
    sample_time: SampleTime
    temperature_celsius: Annotated[float, Field(gt=0, le=100)]


class BodyPoint(Document):
    weight: Weight | None = None
    height: Height | None = None
    body_fat: BodyFat | None = None
    blood_glucose: Glucose | None = None
    core_body_temperature: CoreTemperature | None = None
    electrocardiogram: Cardiogram | None = None


class Measured(CivilDay):
    data_points: tuple[BodyPoint, ...] = ()


def body(day: Measured) -> Record | None:
    """None when nothing of that day can be read: a body of which nothing is known is no news."""
    record = Body(
        metadata=SpanMetadata(
            start_time=day.starts,
            end_time=day.ends,
            timestamp_localization=TimestampLocalization.LOCAL,
        ),
        glucose_data=_glucose(day),
        heart_data=_heart(day),
        measurements_data=_measurements(day),
        temperature_data=_temperature(day),
    )
    if record == Body(metadata=record.metadata):
        return None
    return Record(DataType.BODY, day.day.isoformat(), day.day, record.model_dump(mode="json"))


def _glucose(day: Measured) -> GlucoseData | None:
    found = [point.blood_glucose for point in day.data_points if point.blood_glucose is not None]
    if not found:
        return None
    return GlucoseData(
        day_avg_blood_glucose_mg_per_dL=mean(one.blood_glucose_milligrams_per_deciliter for one in found),
        blood_glucose_samples=[
            GlucoseDataSample(
                timestamp=one.sample_time.wire,
                blood_glucose_mg_per_dL=one.blood_glucose_milligrams_per_deciliter,
            )
            for one in sorted(found, key=lambda one: one.sample_time.physical_time)
        ],
    )


def _temperature(day: Measured) -> TemperatureData | None:
    found = [point.core_body_temperature for point in day.data_points if point.core_body_temperature]
    if not found:
        return None
    return TemperatureData(
        day_avg_body_temperature_celsius=mean(one.temperature_celsius for one in found),
        body_temperature_samples=[
            TemperatureSample(timestamp=one.sample_time.wire, temperature_celsius=one.temperature_celsius)
            for one in sorted(found, key=lambda one: one.sample_time.physical_time)
        ],
    )


def _heart(day: Measured) -> HeartData | None:
    signals = readings(point.electrocardiogram for point in day.data_points)
    return HeartData(ecg_signal=signals) if signals else None


def _measurements(day: Measured) -> MeasurementsData | None:
    samples = _by_moment(day)
    if not samples:
        return None
    return MeasurementsData(
        day_avg_weight_kg=mean(sample.weight_kg for sample in samples),
        day_avg_height_cm=mean(sample.height_cm for sample in samples),
        day_avg_bodyfat_percentage=mean(sample.bodyfat_percentage for sample in samples),
        measurements=samples,
    )


def _by_moment(day: Measured) -> list[MeasurementDataSample]:
    """One entry a moment: a scale tells weight and fat as data points of two types."""
    found: dict[datetime, dict[str, str | float | None]] = defaultdict(dict)
    for point in day.data_points:
        if point.weight is not None:
            found[point.weight.sample_time.local].update(
                weight_kg=scaled(point.weight.weight_grams, 0.001), user_notes=point.weight.notes
            )
        if point.height is not None:
            found[point.height.sample_time.local].update(
                height_cm=scaled(point.height.height_millimeters, 0.1)
            )
        if point.body_fat is not None:
            found[point.body_fat.sample_time.local].update(bodyfat_percentage=point.body_fat.percentage)
    return [
        MeasurementDataSample.model_validate(
            {"measurement_time": moment.isoformat(timespec="microseconds"), **values}
        )
        for moment, values in sorted(found.items())
    ]
