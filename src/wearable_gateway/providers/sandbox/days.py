"""`/v1/days`: a day in summary."""

from wearable_gateway.kit.clock import wire_time
from wearable_gateway.providers.sandbox.document import DEVICE, Day, HeartRate
from wearable_gateway.providers.sandbox.units import kcal, metres
from wearable_gateway.unified.common import CaloriesData, TimestampLocalization, UploadType
from wearable_gateway.unified.daily import Daily, DailyMetadata
from wearable_gateway.unified.distance import DailyDistanceData
from wearable_gateway.unified.heart_rate import (
    HeartRateData,
    HeartRateDetailed,
    HeartRateSample,
    HeartRateSummary,
)
from wearable_gateway.unified.records import DataType, Record


class DaySummary(Day):
    steps: int | None = None
    floors: int | None = None
    distance_km: float | None = None
    active_energy_kj: float | None = None
    resting_energy_kj: float | None = None
    resting_heart_rate: float | None = None
    average_heart_rate: float | None = None
    max_heart_rate: float | None = None
    heart_rate_series: tuple[HeartRate, ...] = ()


def daily(day: DaySummary) -> Record:
    active, resting = kcal(day.active_energy_kj), kcal(day.resting_energy_kj)
    body = Daily(
        metadata=DailyMetadata(
            start_time=day.starts,
            end_time=day.ends,
            upload_type=UploadType.AUTOMATIC,
            timestamp_localization=TimestampLocalization.LOCAL,
        ),
        calories_data=CaloriesData(
            BMR_calories=resting,
            net_activity_calories=active,
            total_burned_calories=None if active is None or resting is None else active + resting,
        ),
        device_data=DEVICE,
        distance_data=DailyDistanceData(
            distance_meters=metres(day.distance_km), steps=day.steps, floors_climbed=day.floors
        ),
        heart_rate_data=HeartRateData(
            summary=HeartRateSummary(
                resting_hr_bpm=day.resting_heart_rate,
                avg_hr_bpm=day.average_heart_rate,
                max_hr_bpm=day.max_heart_rate,
            ),
            detailed=detailed_heart_rate(day.heart_rate_series),
        ),
    )
    return Record(DataType.DAILY, day.day.isoformat(), day.day, body.model_dump(mode="json"))


def detailed_heart_rate(series: tuple[HeartRate, ...]) -> HeartRateDetailed | None:
    samples = [HeartRateSample(timestamp=wire_time(sample.at), bpm=sample.bpm) for sample in series]
    return HeartRateDetailed(hr_samples=samples) if samples else None
