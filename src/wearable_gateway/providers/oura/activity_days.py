"""`daily_activity`: what a day of the vendor's, from 4 a.m. to 4 a.m., says of movement and energy."""

from pydantic import Field

from wearable_gateway.providers.oura.document import Document, Moment, Score, Seconds, Series, steps_of
from wearable_gateway.unified.common import (
    ActiveDurationsData,
    ActivityLevel,
    ActivityLevelSample,
    CaloriesData,
    METData,
    METSample,
)
from wearable_gateway.unified.distance import DailyDistanceData

_CLASS_SECONDS = 300
_LEVELS = {
    "0": ActivityLevel.UNKNOWN,
    "1": ActivityLevel.REST,
    "2": ActivityLevel.INACTIVE,
    "3": ActivityLevel.LOW_INTENSITY,
    "4": ActivityLevel.MEDIUM_INTENSITY,
    "5": ActivityLevel.HIGH_INTENSITY,
}
"""0: the ring was not worn."""


class DayOfActivity(Document):
    timestamp: Moment | None = None
    score: Score | None = None
    steps: int | None = Field(default=None, ge=0, le=1_000_000)
    equivalent_walking_distance: float | None = Field(default=None, ge=0, le=10_000_000)
    active_calories: float | None = Field(default=None, ge=0, le=100_000)
    total_calories: float | None = Field(default=None, ge=0, le=100_000)
    high_activity_time: Seconds | None = None
    medium_activity_time: Seconds | None = None
    low_activity_time: Seconds | None = None
    sedentary_time: Seconds | None = None
    resting_time: Seconds | None = None
    average_met_minutes: float | None = Field(default=None, ge=0, le=100)
    class_5_min: str | None = None
    met: Series | None = None


def distance(day: DayOfActivity) -> DailyDistanceData:
    return DailyDistanceData(distance_meters=day.equivalent_walking_distance, steps=day.steps)


def calories(day: DayOfActivity) -> CaloriesData:
    """The vendor states what was burned in all and by moving; what is between the two is the body's own need."""
    active, total = day.active_calories, day.total_calories
    return CaloriesData(
        BMR_calories=total - active if active is not None and total is not None and total >= active else None,
        net_activity_calories=active,
        total_burned_calories=total,
    )


def active_durations(day: DayOfActivity) -> ActiveDurationsData:
    high, medium, low = day.high_activity_time, day.medium_activity_time, day.low_activity_time
    known = high is not None and medium is not None and low is not None
    return ActiveDurationsData(
        activity_seconds=(high or 0) + (medium or 0) + (low or 0) if known else None,
        vigorous_intensity_seconds=high,
        moderate_intensity_seconds=medium,
        low_intensity_seconds=low,
        inactivity_seconds=day.sedentary_time,
        rest_seconds=day.resting_time,
        activity_levels_samples=_levels(day),
    )


def _levels(day: DayOfActivity) -> list[ActivityLevelSample] | None:
    if day.timestamp is None:
        return None
    samples = [
        ActivityLevelSample(timestamp=at, activity_level=_LEVELS.get(letter, ActivityLevel.UNKNOWN))
        for at, letter in steps_of(day.class_5_min, day.timestamp, _CLASS_SECONDS)
    ]
    return samples or None


def metabolic_equivalents(day: DayOfActivity) -> METData:
    samples = [
        METSample(timestamp=at, level=level)
        for at, level in (day.met.samples() if day.met else ())
        if level >= 0
    ]
    return METData(avg_level=day.average_met_minutes, MET_samples=samples or None)
