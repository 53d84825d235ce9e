"""`/v3/users/physical-info` and `/v3/users/biosensing`: what was measured on a body in a day."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Annotated

from pydantic import Field

from wearable_gateway.kit.clock import wire_time
from wearable_gateway.providers.polar.document import (
    MAKER,
    Bpm,
    Day,
    Document,
    Minutes,
    Moment,
    Percent,
    local_time,
    whole_day,
)
from wearable_gateway.unified.body import (
    Body,
    ECGReading,
    HeartData,
    MeasurementDataSample,
    MeasurementsData,
    RawECGSample,
    TemperatureData,
    TemperatureSample,
)
from wearable_gateway.unified.common import (
    DeviceData,
    OxygenData,
    OxygenSaturationSample,
    OxygenSaturationType,
    SpanMetadata,
    TimestampLocalization,
)
from wearable_gateway.unified.heart_rate import HeartRateData, HeartRateSummary
from wearable_gateway.unified.records import DataType, Record

_PASSED = "SPO2_TEST_PASSED"
_CORE, _SKIN = "TM_CORE_TEMPERATURE", "TM_SKIN_TEMPERATURE"
_NOBODYS_WEIGHTS = frozenset({"SOURCE_DEFAULT", "SOURCE_ESTIMATE"})
"""Weights that neither a scale nor the user told."""

_MICROVOLTS_PER_MILLIVOLT = 1000
_LONGEST_MS = 2 * 24 * 3600 * 1000

Epoch = Annotated[int, Field(ge=0, le=4_102_444_800)]
Delta = Annotated[float, Field(ge=0, le=_LONGEST_MS)]


class Told(Document):
    """What is known since a moment; the vendor keeps only the latest of it."""

    created: Moment | None = None
    modified: Moment | None = None

    @property
    def known_at(self) -> datetime | None:
        return self.modified or self.created


class PhysicalInfo(Told):
    weight: Annotated[float, Field(gt=0, le=1000)] | None = None
    height: Annotated[float, Field(gt=0, le=300)] | None = None
    weight_source: str | None = None
    maximum_heart_rate: Bpm | None = None
    resting_heart_rate: Bpm | None = None
    vo2_max: Annotated[float, Field(gt=0, le=120)] | None = None

    @property
    def told_weight(self) -> float | None:
        return None if self.weight_source in _NOBODYS_WEIGHTS else self.weight


class SelfTest(Document):
    """A measurement the user took by themselves, at a moment and in a place with an offset."""

    test_time: Epoch
    time_zone_offset: Minutes | None = None

    @property
    def at(self) -> datetime:
        return local_time(self.test_time, self.time_zone_offset)


class Spo2Test(SelfTest):
    test_status: str | None = None
    blood_oxygen_percent: Percent | None = None


class EcgSample(Document):
    recording_time_delta_ms: Delta
    amplitude_mv: float


class EcgTest(SelfTest):
    average_heart_rate_bpm: Bpm | None = None
    samples: tuple[EcgSample, ...] = ()


class TemperatureReading(Document):
    recording_time_delta_milliseconds: Delta
    temperature_celsius: Annotated[float, Field(ge=-50, le=60)]


class Period(Document):
    """Its times are UTC and are written without saying so (https://www.polar.com/accesslink-api/#elixir-biosensing)."""

    start_time: Moment

    @property
    def start(self) -> datetime:
        return self.start_time if self.start_time.tzinfo else self.start_time.replace(tzinfo=UTC)


class TemperaturePeriod(Period):
    measurement_type: str | None = None
    samples: tuple[TemperatureReading, ...] = ()


class BodyDay(Document):
    """What the vendor has of one day, gathered from its answers."""

    day: Day = Field(alias="date")
    physical_info: PhysicalInfo | None = None
    spo2_tests: tuple[Spo2Test, ...] = ()
    ecg_tests: tuple[EcgTest, ...] = ()
    temperature_periods: tuple[TemperaturePeriod, ...] = ()

    @property
    def span(self) -> SpanMetadata:
        """In the user's time, if a test says where they were; else in UTC, as the vendor speaks."""
        for test in (*self.spo2_tests, *self.ecg_tests):
            if test.time_zone_offset is not None:
                zone = timezone(timedelta(minutes=test.time_zone_offset))
                return whole_day(self.day, zone, TimestampLocalization.LOCAL)
        return whole_day(self.day, UTC, TimestampLocalization.UTC)


def body(day: BodyDay) -> Record:
    info = day.physical_info or PhysicalInfo()
    record = Body(
        metadata=day.span,
        device_data=DeviceData(manufacturer=MAKER),
        heart_data=_heart(day, info),
        measurements_data=_measurements(info),
        oxygen_data=OxygenData(
            vo2max_ml_per_min_per_kg=info.vo2_max,
            saturation_samples=[
                OxygenSaturationSample(
                    timestamp=wire_time(test.at),
                    percentage=test.blood_oxygen_percent,
                    type=OxygenSaturationType.BLOOD,
                )
                for test in day.spo2_tests
                if test.test_status == _PASSED and test.blood_oxygen_percent is not None
            ]
            or None,
        ),
        temperature_data=TemperatureData(
            body_temperature_samples=_temperatures(day, _CORE),
            skin_temperature_samples=_temperatures(day, _SKIN),
        ),
    )
    return Record(DataType.BODY, day.day.isoformat(), day.day, record.model_dump(mode="json"))


def _heart(day: BodyDay, info: PhysicalInfo) -> HeartData:
    return HeartData(
        heart_rate_data=HeartRateData(
            summary=HeartRateSummary(
                resting_hr_bpm=info.resting_heart_rate, user_max_hr_bpm=info.maximum_heart_rate
            )
        ),
        ecg_signal=[_ecg(test) for test in day.ecg_tests] or None,
    )


def _ecg(test: EcgTest) -> ECGReading:
    return ECGReading(
        start_timestamp=wire_time(test.at),
        avg_hr_bpm=test.average_heart_rate_bpm,
        raw_signal=[
            RawECGSample(
                timestamp=wire_time(test.at + timedelta(milliseconds=sample.recording_time_delta_ms)),
                potential_uV=round(sample.amplitude_mv * _MICROVOLTS_PER_MILLIVOLT, 6),
            )
            for sample in test.samples
        ]
        or None,
    )


def _measurements(info: PhysicalInfo) -> MeasurementsData | None:
    if info.known_at is None or (info.told_weight is None and info.height is None):
        return None
    return MeasurementsData(
        measurements=[
            MeasurementDataSample(
                measurement_time=wire_time(info.known_at), weight_kg=info.told_weight, height_cm=info.height
            )
        ]
    )


def _temperatures(day: BodyDay, kind: str) -> list[TemperatureSample] | None:
    samples = [
        TemperatureSample(
            timestamp=wire_time(
                period.start + timedelta(milliseconds=reading.recording_time_delta_milliseconds)
            ),
            temperature_celsius=reading.temperature_celsius,
        )
        for period in day.temperature_periods
        if period.measurement_type == kind
        for reading in period.samples
    ]
    return samples or None
