"""Groups that several models share.

Field names, units and enums are Terra's (https://docs.tryterra.co/reference/health-and-fitness-api/data-models):
the fields of its published schemas (https://github.com/tryterra/openapi) and those only its SDKs know.
"""

from enum import IntEnum, StrEnum
from typing import Any

from pydantic import model_validator

from wearable_gateway.unified.fields import Group, Whole, with_same_value


class TimestampLocalization(IntEnum):
    UTC = 0
    LOCAL = 1


class UploadType(IntEnum):
    UNKNOWN = 0
    AUTOMATIC = 1
    MANUAL = 2
    UPDATE = 3
    DELETE = 4
    PENDING = 5
    THIRD_PARTY = 6


class SpanMetadata(Group):
    """When a record without an upload type begins and ends."""

    start_time: str
    end_time: str
    timestamp_localization: TimestampLocalization | None = None


class DeviceDataType(StrEnum):
    STEPS = "STEPS"
    ACTIVE_MINUTES = "ACTIVE_MINUTES"
    BMR = "BMR"
    CALORIES = "CALORIES"
    DISTANCE = "DISTANCE"
    HEART_RATE = "HEART_RATE"
    OXYGEN_SATURATION = "OXYGEN_SATURATION"
    SLEEP_TYPE = "SLEEP_TYPE"
    SPEED = "SPEED"
    CADENCE = "CADENCE"


class OtherDeviceData(Group):
    name: str | None = None
    manufacturer: str | None = None
    serial_number: str | None = None
    hardware_version: str | None = None
    software_version: str | None = None
    activation_timestamp: str | None = None
    last_upload_date: str | None = None
    data_provided: list[DeviceDataType] | None = None


class DeviceData(OtherDeviceData):
    sensor_state: str | None = None
    other_devices: list[OtherDeviceData] | None = None


class DataContributor(Group):
    """One part of a score.

    Terra's schemas show contributors as a map of name to number; its SDK takes only a list of these.
    """

    contributor_name: str
    contributor_score: float


class ActivityLevel(IntEnum):
    UNKNOWN = 0
    REST = 1
    INACTIVE = 2
    LOW_INTENSITY = 3
    MEDIUM_INTENSITY = 4
    HIGH_INTENSITY = 5


class ActivityLevelSample(Group):
    """`level` is the SDK's name of `activity_level`."""

    timestamp: str | None = None
    activity_level: ActivityLevel | None = None
    level: ActivityLevel | None = None
    timer_duration_seconds: float | None = None

    @model_validator(mode="before")
    @classmethod
    def _one_level(cls, data: Any) -> Any:
        return with_same_value(data, "activity_level", "level")


class ActiveDurationsData(Group):
    activity_seconds: float | None = None
    inactivity_seconds: float | None = None
    rest_seconds: float | None = None
    low_intensity_seconds: float | None = None
    moderate_intensity_seconds: float | None = None
    vigorous_intensity_seconds: float | None = None
    standing_seconds: float | None = None
    standing_hours_count: float | None = None
    num_continuous_inactive_periods: Whole | None = None
    activity_levels_samples: list[ActivityLevelSample] | None = None


class CalorieSample(Group):
    timestamp: str | None = None
    calories: float | None = None
    timer_duration_seconds: float | None = None


class CaloriesData(Group):
    BMR_calories: Whole | None = None
    net_activity_calories: Whole | None = None
    net_intake_calories: Whole | None = None
    total_burned_calories: Whole | None = None
    calorie_samples: list[CalorieSample] | None = None


class METSample(Group):
    timestamp: str | None = None
    level: float | None = None


class METData(Group):
    avg_level: float | None = None
    num_inactive_minutes: float | None = None
    num_low_intensity_minutes: float | None = None
    num_moderate_intensity_minutes: float | None = None
    num_high_intensity_minutes: float | None = None
    MET_samples: list[METSample] | None = None


class StrainData(Group):
    strain_level: float | None = None


class OxygenSaturationType(IntEnum):
    BLOOD = 0
    MUSCLE = 1


class OxygenSaturationSample(Group):
    timestamp: str | None = None
    percentage: float | None = None
    type: OxygenSaturationType | None = None


class Vo2MaxSample(Group):
    timestamp: str | None = None
    vo2max_ml_per_min_per_kg: float | None = None


class OxygenData(Group):
    avg_saturation_percentage: float | None = None
    vo2max_ml_per_min_per_kg: float | None = None
    day_avg_vo2max_ml_per_min_per_kg: float | None = None
    saturation_samples: list[OxygenSaturationSample] | None = None
    vo2_samples: list[Vo2MaxSample] | None = None
