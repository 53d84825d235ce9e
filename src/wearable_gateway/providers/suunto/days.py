"""A day as three 24/7 products tell it: activity, recovery, and steps counted up."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from typing import Annotated, TypeVar

from pydantic import Field

from wearable_gateway.kit.clock import wire_time
from wearable_gateway.providers.suunto.document import Bpm, Document, Moment, Share, percent
from wearable_gateway.unified.common import (
    CalorieSample,
    CaloriesData,
    OxygenData,
    OxygenSaturationSample,
    OxygenSaturationType,
    TimestampLocalization,
    UploadType,
)
from wearable_gateway.unified.daily import BodyBatterySample, Daily, DailyMetadata, StressData
from wearable_gateway.unified.distance import DailyDistanceData, DistanceDetailed, StepSample
from wearable_gateway.unified.heart_rate import (
    HeartRateData,
    HeartRateDetailed,
    HeartRateSample,
    HeartRateSummary,
)
from wearable_gateway.unified.records import DataType, Record

_JOULES_PER_KCAL = 4184
_MOST_STEPS = 500_000
_MOST_JOULES = 1e8

Sample = TypeVar("Sample", "ActivitySample", "RecoverySample")
Steps = Annotated[float, Field(ge=0, le=_MOST_STEPS)]


class Extremes(Document):
    lowest: Bpm = Field(default=None, alias="Min")
    highest: Bpm = Field(default=None, alias="Max")


class ActivityEntry(Document):
    """About ten minutes."""

    bpm: Bpm = Field(default=None, alias="HR")
    extremes: Extremes | None = Field(default=None, alias="HRExt")
    steps: Steps | None = Field(default=None, alias="StepCount")
    joules: Annotated[float, Field(ge=0, le=_MOST_JOULES)] | None = Field(
        default=None, alias="EnergyConsumption"
    )
    saturation: Share | None = Field(default=None, alias="SpO2")


class RecoveryEntry(Document):
    balance: Share | None = Field(default=None, alias="Balance")


class ActivitySample(Document):
    at: Moment = Field(alias="timestamp")
    entry: ActivityEntry = Field(default=ActivityEntry(), alias="entryData")


class RecoverySample(Document):
    at: Moment = Field(alias="timestamp")
    entry: RecoveryEntry = Field(default=RecoveryEntry(), alias="entryData")


class StepsOfSource(Document):
    """One device's count of the day."""

    at: Moment = Field(alias="TimeISO8601")
    steps: Steps | None = Field(default=None, alias="Value")


class DayOfSamples(Document):
    """One local day, put together by `fetch`."""

    day: date = Field(alias="date", lt=date.max)
    activity: tuple[ActivitySample, ...] = ()
    recovery: tuple[RecoverySample, ...] = ()
    step_counts: tuple[StepsOfSource, ...] = Field(default=(), alias="stepcount")


def daily(document: DayOfSamples) -> Record | None:
    """The day's record; None when nothing was measured."""
    activity, recovery = _in_order(document.activity), _in_order(document.recovery)
    moments = sorted(
        sample.at for samples in (activity, recovery, document.step_counts) for sample in samples
    )
    if not moments:
        return None
    body = Daily(
        metadata=DailyMetadata(
            start_time=_midnight(document.day, moments[0]),
            end_time=_midnight(document.day + timedelta(days=1), moments[-1]),
            upload_type=UploadType.AUTOMATIC,
            timestamp_localization=TimestampLocalization.LOCAL,
        ),
        calories_data=_calories(activity),
        distance_data=_steps(document, activity),
        heart_rate_data=_heart(activity),
        oxygen_data=_oxygen(activity),
        stress_data=_balance(recovery),
    )
    return Record(DataType.DAILY, document.day.isoformat(), document.day, body.model_dump(mode="json"))


def _in_order(samples: Sequence[Sample]) -> list[Sample]:
    """Each moment once: the vendor repeats rows, and the later of two is the corrected one."""
    return [sample for _, sample in sorted({sample.at: sample for sample in samples}.items())]


def _midnight(day: date, like: datetime) -> str:
    return wire_time(datetime.combine(day, time(), like.tzinfo))


def _calories(activity: list[ActivitySample]) -> CaloriesData:
    return CaloriesData(
        calorie_samples=[
            CalorieSample(
                timestamp=wire_time(sample.at), calories=round(sample.entry.joules / _JOULES_PER_KCAL, 4)
            )
            for sample in activity
            if sample.entry.joules is not None
        ]
        or None
    )


def _steps(document: DayOfSamples, activity: list[ActivitySample]) -> DailyDistanceData:
    """Two watches worn on one day count the same steps: the one that saw most of them is believed."""
    counts = [source.steps for source in document.step_counts if source.steps is not None]
    counted = [sample for sample in activity if sample.entry.steps is not None]
    # Terra counts from the start of the day, the vendor by row.
    sums = accumulate(sample.entry.steps or 0 for sample in counted)
    samples = [
        StepSample(timestamp=wire_time(sample.at), steps=steps)
        for sample, steps in zip(counted, sums, strict=True)
    ]
    return DailyDistanceData(
        steps=max(counts, default=None),
        detailed=DistanceDetailed(step_samples=samples) if samples else None,
    )


def _heart(activity: list[ActivitySample]) -> HeartRateData:
    extremes = [sample.entry.extremes for sample in activity if sample.entry.extremes is not None]
    samples = [
        HeartRateSample(timestamp=wire_time(sample.at), bpm=sample.entry.bpm)
        for sample in activity
        if sample.entry.bpm is not None
    ]
    return HeartRateData(
        summary=HeartRateSummary(
            min_hr_bpm=min((part.lowest for part in extremes if part.lowest is not None), default=None),
            max_hr_bpm=max((part.highest for part in extremes if part.highest is not None), default=None),
        ),
        detailed=HeartRateDetailed(hr_samples=samples) if samples else None,
    )


def _oxygen(activity: list[ActivitySample]) -> OxygenData:
    return OxygenData(
        saturation_samples=[
            OxygenSaturationSample(
                timestamp=wire_time(sample.at),
                percentage=percent(sample.entry.saturation),
                type=OxygenSaturationType.BLOOD,
            )
            for sample in activity
            if sample.entry.saturation is not None
        ]
        or None
    )


def _balance(recovery: list[RecoverySample]) -> StressData:
    return StressData(
        body_battery_samples=[
            BodyBatterySample(timestamp=wire_time(sample.at), level=percent(sample.entry.balance))
            for sample in recovery
            if sample.entry.balance is not None
        ]
        or None
    )
