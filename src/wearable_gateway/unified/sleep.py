"""One sleep, a night or a nap; its key is the summary id."""

from enum import IntEnum

from wearable_gateway.unified.common import DeviceData, Group, HeartRateData, TimestampLocalization, Whole


class SleepUploadType(IntEnum):
    """Not the order of the other models' upload type: Terra numbers manual before automatic here."""

    UNKNOWN = 0
    MANUAL = 1
    AUTOMATIC = 2


class SleepLevel(IntEnum):
    UNKNOWN = 0
    AWAKE = 1
    SLEEPING = 2
    OUT_OF_BED = 3
    LIGHT = 4
    DEEP = 5
    REM = 6


class SleepMetadata(Group):
    start_time: str
    end_time: str
    upload_type: SleepUploadType
    summary_id: str
    is_nap: bool | None = None
    timestamp_localization: TimestampLocalization | None = None


class AsleepDurations(Group):
    duration_asleep_state_seconds: float | None = None
    duration_deep_sleep_state_seconds: float | None = None
    duration_light_sleep_state_seconds: float | None = None
    duration_REM_sleep_state_seconds: float | None = None


class AwakeDurations(Group):
    duration_awake_state_seconds: float | None = None
    num_wakeup_events: Whole | None = None


class OtherSleepDurations(Group):
    duration_in_bed_seconds: float | None = None


class HypnogramSample(Group):
    timestamp: str
    level: SleepLevel


class SleepDurationsData(Group):
    asleep: AsleepDurations | None = None
    awake: AwakeDurations | None = None
    other: OtherSleepDurations | None = None
    hypnogram_samples: list[HypnogramSample] | None = None
    sleep_efficiency: float | None = None


class BreathsData(Group):
    avg_breaths_per_min: float | None = None


class RespirationData(Group):
    breaths_data: BreathsData | None = None


class SleepScores(Group):
    sleep: float | None = None


class Sleep(Group):
    metadata: SleepMetadata
    device_data: DeviceData | None = None
    heart_rate_data: HeartRateData | None = None
    respiration_data: RespirationData | None = None
    scores: SleepScores | None = None
    sleep_durations_data: SleepDurationsData | None = None
