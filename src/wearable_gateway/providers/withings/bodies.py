"""A body in a day, made of its measures. Blood pressures are pairs: both of one group."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal

from wearable_gateway.kit.clock import wire_time
from wearable_gateway.providers.withings import measures as kinds
from wearable_gateway.providers.withings.devices import devices_named
from wearable_gateway.providers.withings.document import percentage, some
from wearable_gateway.providers.withings.measures import Group, HeartRow, MeasuredDay
from wearable_gateway.unified.body import (
    AFibClassificationSample,
    AFibFlag,
    BloodPressureData,
    BloodPressureSample,
    Body,
    ECGReading,
    HeartData,
    HydrationData,
    HydrationMeasurementSample,
    MeasurementDataSample,
    MeasurementsData,
    PulseVelocitySample,
    TemperatureData,
    TemperatureSample,
)
from wearable_gateway.unified.common import (
    OxygenData,
    OxygenSaturationSample,
    OxygenSaturationType,
    SpanMetadata,
    Vo2MaxSample,
)
from wearable_gateway.unified.heart_rate import (
    HeartRateContext,
    HeartRateData,
    HeartRateDetailed,
    HeartRateSample,
)
from wearable_gateway.unified.records import DataType, Record

_CORE = (kinds.TEMPERATURE_C, kinds.BODY_TEMPERATURE_C)
_SKIN = (kinds.SKIN_TEMPERATURE_C,)
# 3 to 5 are failures, 6 and 7 a rate at which none is told, 13 no diagnosis.
_FLAGS = {
    0: AFibFlag.NEGATIVE,
    1: AFibFlag.POSITIVE,
    2: AFibFlag.INCONCLUSIVE,
    8: AFibFlag.INCONCLUSIVE,
    9: AFibFlag.NEGATIVE,
    10: AFibFlag.NEGATIVE,
    11: AFibFlag.POSITIVE,
    12: AFibFlag.POSITIVE,
}
_ECG_FLAGS = {flag.value: flag for flag in AFibFlag}


def body(day: MeasuredDay) -> Record:
    """A day of nothing but electrocardiograms is for those who may see these."""
    record = Body(
        metadata=SpanMetadata(
            start_time=wire_time(day.midnight(day.day)),
            end_time=wire_time(day.midnight(day.day + timedelta(days=1))),
            timestamp_localization=day.localization,
        ),
        blood_pressure_data=_pressure(day),
        device_data=devices_named(group.model for group in day.groups),
        heart_data=_heart(day),
        hydration_data=_hydration(day),
        measurements_data=_measurements(day),
        oxygen_data=_oxygen(day),
        temperature_data=TemperatureData(
            day_avg_body_temperature_celsius=_mean(value for _, value in day.values(*_CORE)),
            day_avg_skin_temperature_celsius=_mean(value for _, value in day.values(*_SKIN)),
            body_temperature_samples=_temperatures(day, *_CORE),
            skin_temperature_samples=_temperatures(day, *_SKIN),
        ),
    )
    needs = () if day.measuregrps else ("user.activity",)
    return Record(DataType.BODY, day.day.isoformat(), day.day, record.model_dump(mode="json"), needs)


def _mean(values: Iterable[Decimal | float | None]) -> float | None:
    known = [Decimal(str(value)) for value in values if value is not None]
    return round(float(sum(known) / len(known)), 4) if known else None


def _number(value: Decimal | None, times: int = 1) -> float | None:
    return None if value is None else float(value * times)


def _pressure(day: MeasuredDay) -> BloodPressureData:
    samples = [
        BloodPressureSample(
            timestamp=day.at(group.taken_at),
            systolic_bp=_number(group.value(kinds.SYSTOLIC_MMHG)),
            diastolic_bp=_number(group.value(kinds.DIASTOLIC_MMHG)),
        )
        for group in day.groups
        if group.value(kinds.SYSTOLIC_MMHG) is not None or group.value(kinds.DIASTOLIC_MMHG) is not None
    ]
    return BloodPressureData(
        day_avg_systolic_bp=_mean(sample.systolic_bp for sample in samples),
        day_avg_diastolic_bp=_mean(sample.diastolic_bp for sample in samples),
        blood_pressure_samples=samples or None,
    )


def _heart(day: MeasuredDay) -> HeartData:
    # Scales and cuffs take a pulse of somebody who stands or sits still.
    pulses = [
        HeartRateSample(timestamp=day.at(moment), bpm=float(bpm), context=HeartRateContext.NOT_ACTIVE)
        for moment, bpm in day.values(kinds.PULSE_BPM)
    ]
    return HeartData(
        heart_rate_data=HeartRateData(detailed=HeartRateDetailed(hr_samples=pulses)) if pulses else None,
        afib_classification_samples=[
            AFibClassificationSample(timestamp=day.at(moment), afib_classification=_FLAGS[int(code)])
            for moment, code in day.values(kinds.AFIB)
            if code in _FLAGS
        ]
        or None,
        ecg_signal=[
            ECGReading(
                start_timestamp=day.at(row.taken_at),
                avg_hr_bpm=some(row.heart_rate),
                afib_classification=_ecg_flag(row),
            )
            for row in day.ecgs
        ]
        or None,
        pulse_wave_velocity_samples=[
            PulseVelocitySample(
                timestamp=day.at(moment), pulse_wave_velocity_meters_per_second=float(velocity)
            )
            for moment, velocity in day.values(kinds.PULSE_WAVE_M_PER_S)
        ]
        or None,
    )


def _ecg_flag(row: HeartRow) -> AFibFlag | None:
    code = row.ecg.afib if row.ecg else None
    return None if code is None else _ECG_FLAGS.get(code)


def _hydration(day: MeasuredDay) -> HydrationData:
    return HydrationData(
        day_avg_hydration_kg=_mean(value for _, value in day.values(kinds.WATER_KG)),
        hydration_amount_samples=[
            HydrationMeasurementSample(timestamp=day.at(moment), hydration_kg=float(water))
            for moment, water in day.values(kinds.WATER_KG)
        ]
        or None,
    )


def _oxygen(day: MeasuredDay) -> OxygenData:
    vo2max = [(moment, float(value)) for moment, value in day.values(kinds.VO2MAX)]
    return OxygenData(
        vo2max_ml_per_min_per_kg=vo2max[-1][1] if vo2max else None,
        day_avg_vo2max_ml_per_min_per_kg=_mean(value for _, value in vo2max),
        saturation_samples=[
            OxygenSaturationSample(
                timestamp=day.at(moment), percentage=float(percent), type=OxygenSaturationType.BLOOD
            )
            for moment, percent in day.values(kinds.OXYGEN_PERCENT)
            if percentage(float(percent)) is not None
        ]
        or None,
        vo2_samples=[
            Vo2MaxSample(timestamp=day.at(moment), vo2max_ml_per_min_per_kg=value) for moment, value in vo2max
        ]
        or None,
    )


def _temperatures(day: MeasuredDay, *where: int) -> list[TemperatureSample] | None:
    return [
        TemperatureSample(timestamp=day.at(moment), temperature_celsius=float(celsius))
        for moment, celsius in day.values(*where)
    ] or None


def _measurements(day: MeasuredDay) -> MeasurementsData | None:
    samples = [
        sample for group in day.groups if (sample := _measurement(group, day.at(group.taken_at))) is not None
    ]
    if not samples:
        return None
    return MeasurementsData(
        day_avg_weight_kg=_mean(sample.weight_kg for sample in samples),
        day_avg_height_cm=_mean(sample.height_cm for sample in samples),
        day_avg_bmr=_mean(sample.BMR for sample in samples),
        day_avg_bodyfat_percentage=_mean(sample.bodyfat_percentage for sample in samples),
        day_avg_water_percentage=_mean(sample.water_percentage for sample in samples),
        day_avg_bone_mass_g=_mean(sample.bone_mass_g for sample in samples),
        day_avg_muscle_mass_g=_mean(sample.muscle_mass_g for sample in samples),
        day_avg_lean_mass_g=_mean(sample.lean_mass_g for sample in samples),
        day_avg_visceral_fat_level=_mean(sample.visceral_fat_level for sample in samples),
        measurements=samples,
    )


def _measurement(group: Group, at: str) -> MeasurementDataSample | None:
    """None when the group holds nothing of a scale's."""
    found = MeasurementDataSample(
        weight_kg=_number(group.value(kinds.WEIGHT_KG)),
        height_cm=_number(group.value(kinds.HEIGHT_M), 100),
        BMR=_number(group.value(kinds.BASAL_KCAL)),
        bodyfat_percentage=_number(group.value(kinds.FAT_PERCENT)),
        water_percentage=_water_percentage(group),
        bone_mass_g=_number(group.value(kinds.BONE_KG), 1000),
        muscle_mass_g=_number(group.value(kinds.MUSCLE_KG), 1000),
        lean_mass_g=_number(group.value(kinds.FAT_FREE_KG), 1000),
        visceral_fat_level=_number(group.value(kinds.VISCERAL_FAT)),
    )
    if found == MeasurementDataSample():
        return None
    return found.model_copy(update={"measurement_time": at})


def _water_percentage(group: Group) -> float | None:
    """The vendor knows water by its weight alone."""
    water, weight = group.value(kinds.WATER_KG), group.value(kinds.WEIGHT_KG)
    if water is None or weight is None or water > weight:
        return None
    return round(float(water / weight * 100), 4)
