"""`/v2/activity/sleep` with its recovery: nights and naps.

https://developer.whoop.com/docs/developing/user-data/sleep
"""

from typing import Annotated

from pydantic import Field

from wearable_gateway.providers.whoop.document import (
    Amount,
    Document,
    Moment,
    Percent,
    Timed,
    scored,
    seconds,
)
from wearable_gateway.providers.whoop.recoveries import Recovery, recovered
from wearable_gateway.unified.heart_rate import HeartRateData, HeartRateSummary
from wearable_gateway.unified.records import DataType, Record
from wearable_gateway.unified.sleep import (
    AsleepDurations,
    AwakeDurations,
    BreathsData,
    OtherSleepDurations,
    ReadinessData,
    RespirationData,
    Sleep,
    SleepDurationsData,
    SleepMetadata,
    SleepScores,
    SleepUploadType,
)


class StageSummary(Document):
    total_in_bed_time_milli: Amount | None = None
    total_awake_time_milli: Amount | None = None
    total_no_data_time_milli: Amount | None = None
    total_light_sleep_time_milli: Amount | None = None
    total_slow_wave_sleep_time_milli: Amount | None = None
    total_rem_sleep_time_milli: Amount | None = None
    disturbance_count: Annotated[int, Field(ge=0, le=100_000)] | None = None


class RestScore(Document):
    stage_summary: StageSummary | None = None
    respiratory_rate: Annotated[float, Field(gt=0, le=100)] | None = None
    sleep_performance_percentage: Percent | None = None
    sleep_efficiency_percentage: Percent | None = None


class Rest(Timed):
    id: str
    start: Moment
    end: Moment
    nap: bool | None = None
    score_state: str | None = None
    score: RestScore | None = None


class Night(Document):
    sleep: Rest
    recovery: Recovery | None = None


def sleep(night: Night) -> Record:
    rest = night.sleep
    score = scored(rest.score_state, rest.score) or RestScore()
    recovery = recovered(night.recovery)
    body = Sleep(
        metadata=SleepMetadata(
            start_time=rest.local(rest.start),
            end_time=rest.local(rest.end),
            # People may log a sleep themselves, and the vendor does not say which ones they did.
            upload_type=SleepUploadType.UNKNOWN,
            summary_id=rest.id,
            is_nap=rest.nap,
            timestamp_localization=rest.localization,
        ),
        heart_rate_data=HeartRateData(
            summary=HeartRateSummary(
                resting_hr_bpm=recovery.resting_heart_rate, avg_hrv_rmssd=recovery.hrv_rmssd_milli
            )
        ),
        readiness_data=ReadinessData(readiness=recovery.recovery_score),
        respiration_data=RespirationData(
            breaths_data=BreathsData(avg_breaths_per_min=score.respiratory_rate)
        ),
        scores=SleepScores(sleep=score.sleep_performance_percentage),
        sleep_durations_data=_durations(score),
    )
    return Record(DataType.SLEEP, rest.id, rest.local_day(rest.end), body.model_dump(mode="json"))


def _durations(score: RestScore) -> SleepDurationsData:
    stages = score.stage_summary or StageSummary()
    return SleepDurationsData(
        asleep=AsleepDurations(
            duration_asleep_state_seconds=seconds(_asleep(stages)),
            duration_light_sleep_state_seconds=seconds(stages.total_light_sleep_time_milli),
            duration_deep_sleep_state_seconds=seconds(stages.total_slow_wave_sleep_time_milli),
            duration_REM_sleep_state_seconds=seconds(stages.total_rem_sleep_time_milli),
        ),
        awake=AwakeDurations(
            duration_awake_state_seconds=seconds(stages.total_awake_time_milli),
            num_wakeup_events=stages.disturbance_count,
        ),
        other=OtherSleepDurations(
            duration_in_bed_seconds=seconds(stages.total_in_bed_time_milli),
            duration_unmeasurable_sleep_seconds=seconds(stages.total_no_data_time_milli),
        ),
        sleep_efficiency=score.sleep_efficiency_percentage,
    )


def _asleep(stages: StageSummary) -> float | None:
    light, deep = stages.total_light_sleep_time_milli, stages.total_slow_wave_sleep_time_milli
    rem = stages.total_rem_sleep_time_milli
    return None if light is None or deep is None or rem is None else light + deep + rem
