"""`getactivity`: a day in summary, with the intraday entries of the same day beside it."""

from datetime import timedelta

from pydantic import Field

from wearable_gateway.kit.clock import wire_time
from wearable_gateway.providers.withings.devices import device_named
from wearable_gateway.providers.withings.document import Amount, Count, Day
from wearable_gateway.providers.withings.intraday import (
    HeartRates,
    Tracked,
    calories,
    distances,
    heart_rate_summary,
    heart_rates,
    saturations,
)
from wearable_gateway.unified.common import ActiveDurationsData, CaloriesData, OxygenData, UploadType
from wearable_gateway.unified.daily import Daily, DailyMetadata
from wearable_gateway.unified.distance import DailyDistanceData
from wearable_gateway.unified.heart_rate import HeartRateData
from wearable_gateway.unified.records import DataType, Record

_UPLOADS = {1: UploadType.AUTOMATIC, 18: UploadType.THIRD_PARTY}


class DaySummary(Tracked, HeartRates):
    """`elevation` counts floors, not metres; `active` is moderate and intense activity together."""

    day: Day = Field(alias="date")
    brand: int | None = None
    model: str | None = None
    steps: Count | None = None
    distance: Amount | None = None
    floors: Amount | None = Field(default=None, alias="elevation")
    soft: Amount | None = None
    moderate: Amount | None = None
    intense: Amount | None = None
    active: Amount | None = None
    active_kcal: Amount | None = Field(default=None, alias="calories")
    total_kcal: Amount | None = Field(default=None, alias="totalcalories")


def daily(day: DaySummary) -> Record:
    body = Daily(
        metadata=DailyMetadata(
            start_time=wire_time(day.midnight(day.day)),
            end_time=wire_time(day.midnight(day.day + timedelta(days=1))),
            upload_type=_UPLOADS.get(day.brand or 0, UploadType.UNKNOWN),
            timestamp_localization=day.localization,
        ),
        active_durations_data=ActiveDurationsData(
            activity_seconds=day.active,
            low_intensity_seconds=day.soft,
            moderate_intensity_seconds=day.moderate,
            vigorous_intensity_seconds=day.intense,
        ),
        calories_data=CaloriesData(
            net_activity_calories=day.active_kcal,
            total_burned_calories=day.total_kcal,
            calorie_samples=calories(day),
        ),
        device_data=device_named(day.model),
        distance_data=DailyDistanceData(
            distance_meters=day.distance,
            steps=day.steps,
            floors_climbed=day.floors,
            detailed=distances(day),
        ),
        heart_rate_data=HeartRateData(summary=heart_rate_summary(day), detailed=heart_rates(day)),
        oxygen_data=OxygenData(saturation_samples=saturations(day)),
    )
    return Record(DataType.DAILY, day.day.isoformat(), day.day, body.model_dump(mode="json"))
