"""`sleep`: nights and naps, with what the vendor derives from the main sleep of a day and the series meanwhile."""

from wearable_gateway.kit.clock import wire_time
from wearable_gateway.providers.google_health.document import Count, Document, Interval, Point, known
from wearable_gateway.providers.google_health.nights import NightPoint, night_temperature, respiration
from wearable_gateway.providers.google_health.series import heart_rate_detail
from wearable_gateway.unified.heart_rate import HeartRateData
from wearable_gateway.unified.records import DataType, Record
from wearable_gateway.unified.sleep import (
    AsleepDurations,
    AwakeDurations,
    HypnogramSample,
    OtherSleepDurations,
    Sleep,
    SleepDurationsData,
    SleepLevel,
    SleepMetadata,
    SleepUploadType,
)

_LEVELS = {
    "AWAKE": SleepLevel.AWAKE,
    "RESTLESS": SleepLevel.AWAKE,
    "ASLEEP": SleepLevel.SLEEPING,
    "LIGHT": SleepLevel.LIGHT,
    "DEEP": SleepLevel.DEEP,
    "REM": SleepLevel.REM,
}
"""What is restless counts as awake: the vendor leaves it out of `minutesAsleep`."""


class Stage(Interval):
    type: str | None = None


class StageSummary(Document):
    type: str | None = None
    minutes: Count | None = None
    count: Count | None = None


class Summary(Document):
    minutes_in_sleep_period: Count | None = None
    minutes_asleep: Count | None = None
    minutes_awake: Count | None = None
    minutes_to_fall_asleep: Count | None = None
    minutes_after_wake_up: Count | None = None
    stages_summary: tuple[StageSummary, ...] = ()

    def stage(self, name: str) -> StageSummary:
        found = (stage for stage in self.stages_summary if stage.type == name)
        return next(found, StageSummary())


class Processing(Document):
    nap: bool | None = None
    processed: bool | None = None
    manually_edited: bool | None = None


class SleepSession(Document):
    interval: Interval
    metadata: Processing = Processing()
    stages: tuple[Stage, ...] = ()
    out_of_bed_segments: tuple[Interval, ...] = ()
    summary: Summary = Summary()


class Rest(Point):
    """The data point as listed; `data_points` are those of the day, for its main sleep, and of the series during it."""

    sleep: SleepSession
    data_points: tuple[NightPoint, ...] = ()


def sleep(rest: Rest) -> Record:
    session = rest.sleep
    detailed = heart_rate_detail(rest.data_points)
    body = Sleep(
        metadata=SleepMetadata(
            start_time=wire_time(session.interval.starts),
            end_time=wire_time(session.interval.ends),
            summary_id=rest.id,
            is_nap=session.metadata.nap,
            upload_type=_upload(rest),
            timestamp_localization=session.interval.localization,
        ),
        device_data=rest.device,
        heart_rate_data=None if detailed is None else HeartRateData(detailed=detailed),
        respiration_data=respiration(rest.data_points),
        sleep_durations_data=known(_durations(session)),
        temperature_data=night_temperature(rest.data_points),
    )
    return Record(DataType.SLEEP, rest.id, session.interval.ends.date(), body.model_dump(mode="json"))


def _upload(rest: Rest) -> SleepUploadType:
    method, processing = rest.data_source.recording_method, rest.sleep.metadata
    if method == "MANUAL" or processing.manually_edited:
        return SleepUploadType.MANUAL
    if processing.processed is False:
        return SleepUploadType.TENTATIVE
    known = method in {"ACTIVELY_MEASURED", "PASSIVELY_MEASURED", "DERIVED"}
    return SleepUploadType.AUTOMATIC if known else SleepUploadType.UNKNOWN


def _durations(session: SleepSession) -> SleepDurationsData:
    summary = session.summary
    return SleepDurationsData(
        asleep=known(_asleep(summary)),
        awake=known(
            AwakeDurations(
                duration_awake_state_seconds=_seconds(summary.minutes_awake),
                num_out_of_bed_events=len(session.out_of_bed_segments) or None,
                sleep_latency_seconds=_seconds(summary.minutes_to_fall_asleep),
                wake_up_latency_seconds=_seconds(summary.minutes_after_wake_up),
            )
        ),
        other=known(OtherSleepDurations(duration_in_bed_seconds=_seconds(summary.minutes_in_sleep_period))),
        hypnogram_samples=_hypnogram(session.stages),
    )


def _asleep(summary: Summary) -> AsleepDurations:
    return AsleepDurations(
        duration_asleep_state_seconds=_seconds(summary.minutes_asleep),
        duration_light_sleep_state_seconds=_seconds(summary.stage("LIGHT").minutes),
        duration_deep_sleep_state_seconds=_seconds(summary.stage("DEEP").minutes),
        duration_REM_sleep_state_seconds=_seconds(summary.stage("REM").minutes),
        num_REM_events=summary.stage("REM").count,
    )


def _seconds(minutes: int | None) -> int | None:
    return None if minutes is None else minutes * 60


def _hypnogram(stages: tuple[Stage, ...]) -> list[HypnogramSample] | None:
    return [
        HypnogramSample(
            timestamp=wire_time(stage.starts), level=_LEVELS.get(stage.type or "", SleepLevel.UNKNOWN)
        )
        for stage in sorted(stages, key=lambda stage: stage.start_time)
    ] or None
