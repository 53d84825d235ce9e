"""One workout; its key is the summary id."""

from enum import IntEnum

from wearable_gateway.unified.common import (
    CaloriesData,
    DeviceData,
    Group,
    HeartRateData,
    TimestampLocalization,
    UploadType,
    Whole,
)


class ActivityType(IntEnum):
    """The part of Terra's list that a provider here names so far."""

    BIKING = 1
    UNKNOWN = 4
    WALKING = 7
    RUNNING = 8
    STRENGTH_TRAINING = 80
    SWIMMING = 82
    YOGA = 100


class ActivityMetadata(Group):
    start_time: str
    end_time: str
    summary_id: str
    type: ActivityType
    upload_type: UploadType
    name: str | None = None
    timestamp_localization: TimestampLocalization | None = None


class DistanceSummary(Group):
    distance_meters: Whole | None = None
    steps: Whole | None = None


class DistanceData(Group):
    summary: DistanceSummary | None = None


class ActiveDurationsData(Group):
    activity_seconds: float | None = None


class Activity(Group):
    metadata: ActivityMetadata
    active_durations_data: ActiveDurationsData | None = None
    calories_data: CaloriesData | None = None
    device_data: DeviceData | None = None
    distance_data: DistanceData | None = None
    heart_rate_data: HeartRateData | None = None
