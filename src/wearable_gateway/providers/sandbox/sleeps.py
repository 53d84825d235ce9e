"""`/v1/sleeps`: nights and naps."""

from wearable_gateway.kit.clock import wire_time
from wearable_gateway.providers.sandbox.days import detailed_heart_rate
from wearable_gateway.providers.sandbox.document import DEVICE, Document, HeartRate, Moment
from wearable_gateway.unified.common import TimestampLocalization
from wearable_gateway.unified.heart_rate import HeartRateData, HeartRateSummary
from wearable_gateway.unified.records import DataType, Record
from wearable_gateway.unified.sleep import (
    AsleepDurations,
    AwakeDurations,
    BreathsData,
    HypnogramSample,
    OtherSleepDurations,
    RespirationData,
    Sleep,
    SleepDurationsData,
    SleepLevel,
    SleepMetadata,
    SleepScores,
    SleepUploadType,
)

_LEVELS = {
    "awake": SleepLevel.AWAKE,
    "light": SleepLevel.LIGHT,
    "deep": SleepLevel.DEEP,
    "rem": SleepLevel.REM,
}


class Stage(Document):
    stage: str | None = None
    started_at: Moment | None = None
    minutes: float | None = None


class Rest(Document):
    id: str
    started_at: Moment
    ended_at: Moment
    nap: bool | None = None
    stages: tuple[Stage, ...] = ()
    average_heart_rate: float | None = None
    lowest_heart_rate: float | None = None
    heart_rate_series: tuple[HeartRate, ...] = ()
    hrv_rmssd_ms: float | None = None
    breaths_per_minute: float | None = None
    efficiency_percent: float | None = None
    score: float | None = None


def sleep(rest: Rest) -> Record:
    body = Sleep(
        metadata=SleepMetadata(
            start_time=wire_time(rest.started_at),
            end_time=wire_time(rest.ended_at),
            upload_type=SleepUploadType.AUTOMATIC,
            summary_id=rest.id,
            is_nap=rest.nap,
            timestamp_localization=TimestampLocalization.LOCAL,
        ),
        device_data=DEVICE,
        heart_rate_data=HeartRateData(
            summary=HeartRateSummary(
                avg_hr_bpm=rest.average_heart_rate,
                min_hr_bpm=rest.lowest_heart_rate,
                avg_hrv_rmssd=rest.hrv_rmssd_ms,
            ),
            detailed=detailed_heart_rate(rest.heart_rate_series),
        ),
        respiration_data=RespirationData(
            breaths_data=BreathsData(avg_breaths_per_min=rest.breaths_per_minute)
        ),
        scores=SleepScores(sleep=rest.score),
        sleep_durations_data=_durations(rest),
    )
    # A night is found under the day it ends on, as its vendor shows it.
    return Record(DataType.SLEEP, rest.id, rest.ended_at.date(), body.model_dump(mode="json"))


def _durations(rest: Rest) -> SleepDurationsData:
    # Sums of some of the stages would be false; they are stated when each is known, or not at all.
    known = rest.stages and all(None not in {stage.stage, stage.minutes} for stage in rest.stages)

    def seconds(*stages: str) -> float | None:
        return (
            sum(stage.minutes or 0 for stage in rest.stages if stage.stage in stages) * 60 if known else None
        )

    return SleepDurationsData(
        asleep=AsleepDurations(
            duration_asleep_state_seconds=seconds("light", "deep", "rem"),
            duration_deep_sleep_state_seconds=seconds("deep"),
            duration_light_sleep_state_seconds=seconds("light"),
            duration_REM_sleep_state_seconds=seconds("rem"),
        ),
        awake=AwakeDurations(
            duration_awake_state_seconds=seconds("awake"),
            num_wakeup_events=sum(stage.stage == "awake" for stage in rest.stages) if known else None,
        ),
        other=OtherSleepDurations(duration_in_bed_seconds=(rest.ended_at - rest.started_at).total_seconds()),
        hypnogram_samples=[
            HypnogramSample(
                timestamp=wire_time(stage.started_at),
                level=_LEVELS.get(stage.stage or "", SleepLevel.UNKNOWN),
            )
            for stage in rest.stages
            if stage.started_at is not None
        ],
        sleep_efficiency=rest.efficiency_percent,
    )
