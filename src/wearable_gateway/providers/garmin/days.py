"""`dailies`: a day in summary."""

from pydantic import Field

from wearable_gateway.providers.garmin.document import (
    Count,
    Duration,
    NotNegative,
    OfDay,
    Positive,
    Series,
    mean,
    measured,
)
from wearable_gateway.unified.common import ActiveDurationsData, CaloriesData, UploadType
from wearable_gateway.unified.daily import Daily, DailyMetadata, StressData, StressLevel
from wearable_gateway.unified.distance import DailyDistanceData
from wearable_gateway.unified.heart_rate import (
    HeartRateData,
    HeartRateDetailed,
    HeartRateSample,
    HeartRateSummary,
)
from wearable_gateway.unified.records import DataType, Record

_BANDS = ((25, StressLevel.REST), (50, StressLevel.LOW), (75, StressLevel.MEDIUM), (100, StressLevel.HIGH))
"""How the vendor calls stress up to each level; Terra's ratings have the same bounds."""
_FASTEST_HEART = 300


class DaySummary(OfDay):
    steps: Count | None = None
    metres: NotNegative | None = Field(default=None, alias="distanceInMeters")
    floors: Count | None = Field(default=None, alias="floorsClimbed")
    active_kilocalories: NotNegative | None = Field(default=None, alias="activeKilocalories")
    resting_kilocalories: NotNegative | None = Field(default=None, alias="bmrKilocalories")
    active: Duration | None = Field(default=None, alias="activeTimeInSeconds")
    moderate: Duration | None = Field(default=None, alias="moderateIntensityDurationInSeconds")
    vigorous: Duration | None = Field(default=None, alias="vigorousIntensityDurationInSeconds")
    lowest_bpm: Positive | None = Field(default=None, alias="minHeartRateInBeatsPerMinute")
    highest_bpm: Positive | None = Field(default=None, alias="maxHeartRateInBeatsPerMinute")
    resting_bpm: Positive | None = Field(default=None, alias="restingHeartRateInBeatsPerMinute")
    heart_rate: Series | None = Field(default=None, alias="timeOffsetHeartRateSamples")
    average_stress: float | None = Field(default=None, alias="averageStressLevel")
    highest_stress: float | None = Field(default=None, alias="maxStressLevel")
    stressed: Duration | None = Field(default=None, alias="stressDurationInSeconds")
    at_rest: Duration | None = Field(default=None, alias="restStressDurationInSeconds")
    in_activity: Duration | None = Field(default=None, alias="activityStressDurationInSeconds")
    low_stress: Duration | None = Field(default=None, alias="lowStressDurationInSeconds")
    medium_stress: Duration | None = Field(default=None, alias="mediumStressDurationInSeconds")
    high_stress: Duration | None = Field(default=None, alias="highStressDurationInSeconds")


def daily(summary: DaySummary) -> Record:
    active, resting = summary.active_kilocalories, summary.resting_kilocalories
    body = Daily(
        metadata=day_metadata(summary),
        active_durations_data=ActiveDurationsData(
            activity_seconds=summary.active,
            moderate_intensity_seconds=summary.moderate,
            vigorous_intensity_seconds=summary.vigorous,
        ),
        calories_data=CaloriesData(
            BMR_calories=resting,
            net_activity_calories=active,
            total_burned_calories=None if active is None or resting is None else active + resting,
        ),
        distance_data=DailyDistanceData(
            distance_meters=summary.metres, steps=summary.steps, floors_climbed=summary.floors
        ),
        heart_rate_data=_heart_rate(summary),
        stress_data=_stress(summary),
    )
    return day_record(summary, body)


def day_metadata(summary: OfDay) -> DailyMetadata:
    return DailyMetadata(**summary.span.model_dump(), upload_type=UploadType.AUTOMATIC)


def day_record(summary: OfDay, body: Daily) -> Record:
    """One of the summaries that make up a day; the gateway puts those of one key together."""
    return Record(DataType.DAILY, summary.day.isoformat(), summary.day, body.model_dump(mode="json"))


def _heart_rate(summary: DaySummary) -> HeartRateData:
    """The average is of the day's own samples: what the vendor calls the average is that of seven days."""
    samples = measured(summary, summary.heart_rate, 1, _FASTEST_HEART)
    return HeartRateData(
        summary=HeartRateSummary(
            avg_hr_bpm=mean(samples),
            max_hr_bpm=summary.highest_bpm,
            min_hr_bpm=summary.lowest_bpm,
            resting_hr_bpm=summary.resting_bpm,
        ),
        detailed=HeartRateDetailed(
            hr_samples=[HeartRateSample(timestamp=at, bpm=bpm) for at, bpm in samples] or None
        ),
    )


def _stress(summary: DaySummary) -> StressData:
    average, highest = _level(summary.average_stress), _level(summary.highest_stress)
    return StressData(
        avg_stress_level=average,
        max_stress_level=highest,
        stress_rating=None if average is None else _rating(average),
        stress_duration_seconds=summary.stressed,
        rest_stress_duration_seconds=summary.at_rest,
        activity_stress_duration_seconds=summary.in_activity,
        low_stress_duration_seconds=summary.low_stress,
        medium_stress_duration_seconds=summary.medium_stress,
        high_stress_duration_seconds=summary.high_stress,
    )


def _level(stress: float | None) -> float | None:
    """Stress is 1 to 100, and -1 when there is too little to tell it from."""
    return stress if stress is not None and 1 <= stress <= _BANDS[-1][0] else None


def _rating(stress: float) -> StressLevel:
    return next(rating for most, rating in _BANDS if stress <= most)
