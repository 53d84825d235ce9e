"""A day's glucose and insulin as one body record."""

from datetime import date, timedelta

from pydantic import Field

from wearable_gateway.kit.clock import wire_time
from wearable_gateway.providers.dexcom.document import Document, Reading, device, midnight
from wearable_gateway.providers.dexcom.events import Event, EventType, of_type
from wearable_gateway.providers.dexcom.glucose import Calibration, Egv, estimates, mean, mg_per_dl
from wearable_gateway.unified.body import (
    Body,
    GlucoseData,
    GlucoseDataSample,
    MeasurementDataSample,
    MeasurementsData,
)
from wearable_gateway.unified.common import SpanMetadata, TimestampLocalization
from wearable_gateway.unified.records import DataType, Record


class BodyDay(Document):
    """What three calls say about one local day, put together by `fetch`."""

    day: date = Field(alias="date", lt=date.max)
    egvs: tuple[Egv, ...] = ()
    calibrations: tuple[Calibration, ...] = ()
    events: tuple[Event, ...] = ()


def body(day: BodyDay) -> Record | None:
    """The day's record; None when nothing in it has a place there."""
    insulin = of_type(day.events, EventType.INSULIN)
    pricks = of_type(day.events, EventType.BLOOD_GLUCOSE)
    readings = sorted([*day.egvs, *day.calibrations, *insulin, *pricks], key=lambda reading: reading.order)
    if not readings:
        return None
    record = Body(
        metadata=span(day.day, readings),
        device_data=device(max(day.egvs, key=lambda egv: egv.order).transmitter) if day.egvs else None,
        glucose_data=_glucose(day, pricks),
        measurements_data=_insulin(insulin),
    )
    return Record(DataType.BODY, day.day.isoformat(), day.day, record.model_dump(mode="json"))


def span(day: date, readings: list[Reading]) -> SpanMetadata:
    """The local day: its offset may change between the first and the last of `readings`."""
    return SpanMetadata(
        start_time=wire_time(midnight(day, readings[0].moment)),
        end_time=wire_time(midnight(day + timedelta(days=1), readings[-1].moment)),
        timestamp_localization=TimestampLocalization.LOCAL,
    )


def _glucose(day: BodyDay, pricks: list[Event]) -> GlucoseData:
    sensed = estimates(day.egvs)
    pricked = _pricked(day, pricks)
    return GlucoseData(
        day_avg_blood_glucose_mg_per_dL=mean(pricked.values()),
        day_avg_detailed_blood_glucose_mg_per_dL=mean(mg_per_dl(egv.value, egv.unit) for egv in day.egvs),
        sensor_usage=len(sensed) or None,
        blood_glucose_samples=[
            GlucoseDataSample(timestamp=at, blood_glucose_mg_per_dL=value) for at, value in pricked.items()
        ]
        or None,
        detailed_blood_glucose_samples=sensed or None,
    )


def _pricked(day: BodyDay, pricks: list[Event]) -> dict[str, float]:
    """mg/dL by time: one finger's blood may be entered both as an event and to calibrate."""
    entered: list[Calibration | Event] = [
        *day.calibrations,
        *(prick for prick in pricks if not prick.is_deleted),
    ]
    found = {
        wire_time(reading.moment): mg_per_dl(reading.value, reading.unit)
        for reading in sorted(entered, key=lambda reading: reading.order)
    }
    return {at: value for at, value in found.items() if value is not None}


def _insulin(events: list[Event]) -> MeasurementsData | None:
    """An empty list when all that was entered was taken back: null would leave what was known before."""
    if not events:
        return None
    return MeasurementsData(
        measurements=[
            MeasurementDataSample(
                measurement_time=wire_time(event.moment),
                insulin_units=event.amount("units"),
                insulin_type=event.subtype,
            )
            for event in events
            if not event.is_deleted
        ]
    )
