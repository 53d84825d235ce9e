"""Groups and conventions that several models share.

Field names, units and enums are Terra's (https://docs.tryterra.co/reference/health-and-fitness-api/data-models).
Whole numbers where Terra's Python SDK insists on them: a fraction there makes it hand its caller raw
dictionaries. Every field may be missing; a missing one is null.
"""

from enum import IntEnum
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict


def _whole(value: Any) -> Any:
    return round(value) if isinstance(value, float) else value


Whole = Annotated[int, BeforeValidator(_whole)]
"""A number that goes out as an integer, rounded."""


class Group(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TimestampLocalization(IntEnum):
    UTC = 0
    LOCAL = 1


class UploadType(IntEnum):
    UNKNOWN = 0
    AUTOMATIC = 1
    MANUAL = 2


class HeartRateSample(Group):
    timestamp: str
    bpm: float


class HeartRateSummary(Group):
    avg_hr_bpm: float | None = None
    avg_hrv_rmssd: float | None = None
    max_hr_bpm: float | None = None
    min_hr_bpm: float | None = None
    resting_hr_bpm: float | None = None


class HeartRateDetailed(Group):
    hr_samples: list[HeartRateSample] | None = None


class HeartRateData(Group):
    summary: HeartRateSummary | None = None
    detailed: HeartRateDetailed | None = None


class CaloriesData(Group):
    BMR_calories: Whole | None = None
    net_activity_calories: Whole | None = None
    total_burned_calories: Whole | None = None


class DeviceData(Group):
    name: str | None = None
    manufacturer: str | None = None
