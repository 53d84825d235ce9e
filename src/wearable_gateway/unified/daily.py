"""A day in summary; its key is the local day."""

from enum import IntEnum

from wearable_gateway.unified.common import (
    ActiveDurationsData,
    CaloriesData,
    DataContributor,
    DeviceData,
    METData,
    OxygenData,
    SpanMetadata,
    StrainData,
    UploadType,
)
from wearable_gateway.unified.distance import DailyDistanceData
from wearable_gateway.unified.fields import Group, Whole
from wearable_gateway.unified.heart_rate import HeartRateData


class DailyMetadata(SpanMetadata):
    upload_type: UploadType


class DailyDataEnrichment(Group):
    """Terra's own scores; those from `cardiovascular_score` on only its SDK knows."""

    total_stress_score: float | None = None
    stress_contributors: list[DataContributor] | None = None
    total_stress_score_v2: float | None = None
    total_stress_score_v2_contributors: list[DataContributor] | None = None
    respiratory_score: float | None = None
    respiratory_contributors: list[DataContributor] | None = None
    immune_index: Whole | None = None
    immune_contributors: list[DataContributor] | None = None
    resilience_score: Whole | None = None
    resilience_contributors: list[DataContributor] | None = None
    strain_index: float | None = None
    strain_traffic_light: str | None = None
    strain_contributors: list[DataContributor] | None = None
    cardiovascular_score: float | None = None
    cardiovascular_contributors: list[DataContributor] | None = None
    readiness_score: float | None = None
    readiness_contributors: list[DataContributor] | None = None
    start_time: str | None = None


class ScoresData(Group):
    activity: float | None = None
    recovery: float | None = None
    sleep: float | None = None


class StressLevel(IntEnum):
    UNKNOWN = 0
    REST = 1
    LOW = 2
    MEDIUM = 3
    HIGH = 4


class StressSample(Group):
    timestamp: str | None = None
    level: float | None = None


class BodyBatterySample(Group):
    timestamp: str | None = None
    level: float | None = None


class StressData(Group):
    avg_stress_level: float | None = None
    max_stress_level: float | None = None
    stress_rating: StressLevel | None = None
    stress_duration_seconds: float | None = None
    rest_stress_duration_seconds: float | None = None
    activity_stress_duration_seconds: float | None = None
    low_stress_duration_seconds: float | None = None
    medium_stress_duration_seconds: float | None = None
    high_stress_duration_seconds: float | None = None
    samples: list[StressSample] | None = None
    body_battery_samples: list[BodyBatterySample] | None = None


class TagEntry(Group):
    timestamp: str
    tag_name: str
    notes: str


class TagData(Group):
    tags: list[TagEntry] | None = None


class Daily(Group):
    metadata: DailyMetadata
    active_durations_data: ActiveDurationsData | None = None
    calories_data: CaloriesData | None = None
    data_enrichment: DailyDataEnrichment | None = None
    device_data: DeviceData | None = None
    distance_data: DailyDistanceData | None = None
    heart_rate_data: HeartRateData | None = None
    MET_data: METData | None = None
    oxygen_data: OxygenData | None = None
    scores: ScoresData | None = None
    strain_data: StrainData | None = None
    stress_data: StressData | None = None
    tag_data: TagData | None = None
