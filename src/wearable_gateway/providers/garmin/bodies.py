"""`bodyComps`, `bloodPressures`, `userMetrics` and single `pulseox` readings: measurements of a body.

Each is a record of its own: it has its own id, and there may be several a day.
"""

from pydantic import Field

from wearable_gateway.kit.clock import wire_time
from wearable_gateway.providers.garmin.day_series import saturations
from wearable_gateway.providers.garmin.document import (
    Document,
    LocalDay,
    Offset,
    Percent,
    Positive,
    Seconds,
    Series,
    Timed,
    local,
    localization,
    mean,
    measured,
    whole_day,
)
from wearable_gateway.unified.body import (
    BloodPressureData,
    BloodPressureSample,
    Body,
    HeartData,
    MeasurementDataSample,
    MeasurementsData,
)
from wearable_gateway.unified.common import OxygenData, SpanMetadata
from wearable_gateway.unified.heart_rate import HeartRateData, HeartRateDetailed, HeartRateSample
from wearable_gateway.unified.records import DataType, Record


class Measurement(Document):
    summary_id: str = Field(alias="summaryId")
    taken: Seconds = Field(alias="measurementTimeInSeconds")
    offset: Offset | None = Field(default=None, alias="measurementTimeOffsetInSeconds")

    @property
    def at(self) -> str:
        return wire_time(local(self.taken, self.offset))

    @property
    def span(self) -> SpanMetadata:
        return SpanMetadata(
            start_time=self.at, end_time=self.at, timestamp_localization=localization(self.offset)
        )


class WeighIn(Measurement):
    weight_g: Positive | None = Field(default=None, alias="weightInGrams")
    muscle_g: Positive | None = Field(default=None, alias="muscleMassInGrams")
    bone_g: Positive | None = Field(default=None, alias="boneMassInGrams")
    fat_percent: Percent | None = Field(default=None, alias="bodyFatInPercent")
    water_percent: Percent | None = Field(default=None, alias="bodyWaterInPercent")
    body_mass_index: Positive | None = Field(default=None, alias="bodyMassIndex")


class BloodPressure(Measurement):
    systolic_mmhg: Positive | None = Field(default=None, alias="systolic")
    diastolic_mmhg: Positive | None = Field(default=None, alias="diastolic")
    pulse_bpm: Positive | None = Field(default=None, alias="pulse")


class UserMetrics(Document):
    """Of a calendar day and no time in it."""

    shown_on: LocalDay = Field(alias="calendarDate")
    vo2max: Positive | None = Field(default=None, alias="vo2Max")
    fitness_age: Positive | None = Field(default=None, alias="fitnessAge")


class OxygenReading(Timed):
    summary_id: str = Field(alias="summaryId")
    saturation: Series | None = Field(default=None, alias="timeOffsetSpo2Values")


def weighed(weigh_in: WeighIn) -> Record:
    sample = MeasurementDataSample(
        measurement_time=weigh_in.at,
        weight_kg=None if weigh_in.weight_g is None else round(weigh_in.weight_g / 1000, 6),
        BMI=weigh_in.body_mass_index,
        bodyfat_percentage=weigh_in.fat_percent,
        water_percentage=weigh_in.water_percent,
        bone_mass_g=weigh_in.bone_g,
        muscle_mass_g=weigh_in.muscle_g,
    )
    body = Body(metadata=weigh_in.span, measurements_data=MeasurementsData(measurements=[sample]))
    return _record(weigh_in, body)


def blood_pressure(reading: BloodPressure) -> Record:
    pressure = BloodPressureSample(
        timestamp=reading.at, systolic_bp=reading.systolic_mmhg, diastolic_bp=reading.diastolic_mmhg
    )
    body = Body(
        metadata=reading.span,
        blood_pressure_data=BloodPressureData(blood_pressure_samples=[pressure]),
        heart_data=_pulse(reading),
    )
    return _record(reading, body)


def fitness(metrics: UserMetrics) -> Record:
    day = metrics.shown_on
    age = metrics.fitness_age
    body = Body(
        metadata=whole_day(day),
        measurements_data=None
        if age is None
        else MeasurementsData(measurements=[MeasurementDataSample(estimated_fitness_age=age)]),
        oxygen_data=OxygenData(vo2max_ml_per_min_per_kg=metrics.vo2max),
    )
    return Record(DataType.BODY, f"fitness-{day.isoformat()}", day, body.model_dump(mode="json"))


def oxygen_reading(reading: OxygenReading) -> Record:
    """Taken on demand: it begins and ends with its first and last sample, not when the vendor says it begins."""
    samples = measured(reading, reading.saturation, 1, 100)
    begun = wire_time(reading.after(0))
    body = Body(
        metadata=SpanMetadata(
            start_time=samples[0][0] if samples else begun,
            end_time=samples[-1][0] if samples else begun,
            timestamp_localization=reading.localization,
        ),
        oxygen_data=OxygenData(
            avg_saturation_percentage=mean(samples), saturation_samples=saturations(samples)
        ),
    )
    return Record(DataType.BODY, reading.summary_id, reading.after(0).date(), body.model_dump(mode="json"))


def _record(measurement: Measurement, body: Body) -> Record:
    day = local(measurement.taken, measurement.offset).date()
    return Record(DataType.BODY, measurement.summary_id, day, body.model_dump(mode="json"))


def _pulse(reading: BloodPressure) -> HeartData | None:
    if reading.pulse_bpm is None:
        return None
    sample = HeartRateSample(timestamp=reading.at, bpm=reading.pulse_bpm)
    return HeartData(heart_rate_data=HeartRateData(detailed=HeartRateDetailed(hr_samples=[sample])))
