"""One sleep, a night or a nap; its key is the summary id."""

from enum import IntEnum
from typing import Any

from pydantic import model_validator

from wearable_gateway.unified.common import DataContributor, DeviceData, OxygenSaturationSample, SpanMetadata
from wearable_gateway.unified.fields import Group, Whole, with_same_value
from wearable_gateway.unified.heart_rate import HeartRateData


class SleepUploadType(IntEnum):
    """Not the order of the other models' upload type: Terra numbers manual before automatic here."""

    UNKNOWN = 0
    MANUAL = 1
    AUTOMATIC = 2
    TENTATIVE = 3
    INDETERMINATE = 4


class SleepLevel(IntEnum):
    UNKNOWN = 0
    AWAKE = 1
    SLEEPING = 2
    OUT_OF_BED = 3
    LIGHT = 4
    DEEP = 5
    REM = 6


class RecoveryLevel(IntEnum):
    UNKNOWN = 0
    VERY_POOR = 1
    POOR = 2
    COMPROMISED = 3
    OK = 4
    GOOD = 5
    VERY_GOOD = 6


class SleepMetadata(SpanMetadata):
    upload_type: SleepUploadType
    summary_id: str | None = None
    is_nap: bool | None = None


class SleepDataEnrichment(Group):
    """Terra's own scores."""

    sleep_score: float | None = None
    sleep_contributors: list[DataContributor] | None = None
    sleep_score_v2: float | None = None
    sleep_score_v2_contributors: list[DataContributor] | None = None
    readiness_score: float | None = None
    readiness_contributors: list[DataContributor] | None = None
    respiratory_score_v2: float | None = None
    respiratory_score_v2_contributors: list[DataContributor] | None = None


class ReadinessData(Group):
    readiness: Whole | None = None
    recovery_level: RecoveryLevel | None = None


class AsleepDurations(Group):
    duration_asleep_state_seconds: float | None = None
    duration_deep_sleep_state_seconds: float | None = None
    duration_light_sleep_state_seconds: float | None = None
    duration_REM_sleep_state_seconds: float | None = None
    num_REM_events: Whole | None = None


class AwakeDurations(Group):
    duration_awake_state_seconds: float | None = None
    duration_short_interruption_seconds: float | None = None
    duration_long_interruption_seconds: float | None = None
    num_wakeup_events: Whole | None = None
    num_out_of_bed_events: Whole | None = None
    sleep_latency_seconds: float | None = None
    wake_up_latency_seconds: float | None = None


class OtherSleepDurations(Group):
    duration_in_bed_seconds: float | None = None
    duration_unmeasurable_sleep_seconds: float | None = None


class HypnogramSample(Group):
    timestamp: str | None = None
    level: SleepLevel | None = None


class SleepDurationsData(Group):
    asleep: AsleepDurations | None = None
    awake: AwakeDurations | None = None
    other: OtherSleepDurations | None = None
    hypnogram_samples: list[HypnogramSample] | None = None
    sleep_efficiency: float | None = None


class BreathSample(Group):
    timestamp: str | None = None
    breaths_per_min: float | None = None


class BreathsData(Group):
    start_time: str | None = None
    end_time: str | None = None
    avg_breaths_per_min: float | None = None
    max_breaths_per_min: float | None = None
    min_breaths_per_min: float | None = None
    on_demand_reading: bool | None = None
    samples: list[BreathSample] | None = None


class OxygenSaturationData(Group):
    start_time: str | None = None
    end_time: str | None = None
    avg_saturation_percentage: float | None = None
    samples: list[OxygenSaturationSample] | None = None


class SnoringSample(Group):
    timestamp: str | None = None
    duration_seconds: float | None = None


class SnoringData(Group):
    start_time: str | None = None
    end_time: str | None = None
    num_snoring_events: Whole | None = None
    total_snoring_duration_seconds: float | None = None
    samples: list[SnoringSample] | None = None


class RespirationData(Group):
    breaths_data: BreathsData | None = None
    oxygen_saturation_data: OxygenSaturationData | None = None
    snoring_data: SnoringData | None = None


class SleepScores(Group):
    """`sleep_score` is the SDK's name of `sleep`."""

    sleep: float | None = None
    sleep_score: float | None = None

    @model_validator(mode="before")
    @classmethod
    def _one_score(cls, data: Any) -> Any:
        return with_same_value(data, "sleep", "sleep_score")


class SleepTemperatureData(Group):
    """`delta` is the change of skin temperature from the person's baseline."""

    delta: float | None = None


class Sleep(Group):
    metadata: SleepMetadata
    data_enrichment: SleepDataEnrichment | None = None
    device_data: DeviceData | None = None
    heart_rate_data: HeartRateData | None = None
    readiness_data: ReadinessData | None = None
    respiration_data: RespirationData | None = None
    scores: SleepScores | None = None
    sleep_durations_data: SleepDurationsData | None = None
    temperature_data: SleepTemperatureData | None = None
