"""A day in summary; its key is the local day."""

from wearable_gateway.unified.common import (
    CaloriesData,
    DeviceData,
    Group,
    HeartRateData,
    TimestampLocalization,
    UploadType,
    Whole,
)


class DailyMetadata(Group):
    start_time: str
    end_time: str
    upload_type: UploadType
    timestamp_localization: TimestampLocalization | None = None


class DailyDistanceData(Group):
    distance_meters: Whole | None = None
    steps: Whole | None = None
    floors_climbed: Whole | None = None


class Daily(Group):
    metadata: DailyMetadata
    calories_data: CaloriesData | None = None
    device_data: DeviceData | None = None
    distance_data: DailyDistanceData | None = None
    heart_rate_data: HeartRateData | None = None
