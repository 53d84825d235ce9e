"""`/v1/body`: what was measured in a day."""

from collections.abc import Iterable
from statistics import fmean

from wearable_gateway.kit.clock import wire_time
from wearable_gateway.providers.sandbox.document import Day, Document, Moment
from wearable_gateway.providers.sandbox.units import celsius, kcal, mg_per_dl, percent, scaled
from wearable_gateway.unified.body import (
    BloodPressureData,
    BloodPressureSample,
    Body,
    GlucoseData,
    GlucoseDataSample,
    HydrationData,
    MeasurementDataSample,
    MeasurementsData,
    TemperatureData,
    TemperatureSample,
    TrendArrow,
)
from wearable_gateway.unified.common import OxygenData
from wearable_gateway.unified.records import DataType, Record

_SHORTEST_M, _TALLEST_M = 0.3, 3.0
_TRENDS = {"up": TrendArrow.RISING, "steady": TrendArrow.FLAT, "down": TrendArrow.FALLING}


class WeighIn(Document):
    at: Moment
    weight_g: float | None = None
    height_m: float | None = None
    fat_share: float | None = None
    water_share: float | None = None
    muscle_g: float | None = None
    bone_g: float | None = None
    lean_g: float | None = None
    resting_energy_kj: float | None = None
    note: str | None = None


class BloodPressure(Document):
    at: Moment
    systolic_mmhg: float | None = None
    diastolic_mmhg: float | None = None


class Glucose(Document):
    at: Moment
    mmol_per_l: float | None = None
    trend: str | None = None


class Temperature(Document):
    at: Moment
    place: str
    fahrenheit: float | None = None


class Measured(Day):
    weigh_ins: tuple[WeighIn, ...] = ()
    blood_pressures: tuple[BloodPressure, ...] = ()
    glucose_series: tuple[Glucose, ...] = ()
    glucose_average_mmol_per_l: float | None = None
    glucose_in_range_share: float | None = None
    temperature_series: tuple[Temperature, ...] = ()
    mouth_average_fahrenheit: float | None = None
    skin_average_fahrenheit: float | None = None
    water_l: float | None = None
    spo2_percent: float | None = None
    vo2max_ml_per_kg_min: float | None = None


def body(day: Measured) -> Record:
    record = Body(
        metadata=day.span,
        blood_pressure_data=_pressure(day),
        glucose_data=_glucose(day),
        hydration_data=HydrationData(day_total_water_consumption_ml=scaled(day.water_l, 1000)),
        measurements_data=_measurements(day),
        oxygen_data=OxygenData(
            avg_saturation_percentage=day.spo2_percent, vo2max_ml_per_min_per_kg=day.vo2max_ml_per_kg_min
        ),
        temperature_data=TemperatureData(
            day_avg_body_temperature_celsius=celsius(day.mouth_average_fahrenheit),
            day_avg_skin_temperature_celsius=celsius(day.skin_average_fahrenheit),
            body_temperature_samples=_temperatures(day, "mouth"),
            skin_temperature_samples=_temperatures(day, "skin"),
        ),
    )
    return Record(DataType.BODY, day.day.isoformat(), day.day, record.model_dump(mode="json"))


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(fmean(known), 4) if known else None


def _pressure(day: Measured) -> BloodPressureData | None:
    if not day.blood_pressures:
        return None
    return BloodPressureData(
        day_avg_systolic_bp=_mean(reading.systolic_mmhg for reading in day.blood_pressures),
        day_avg_diastolic_bp=_mean(reading.diastolic_mmhg for reading in day.blood_pressures),
        blood_pressure_samples=[
            BloodPressureSample(
                timestamp=wire_time(reading.at),
                systolic_bp=reading.systolic_mmhg,
                diastolic_bp=reading.diastolic_mmhg,
            )
            for reading in day.blood_pressures
        ],
    )


def _glucose(day: Measured) -> GlucoseData:
    return GlucoseData(
        day_avg_blood_glucose_mg_per_dL=mg_per_dl(day.glucose_average_mmol_per_l),
        time_in_range=percent(day.glucose_in_range_share),
        blood_glucose_samples=[
            GlucoseDataSample(
                timestamp=wire_time(reading.at),
                blood_glucose_mg_per_dL=mg_per_dl(reading.mmol_per_l),
                trend_arrow=_TRENDS.get(reading.trend or ""),
            )
            for reading in day.glucose_series
        ]
        or None,
    )


def _temperatures(day: Measured, place: str) -> list[TemperatureSample] | None:
    samples = [
        TemperatureSample(timestamp=wire_time(reading.at), temperature_celsius=celsius(reading.fahrenheit))
        for reading in day.temperature_series
        if reading.place == place
    ]
    return samples or None


def _measurements(day: Measured) -> MeasurementsData | None:
    samples = [_measurement(weigh_in) for weigh_in in day.weigh_ins]
    if not samples:
        return None
    return MeasurementsData(
        day_avg_weight_kg=_mean(sample.weight_kg for sample in samples),
        day_avg_height_cm=_mean(sample.height_cm for sample in samples),
        day_avg_bmi=_mean(sample.BMI for sample in samples),
        day_avg_rmr=_mean(sample.RMR for sample in samples),
        day_avg_bodyfat_percentage=_mean(sample.bodyfat_percentage for sample in samples),
        day_avg_water_percentage=_mean(sample.water_percentage for sample in samples),
        day_avg_muscle_mass_g=_mean(sample.muscle_mass_g for sample in samples),
        day_avg_bone_mass_g=_mean(sample.bone_mass_g for sample in samples),
        day_avg_lean_mass_g=_mean(sample.lean_mass_g for sample in samples),
        measurements=samples,
    )


def _bmi(weight_kg: float | None, height_m: float | None) -> float | None:
    if weight_kg is None or height_m is None or not _SHORTEST_M < height_m < _TALLEST_M:
        return None
    return round(weight_kg / height_m**2, 2)


def _measurement(weigh_in: WeighIn) -> MeasurementDataSample:
    weight, height = scaled(weigh_in.weight_g, 0.001), weigh_in.height_m
    return MeasurementDataSample(
        measurement_time=wire_time(weigh_in.at),
        weight_kg=weight,
        height_cm=scaled(height, 100),
        BMI=_bmi(weight, height),
        RMR=kcal(weigh_in.resting_energy_kj),
        bodyfat_percentage=percent(weigh_in.fat_share),
        water_percentage=percent(weigh_in.water_share),
        muscle_mass_g=weigh_in.muscle_g,
        bone_mass_g=weigh_in.bone_g,
        lean_mass_g=weigh_in.lean_g,
        user_notes=weigh_in.note,
    )
