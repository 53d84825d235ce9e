"""Heart rate and its variability, in every model the same."""

from enum import IntEnum

from wearable_gateway.unified.fields import Group


class HeartRateContext(IntEnum):
    NOT_SET = 0
    ACTIVE = 1
    NOT_ACTIVE = 2


class HeartRateZone(IntEnum):
    ZONE_0 = 0
    ZONE_1 = 1
    ZONE_2 = 2
    ZONE_3 = 3
    ZONE_4 = 4
    ZONE_5 = 5
    OTHER = 6


class HeartRateSample(Group):
    timestamp: str | None = None
    bpm: float | None = None
    timer_duration_seconds: float | None = None
    context: HeartRateContext | None = None


class HrvRmssdSample(Group):
    timestamp: str | None = None
    hrv_rmssd: float | None = None


class HrvSdnnSample(Group):
    timestamp: str | None = None
    hrv_sdnn: float | None = None


class HeartRateZoneData(Group):
    zone: HeartRateZone | None = None
    start_percentage: float | None = None
    end_percentage: float | None = None
    name: str | None = None
    duration_seconds: float | None = None


class HeartRateSummary(Group):
    avg_hr_bpm: float | None = None
    max_hr_bpm: float | None = None
    min_hr_bpm: float | None = None
    resting_hr_bpm: float | None = None
    user_max_hr_bpm: float | None = None
    avg_hrv_rmssd: float | None = None
    avg_hrv_sdnn: float | None = None
    hr_zone_data: list[HeartRateZoneData] | None = None


class HeartRateDetailed(Group):
    hr_samples: list[HeartRateSample] | None = None
    hrv_samples_rmssd: list[HrvRmssdSample] | None = None
    hrv_samples_sdnn: list[HrvSdnnSample] | None = None


class HeartRateData(Group):
    summary: HeartRateSummary | None = None
    detailed: HeartRateDetailed | None = None
