"""A day in summary, out of the vendor's many collections of days.

Each collection knows a part: activity, sleep and readiness their scores, activity alone the user's offset. Our own fetch
lays the documents of one day together, so that one record is made of them and none takes the place of another's times.
"""

from datetime import date, timedelta
from typing import Any

from pydantic import Field

from wearable_gateway.kit.clock import wire_time
from wearable_gateway.providers.oura.activity_days import (
    DayOfActivity,
    active_durations,
    calories,
    distance,
    metabolic_equivalents,
)
from wearable_gateway.providers.oura.document import DEVICE, BeatsPerMinute, Document, Moment, Score, Seconds
from wearable_gateway.unified.common import OxygenData, TimestampLocalization, UploadType
from wearable_gateway.unified.daily import Daily, DailyMetadata, ScoresData, StressData, TagData, TagEntry
from wearable_gateway.unified.heart_rate import (
    HeartRateContext,
    HeartRateData,
    HeartRateDetailed,
    HeartRateSample,
)
from wearable_gateway.unified.records import DataType, Record

_CONTEXTS = {
    "workout": HeartRateContext.ACTIVE,
    "rest": HeartRateContext.NOT_ACTIVE,
    "sleep": HeartRateContext.NOT_ACTIVE,
    "session": HeartRateContext.NOT_ACTIVE,
}


class Scored(Document):
    score: Score | None = None


class DayOfStress(Document):
    stress_high: Seconds | None = None


class Saturation(Document):
    average: float | None = Field(default=None, ge=50, le=100)
    """0 stands where nothing was measured."""


class DayOfSaturation(Document):
    spo2_percentage: Saturation | None = None


class FitnessEstimate(Document):
    vo2_max: float | None = Field(default=None, gt=0, le=120)


class HeartRate(Document):
    timestamp: Moment
    bpm: BeatsPerMinute
    source: str | None = None


class Tag(Document):
    start_time: Moment
    tag_type_code: str | None = None
    custom_name: str | None = None
    comment: str | None = None


class Day(Document):
    """The documents of one local day, each under its collection's name."""

    day: date = Field(lt=date.max)
    daily_activity: DayOfActivity | None = None
    daily_sleep: Scored | None = None
    daily_readiness: Scored | None = None
    daily_stress: DayOfStress | None = None
    daily_spo2: DayOfSaturation | None = None
    vo2_max: FitnessEstimate | None = Field(default=None, alias="vO2_max")
    heartrate: tuple[HeartRate, ...] = ()
    enhanced_tag: tuple[Tag, ...] | None = None
    """Empty: the day has no tags; None: nobody looked."""


def daily(day: Day) -> Record | None:
    """One record of all that is known of a day; None when that is nothing."""
    active = day.daily_activity
    body = Daily(
        metadata=_metadata(day),
        active_durations_data=active_durations(active) if active else None,
        calories_data=calories(active) if active else None,
        device_data=DEVICE,
        distance_data=distance(active) if active else None,
        heart_rate_data=_heart_rate(day.heartrate),
        MET_data=metabolic_equivalents(active) if active else None,
        oxygen_data=_oxygen(day),
        scores=_scores(day),
        stress_data=StressData(high_stress_duration_seconds=day.daily_stress.stress_high)
        if day.daily_stress
        else None,
        tag_data=TagData(tags=[_tag(tag) for tag in day.enhanced_tag])
        if day.enhanced_tag is not None
        else None,
    )
    if not _says_anything(body.model_dump(exclude={"metadata", "device_data"})):
        return None
    return Record(DataType.DAILY, day.day.isoformat(), day.day, body.model_dump(mode="json"))


def _metadata(day: Day) -> DailyMetadata:
    """The 24 hours from 4 a.m. that the vendor calls a day; without an activity summary nobody knows the offset."""
    began = day.daily_activity.timestamp if day.daily_activity else None
    if began is None:
        start, end = (
            f"{moment.isoformat()}T00:00:00.000000" for moment in (day.day, day.day + timedelta(days=1))
        )
    else:
        start, end = wire_time(began), wire_time(began + timedelta(days=1))
    return DailyMetadata(
        start_time=start,
        end_time=end,
        upload_type=UploadType.AUTOMATIC,
        timestamp_localization=TimestampLocalization.LOCAL,
    )


def _says_anything(value: Any) -> bool:
    return any(map(_says_anything, value.values())) if isinstance(value, dict) else value is not None


def _scores(day: Day) -> ScoresData:
    return ScoresData(
        activity=day.daily_activity.score if day.daily_activity else None,
        recovery=day.daily_readiness.score if day.daily_readiness else None,
        sleep=day.daily_sleep.score if day.daily_sleep else None,
    )


def _oxygen(day: Day) -> OxygenData | None:
    saturation = day.daily_spo2.spo2_percentage if day.daily_spo2 else None
    if saturation is None and day.vo2_max is None:
        return None
    return OxygenData(
        avg_saturation_percentage=saturation.average if saturation else None,
        vo2max_ml_per_min_per_kg=day.vo2_max.vo2_max if day.vo2_max else None,
    )


def _heart_rate(rows: tuple[HeartRate, ...]) -> HeartRateData | None:
    samples = [
        HeartRateSample(
            timestamp=wire_time(row.timestamp), bpm=row.bpm, context=_CONTEXTS.get(row.source or "")
        )
        for row in sorted(rows, key=lambda row: row.timestamp)
    ]
    return HeartRateData(detailed=HeartRateDetailed(hr_samples=samples)) if samples else None


def _tag(tag: Tag) -> TagEntry:
    """A tag of its person's own making has a name; one that is text alone has neither a type nor a name."""
    name = tag.custom_name or tag.tag_type_code or ""
    return TagEntry(timestamp=wire_time(tag.start_time), tag_name=name, notes=tag.comment or "")
