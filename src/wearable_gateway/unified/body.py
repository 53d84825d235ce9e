"""What was measured on a body in a day: pressure, heart, water, ketones, glucose, temperature, weight and the like."""

from enum import IntEnum
from typing import Any

from pydantic import model_validator

from wearable_gateway.unified.common import DeviceData, OxygenData, SpanMetadata
from wearable_gateway.unified.fields import Group, Whole, WholeText, with_same_value
from wearable_gateway.unified.heart_rate import HeartRateData


class AFibFlag(IntEnum):
    NEGATIVE = 0
    POSITIVE = 1
    INCONCLUSIVE = 2


class KetoneSampleType(IntEnum):
    UNKNOWN = 0
    BLOOD = 1
    URINE = 2
    BREATH = 3


class GlucoseFlag(IntEnum):
    NORMAL = 0
    HIGH = 1
    LOW = 2


class TrendArrow(IntEnum):
    UNKNOWN = 0
    FALLING_QUICKLY = 1
    FALLING = 2
    FLAT = 3
    RISING = 4
    RISING_QUICKLY = 5


class BloodPressureSample(Group):
    timestamp: str | None = None
    systolic_bp: float | None = None
    diastolic_bp: float | None = None


class BloodPressureData(Group):
    day_avg_systolic_bp: float | None = None
    day_avg_diastolic_bp: float | None = None
    blood_pressure_samples: list[BloodPressureSample] | None = None


class AFibClassificationSample(Group):
    timestamp: str | None = None
    afib_classification: AFibFlag | None = None


class RawECGSample(Group):
    timestamp: str | None = None
    potential_uV: float | None = None


class ECGReading(Group):
    start_timestamp: str | None = None
    avg_hr_bpm: float | None = None
    afib_classification: AFibFlag | None = None
    raw_signal: list[RawECGSample] | None = None


class PulseVelocitySample(Group):
    timestamp: str | None = None
    pulse_wave_velocity_meters_per_second: float | None = None


class RRIntervalSample(Group):
    timestamp: str | None = None
    rr_interval_ms: float | None = None
    hr_bpm: float | None = None


class HeartData(Group):
    heart_rate_data: HeartRateData | None = None
    afib_classification_samples: list[AFibClassificationSample] | None = None
    ecg_signal: list[ECGReading] | None = None
    pulse_wave_velocity_samples: list[PulseVelocitySample] | None = None
    rr_interval_samples: list[RRIntervalSample] | None = None


class HydrationMeasurementSample(Group):
    timestamp: str | None = None
    hydration_kg: float | None = None


class HydrationData(Group):
    day_total_water_consumption_ml: float | None = None
    day_avg_hydration_kg: float | None = None
    hydration_amount_samples: list[HydrationMeasurementSample] | None = None


class KetoneSample(Group):
    timestamp: str | None = None
    ketone_mg_per_dL: float | None = None
    sample_type: KetoneSampleType | None = None


class KetoneData(Group):
    day_avg_ketone_mg_per_dL: float | None = None
    ketone_samples: list[KetoneSample] | None = None


class MeasurementDataSample(Group):
    measurement_time: str | None = None
    weight_kg: float | None = None
    height_cm: float | None = None
    BMI: float | None = None
    BMR: float | None = None
    RMR: float | None = None
    bodyfat_percentage: float | None = None
    water_percentage: float | None = None
    bone_mass_g: float | None = None
    muscle_mass_g: float | None = None
    lean_mass_g: float | None = None
    skin_fold_mm: float | None = None
    visceral_fat_level: float | None = None
    visceral_fat_category: str | None = None
    estimated_fitness_age: WholeText | None = None
    insulin_units: float | None = None
    insulin_type: str | None = None
    urine_color: str | None = None
    user_notes: str | None = None


class MeasurementsData(Group):
    day_avg_weight_kg: float | None = None
    day_avg_height_cm: float | None = None
    day_avg_bmi: float | None = None
    day_avg_bmr: float | None = None
    day_avg_rmr: float | None = None
    day_avg_bodyfat_percentage: float | None = None
    day_avg_water_percentage: float | None = None
    day_avg_bone_mass_g: float | None = None
    day_avg_muscle_mass_g: float | None = None
    day_avg_lean_mass_g: float | None = None
    day_avg_skin_fold_mm: float | None = None
    day_avg_visceral_fat_level: float | None = None
    day_avg_estimated_fitness_age: float | None = None
    day_avg_insulin_units: float | None = None
    measurements: list[MeasurementDataSample] | None = None


class TemperatureSample(Group):
    timestamp: str | None = None
    temperature_celsius: float | None = None


class TemperatureData(Group):
    day_avg_body_temperature_celsius: float | None = None
    day_avg_skin_temperature_celsius: float | None = None
    day_avg_ambient_temperature_celsius: float | None = None
    body_temperature_samples: list[TemperatureSample] | None = None
    skin_temperature_samples: list[TemperatureSample] | None = None
    ambient_temperature_samples: list[TemperatureSample] | None = None


class GlucoseDataSample(Group):
    timestamp: str | None = None
    blood_glucose_mg_per_dL: Whole | None = None
    glucose_level_flag: GlucoseFlag | None = None
    trend_arrow: TrendArrow | None = None


class DailyPatternSample(Group):
    """Percentiles of glucose at one hour; `time_from_midnight` is that hour, 0 to 23."""

    time_from_midnight: Whole | None = None
    percentile_5: Whole | None = None
    percentile_25: Whole | None = None
    percentile_50: Whole | None = None
    percentile_75: Whole | None = None
    percentile_95: Whole | None = None


class GlucoseData(Group):
    """The name in `_dl` is an older spelling of the one in `_dL`."""

    day_avg_blood_glucose_mg_per_dL: float | None = None
    day_avg_blood_glucose_mg_per_dl: float | None = None
    day_avg_detailed_blood_glucose_mg_per_dL: float | None = None
    gmi: float | None = None
    time_in_range: float | None = None
    sensor_usage: Whole | None = None
    blood_glucose_samples: list[GlucoseDataSample] | None = None
    detailed_blood_glucose_samples: list[GlucoseDataSample] | None = None
    daily_patterns: list[DailyPatternSample] | None = None

    @model_validator(mode="before")
    @classmethod
    def _one_average(cls, data: Any) -> Any:
        return with_same_value(data, "day_avg_blood_glucose_mg_per_dL", "day_avg_blood_glucose_mg_per_dl")


class Body(Group):
    metadata: SpanMetadata
    blood_pressure_data: BloodPressureData | None = None
    device_data: DeviceData | None = None
    glucose_data: GlucoseData | None = None
    heart_data: HeartData | None = None
    hydration_data: HydrationData | None = None
    ketone_data: KetoneData | None = None
    measurements_data: MeasurementsData | None = None
    oxygen_data: OxygenData | None = None
    temperature_data: TemperatureData | None = None
