"""A local day: its totals, the data points there is one of a day, and its series."""

from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Annotated

from pydantic import Field

from wearable_gateway.kit.clock import wire_time
from wearable_gateway.providers.google_health.activity_minutes import durations
from wearable_gateway.providers.google_health.document import (
    CivilDay,
    Count,
    Document,
    Interval,
    known,
    scaled,
)
from wearable_gateway.providers.google_health.series import (
    Beats,
    Millis,
    Percentage,
    VitalsPoint,
    heart_rate_detail,
    saturation_samples,
)
from wearable_gateway.providers.google_health.totals import RollUp, together
from wearable_gateway.providers.google_health.zones import day_zones
from wearable_gateway.unified.common import CaloriesData, OxygenData, TimestampLocalization, UploadType
from wearable_gateway.unified.daily import Daily, DailyMetadata
from wearable_gateway.unified.distance import (
    DailyDistanceData,
    DistanceDetailed,
    DistanceSample,
    ElevationData,
    StepSample,
)
from wearable_gateway.unified.heart_rate import HeartRateData, HeartRateSummary
from wearable_gateway.unified.records import DataType, Record


class Steps(Document):
    interval: Interval
    count: Count


class Distance(Document):
    interval: Interval
    millimeters: Count


class RestingHeartRate(Document):
    beats_per_minute: Beats | None = None


class DayVariability(Document):
    """The vendor says that it is RMSSD."""

    average_heart_rate_variability_milliseconds: Millis | None = None


class DaySaturation(Document):
    average_percentage: Percentage | None = None


class DayVo2Max(Document):
    vo2_max: Annotated[float, Field(gt=0, le=100)] | None = None


class Summary(Document):
    """What there is one of a day."""

    daily_resting_heart_rate: RestingHeartRate = RestingHeartRate()
    daily_heart_rate_variability: DayVariability = DayVariability()
    daily_oxygen_saturation: DaySaturation = DaySaturation()
    daily_vo2_max: DayVo2Max = DayVo2Max()


class DayPoint(VitalsPoint, Summary):
    steps: Steps | None = None
    distance: Distance | None = None


class Day(CivilDay):
    roll_ups: tuple[RollUp, ...] = ()
    data_points: tuple[DayPoint, ...] = ()


def daily(day: Day) -> Record | None:
    """None when nothing of that day can be read."""
    totals, points = together(day.roll_ups), day.data_points
    summary = _summary(points)
    body = Daily(
        metadata=DailyMetadata(
            start_time=day.starts,
            end_time=day.ends,
            upload_type=UploadType.AUTOMATIC,
            timestamp_localization=TimestampLocalization.LOCAL,
        ),
        active_durations_data=durations(totals.active_minutes, totals.sedentary_period.duration_sum),
        calories_data=known(
            CaloriesData(
                net_activity_calories=totals.active_energy_burned.kcal_sum,
                total_burned_calories=totals.total_calories.kcal_sum,
            )
        ),
        distance_data=known(_distance(totals, points)),
        heart_rate_data=known(_heart_rate(totals, summary, points)),
        oxygen_data=known(
            OxygenData(
                avg_saturation_percentage=summary.daily_oxygen_saturation.average_percentage,
                vo2max_ml_per_min_per_kg=summary.daily_vo2_max.vo2_max,
                saturation_samples=saturation_samples(points),
            )
        ),
    )
    if body == Daily(metadata=body.metadata):
        return None
    return Record(DataType.DAILY, day.day.isoformat(), day.day, body.model_dump(mode="json"))


def _summary(points: Iterable[DayPoint]) -> Summary:
    """Of two of a kind the first counts."""
    found: dict[str, Document] = {}
    for point in points:
        for name in point.model_fields_set & Summary.model_fields.keys():
            found.setdefault(name, getattr(point, name))
    return Summary.model_validate(found)


def _distance(totals: RollUp, points: Sequence[DayPoint]) -> DailyDistanceData:
    gain = totals.altitude.gain_millimeters_sum
    return DailyDistanceData(
        distance_meters=scaled(totals.distance.millimeters_sum, 0.001),
        steps=totals.steps.count_sum,
        floors_climbed=totals.floors.count_sum,
        elevation=None if gain is None else ElevationData(gain_actual_meters=scaled(gain, 0.001)),
        detailed=known(
            DistanceDetailed(step_samples=_steps(points) or None, distance_samples=_ways(points) or None)
        ),
    )


def _steps(points: Iterable[DayPoint]) -> list[StepSample]:
    """Terra's are sums from the start of the day."""
    counted = [point.steps for point in points if point.steps is not None and point.steps.count is not None]
    counted.sort(key=lambda one: one.interval.start_time)
    sums = accumulate(one.count or 0 for one in counted)
    return [
        StepSample(timestamp=wire_time(one.interval.ends), steps=steps)
        for one, steps in zip(counted, sums, strict=True)
    ]


def _ways(points: Iterable[DayPoint]) -> list[DistanceSample]:
    """The same in metres."""
    gone = [
        one.distance for one in points if one.distance is not None and one.distance.millimeters is not None
    ]
    gone.sort(key=lambda one: one.interval.start_time)
    sums = accumulate(one.millimeters or 0 for one in gone)
    return [
        DistanceSample(timestamp=wire_time(one.interval.ends), distance_meters=scaled(millimetres, 0.001))
        for one, millimetres in zip(gone, sums, strict=True)
    ]


def _heart_rate(totals: RollUp, summary: Summary, points: Sequence[DayPoint]) -> HeartRateData:
    rates, variability = totals.heart_rate, summary.daily_heart_rate_variability
    return HeartRateData(
        summary=known(
            HeartRateSummary(
                avg_hr_bpm=rates.beats_per_minute_avg,
                max_hr_bpm=rates.beats_per_minute_max,
                min_hr_bpm=rates.beats_per_minute_min,
                resting_hr_bpm=summary.daily_resting_heart_rate.beats_per_minute,
                avg_hrv_rmssd=variability.average_heart_rate_variability_milliseconds,
                hr_zone_data=day_zones(totals.time_in_heart_rate_zone),
            )
        ),
        detailed=heart_rate_detail(points),
    )
