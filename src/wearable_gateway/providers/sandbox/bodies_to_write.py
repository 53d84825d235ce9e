"""A day's record of a body in the vendor's form: `POST /v1/body`."""

from typing import Any

from wearable_gateway.providers.sandbox.units import fahrenheit, kilojoules, mmol_per_l, scaled
from wearable_gateway.providers.sandbox.writing import required_time, stated, time_or
from wearable_gateway.unified.body import (
    BloodPressureData,
    Body,
    GlucoseData,
    MeasurementsData,
    TemperatureData,
    TrendArrow,
)

_TRENDS = {
    TrendArrow.RISING_QUICKLY: "up",
    TrendArrow.RISING: "up",
    TrendArrow.FLAT: "steady",
    TrendArrow.FALLING: "down",
    TrendArrow.FALLING_QUICKLY: "down",
}


def body_to_write(record: Body) -> dict[str, Any]:
    start = required_time("metadata.start_time", record.metadata.start_time)
    water = record.hydration_data.day_total_water_consumption_ml if record.hydration_data else None
    return stated(
        {
            "started_at": start,
            "weigh_ins": _weigh_ins(record.measurements_data, start),
            "blood_pressures": _pressures_to_write(record.blood_pressure_data, start),
            "glucose_series": _glucose_to_write(record.glucose_data, start),
            "temperature_series": _temperatures_to_write(record.temperature_data, start),
            "water_l": scaled(water, 0.001),
        }
    )


def _weigh_ins(data: MeasurementsData | None, start: str) -> list[dict[str, Any]]:
    samples = (data and data.measurements) or []
    return [
        stated(
            {
                "at": time_or(sample.measurement_time, start),
                "weight_g": scaled(sample.weight_kg, 1000),
                "height_m": scaled(sample.height_cm, 0.01),
                "fat_share": scaled(sample.bodyfat_percentage, 0.01),
                "water_share": scaled(sample.water_percentage, 0.01),
                "muscle_g": sample.muscle_mass_g,
                "bone_g": sample.bone_mass_g,
                "lean_g": sample.lean_mass_g,
                "resting_energy_kj": kilojoules(sample.RMR),
                "note": sample.user_notes,
            }
        )
        for sample in samples
    ]


def _pressures_to_write(data: BloodPressureData | None, start: str) -> list[dict[str, Any]]:
    samples = (data and data.blood_pressure_samples) or []
    return [
        {
            "at": time_or(sample.timestamp, start),
            "systolic_mmhg": sample.systolic_bp,
            "diastolic_mmhg": sample.diastolic_bp,
        }
        for sample in samples
        if None not in {sample.systolic_bp, sample.diastolic_bp}
    ]


def _glucose_to_write(data: GlucoseData | None, start: str) -> list[dict[str, Any]]:
    samples = (data and data.blood_glucose_samples) or []
    return [
        stated(
            {
                "at": time_or(sample.timestamp, start),
                "mmol_per_l": mmol_per_l(sample.blood_glucose_mg_per_dL),
                "trend": _TRENDS.get(sample.trend_arrow or TrendArrow.UNKNOWN),
            }
        )
        for sample in samples
        if sample.blood_glucose_mg_per_dL is not None
    ]


def _temperatures_to_write(data: TemperatureData | None, start: str) -> list[dict[str, Any]]:
    places = {"mouth": data and data.body_temperature_samples, "skin": data and data.skin_temperature_samples}
    return [
        {
            "at": time_or(sample.timestamp, start),
            "place": place,
            "fahrenheit": fahrenheit(sample.temperature_celsius),
        }
        for place, samples in places.items()
        for sample in samples or []
        if sample.temperature_celsius is not None
    ]
