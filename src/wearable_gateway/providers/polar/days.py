"""`/v3/users/activities` and `/v3/users/continuous-heart-rate`: a day, in two documents.

A day begins and ends by the clock of the device, and no document says where that was
(https://www.polar.com/accesslink-api/#daily-activity), so its times go out without an offset.
"""

from datetime import date, datetime

from pydantic import Field

from wearable_gateway.kit.clock import wire_time
from wearable_gateway.providers.polar.document import (
    MAKER,
    Amount,
    Bpm,
    Clock,
    Day,
    Document,
    Length,
    Moment,
    seconds,
    whole_day,
)
from wearable_gateway.providers.polar.steps import Steps, step_samples
from wearable_gateway.unified.common import (
    ActiveDurationsData,
    ActivityLevel,
    ActivityLevelSample,
    CaloriesData,
    DeviceData,
    TimestampLocalization,
    UploadType,
)
from wearable_gateway.unified.daily import Daily, DailyMetadata, ScoresData
from wearable_gateway.unified.distance import DailyDistanceData, DistanceDetailed
from wearable_gateway.unified.heart_rate import HeartRateData, HeartRateDetailed, HeartRateSample
from wearable_gateway.unified.records import DataType, Record

_HIGHEST_SCORE = 100
_LEVELS = {
    "SLEEP": ActivityLevel.REST,
    "SEDENTARY": ActivityLevel.INACTIVE,
    "LIGHT": ActivityLevel.LOW_INTENSITY,
    "MODERATE": ActivityLevel.MEDIUM_INTENSITY,
    "VIGOROUS": ActivityLevel.HIGH_INTENSITY,
}


class ZoneChange(Document):
    timestamp: Moment
    zone: str | None = None


class ZoneChanges(Document):
    samples: tuple[ZoneChange, ...] = ()


class DaySamples(Document):
    day: Day | None = Field(default=None, alias="date")
    steps: Steps | None = None
    activity_zones: ZoneChanges | None = None


class ActivitySummary(Document):
    start_time: Moment
    active_duration: Length | None = None
    inactive_duration: Length | None = None
    daily_activity: Amount | None = None
    calories: Amount | None = None
    active_calories: Amount | None = None
    steps: Amount | None = None
    inactivity_alert_count: Amount | None = None
    distance_from_steps: Amount | None = None
    samples: DaySamples | None = None

    @property
    def day(self) -> date:
        stated = self.samples.day if self.samples else None
        return stated or self.start_time.date()


class ClockedHeartRate(Document):
    sample_time: Clock
    heart_rate: Bpm


class ContinuousHeartRate(Document):
    day: Day = Field(alias="date")
    heart_rate_samples: tuple[ClockedHeartRate, ...] = ()


def daily(summary: ActivitySummary) -> Record:
    """The day of an activity summary."""
    body = Daily(
        metadata=_metadata(summary.day),
        active_durations_data=_active_durations(summary),
        calories_data=CaloriesData(
            total_burned_calories=summary.calories, net_activity_calories=summary.active_calories
        ),
        device_data=DeviceData(manufacturer=MAKER),
        distance_data=_distance(summary),
        scores=_scores(summary),
    )
    return _record(summary.day, body)


def daily_heart_rate(measured: ContinuousHeartRate) -> Record:
    """The heart rate of a day, outside of workouts; the rest of the day's record comes with its activity summary."""
    samples = [
        HeartRateSample(
            timestamp=wire_time(datetime.combine(measured.day, sample.sample_time)),
            bpm=sample.heart_rate,
        )
        for sample in measured.heart_rate_samples
    ]
    detailed = HeartRateDetailed(hr_samples=samples) if samples else None
    body = Daily(metadata=_metadata(measured.day), heart_rate_data=HeartRateData(detailed=detailed))
    return _record(measured.day, body)


def _record(day: date, body: Daily) -> Record:
    return Record(DataType.DAILY, day.isoformat(), day, body.model_dump(mode="json"))


def _metadata(day: date) -> DailyMetadata:
    return DailyMetadata(
        upload_type=UploadType.AUTOMATIC, **whole_day(day, None, TimestampLocalization.LOCAL).model_dump()
    )


def _active_durations(summary: ActivitySummary) -> ActiveDurationsData:
    zones = summary.samples.activity_zones if summary.samples else None
    return ActiveDurationsData(
        activity_seconds=seconds(summary.active_duration),
        inactivity_seconds=seconds(summary.inactive_duration),
        num_continuous_inactive_periods=summary.inactivity_alert_count,
        activity_levels_samples=[
            ActivityLevelSample(
                timestamp=wire_time(change.timestamp),
                activity_level=_LEVELS.get(change.zone or "", ActivityLevel.UNKNOWN),
            )
            for change in (zones.samples if zones else ())
        ]
        or None,
    )


def _distance(summary: ActivitySummary) -> DailyDistanceData:
    steps = summary.samples.steps if summary.samples else None
    samples = step_samples(steps) if steps else None
    return DailyDistanceData(
        steps=summary.steps,
        distance_meters=summary.distance_from_steps,
        detailed=DistanceDetailed(step_samples=samples) if samples else None,
    )


def _scores(summary: ActivitySummary) -> ScoresData:
    # The vendor's percentage of the day's goal goes on above 100, where Terra's score ends.
    reached = summary.daily_activity
    return ScoresData(activity=None if reached is None else min(reached, _HIGHEST_SCORE))
