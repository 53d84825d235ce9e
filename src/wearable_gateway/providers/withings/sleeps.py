"""Sleep's `getsummary`, with the stages and series that sleep's `get` has of the same hours beside it."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from pydantic import Field

from wearable_gateway.providers.withings.devices import device_numbered
from wearable_gateway.providers.withings.document import (
    Amount,
    AsMap,
    Count,
    Document,
    Id,
    Moment,
    Values,
    Zoned,
    by_time,
    some,
)
from wearable_gateway.unified.heart_rate import (
    HeartRateData,
    HeartRateDetailed,
    HeartRateSample,
    HeartRateSummary,
    HrvRmssdSample,
    HrvSdnnSample,
)
from wearable_gateway.unified.records import DataType, Record
from wearable_gateway.unified.sleep import (
    AsleepDurations,
    AwakeDurations,
    BreathSample,
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
    SnoringData,
    SnoringSample,
)

_LEVELS = {
    0: SleepLevel.AWAKE,
    1: SleepLevel.LIGHT,
    2: SleepLevel.DEEP,
    3: SleepLevel.REM,
    4: SleepLevel.SLEEPING,
    5: SleepLevel.UNKNOWN,
    15: SleepLevel.OUT_OF_BED,
}
_TRACKER, _MONITOR = 16, 32
_BEST_SCORE = 100


class Stage(Document):
    started_at: Moment = Field(alias="startdate")
    state: int | None = None
    hash_deviceid: str | None = None
    hr: Values = Field(default={})
    rr: Values = Field(default={})
    snoring: Values = Field(default={})
    rmssd: Values = Field(default={})
    sdnn_1: Values = Field(default={})


class SleepData(Document):
    """`asleepduration` stands in for the other durations when the night comes from outside the vendor's devices."""

    total_timeinbed: Amount | None = None
    total_sleep_time: Amount | None = None
    asleepduration: Amount | None = None
    lightsleepduration: Amount | None = None
    deepsleepduration: Amount | None = None
    remsleepduration: Amount | None = None
    wakeupduration: Amount | None = None
    wakeupcount: Count | None = None
    out_of_bed_count: Count | None = None
    nb_rem_episodes: Count | None = None
    sleep_efficiency: Amount | None = None
    sleep_latency: Amount | None = None
    wakeup_latency: Amount | None = None
    durationtosleep: Amount | None = None
    durationtowakeup: Amount | None = None
    hr_average: Amount | None = None
    hr_min: Amount | None = None
    hr_max: Amount | None = None
    rr_average: Amount | None = None
    rr_min: Amount | None = None
    rr_max: Amount | None = None
    snoring: Amount | None = None
    snoringepisodecount: Count | None = None
    sleep_score: Amount | None = None


class Night(Zoned):
    id: Id
    started_at: Moment = Field(alias="startdate")
    ended_at: Moment = Field(alias="enddate")
    completed: bool | None = None
    model: int | None = None
    model_id: int | None = None
    hash_deviceid: str | None = None
    data: Annotated[SleepData, AsMap] = SleepData()
    series: tuple[Stage, ...] = ()

    @property
    def stages(self) -> list[Stage]:
        """Those of the summary's own device: two of them may have watched the same night."""
        return sorted(
            (
                stage
                for stage in self.series
                if None in {self.hash_deviceid, stage.hash_deviceid}
                or stage.hash_deviceid == self.hash_deviceid
            ),
            key=lambda stage: stage.started_at,
        )

    def samples(self, values: Callable[[Stage], dict[datetime, float]]) -> list[tuple[str, float]]:
        together = {moment: value for stage in self.stages for moment, value in values(stage).items()}
        return [(self.at(moment), value) for moment, value in by_time(together)]


def sleep(night: Night) -> Record:
    score = night.data.sleep_score
    body = Sleep(
        metadata=SleepMetadata(
            start_time=night.at(night.started_at),
            end_time=night.at(night.ended_at),
            upload_type=_upload(night),
            summary_id=night.id,
            timestamp_localization=night.localization,
        ),
        device_data=device_numbered(night.model_id),
        heart_rate_data=_heart_rate(night),
        respiration_data=RespirationData(breaths_data=_breaths(night), snoring_data=_snoring(night)),
        scores=SleepScores(sleep=score if score is not None and 0 <= score <= _BEST_SCORE else None),
        sleep_durations_data=_durations(night),
    )
    # A night is found under the day it ends on, as its vendor shows it.
    return Record(DataType.SLEEP, night.id, night.local(night.ended_at).date(), body.model_dump(mode="json"))


def _upload(night: Night) -> SleepUploadType:
    if night.completed is False:
        return SleepUploadType.TENTATIVE
    return SleepUploadType.AUTOMATIC if night.model in {_TRACKER, _MONITOR} else SleepUploadType.UNKNOWN


def _heart_rate(night: Night) -> HeartRateData:
    detailed = HeartRateDetailed(
        hr_samples=[
            HeartRateSample(timestamp=at, bpm=bpm)
            for at, bpm in night.samples(lambda stage: stage.hr)
            if some(bpm)
        ]
        or None,
        hrv_samples_rmssd=[
            HrvRmssdSample(timestamp=at, hrv_rmssd=rmssd)
            for at, rmssd in night.samples(lambda stage: stage.rmssd)
            if some(rmssd)
        ]
        or None,
        hrv_samples_sdnn=[
            HrvSdnnSample(timestamp=at, hrv_sdnn=sdnn)
            for at, sdnn in night.samples(lambda stage: stage.sdnn_1)
            if some(sdnn)
        ]
        or None,
    )
    return HeartRateData(
        summary=HeartRateSummary(
            avg_hr_bpm=some(night.data.hr_average),
            min_hr_bpm=some(night.data.hr_min),
            max_hr_bpm=some(night.data.hr_max),
        ),
        detailed=detailed if detailed != HeartRateDetailed() else None,
    )


def _breaths(night: Night) -> BreathsData:
    return BreathsData(
        avg_breaths_per_min=some(night.data.rr_average),
        min_breaths_per_min=some(night.data.rr_min),
        max_breaths_per_min=some(night.data.rr_max),
        samples=[
            BreathSample(timestamp=at, breaths_per_min=rate)
            for at, rate in night.samples(lambda stage: stage.rr)
            if some(rate)
        ]
        or None,
    )


def _snoring(night: Night) -> SnoringData:
    return SnoringData(
        num_snoring_events=night.data.snoringepisodecount,
        total_snoring_duration_seconds=night.data.snoring,
        samples=[
            SnoringSample(timestamp=at, duration_seconds=seconds)
            for at, seconds in night.samples(lambda stage: stage.snoring)
        ]
        or None,
    )


def _durations(night: Night) -> SleepDurationsData:
    data = night.data
    return SleepDurationsData(
        asleep=AsleepDurations(
            duration_asleep_state_seconds=_first(data.total_sleep_time, data.asleepduration),
            duration_deep_sleep_state_seconds=data.deepsleepduration,
            duration_light_sleep_state_seconds=data.lightsleepduration,
            duration_REM_sleep_state_seconds=data.remsleepduration,
            num_REM_events=data.nb_rem_episodes,
        ),
        awake=AwakeDurations(
            duration_awake_state_seconds=data.wakeupduration,
            num_wakeup_events=data.wakeupcount,
            num_out_of_bed_events=data.out_of_bed_count,
            sleep_latency_seconds=_first(data.sleep_latency, data.durationtosleep),
            wake_up_latency_seconds=_first(data.wakeup_latency, data.durationtowakeup),
        ),
        other=OtherSleepDurations(duration_in_bed_seconds=data.total_timeinbed),
        hypnogram_samples=[
            HypnogramSample(
                timestamp=night.at(stage.started_at), level=_LEVELS.get(stage.state, SleepLevel.UNKNOWN)
            )
            for stage in night.stages
            if stage.state is not None
        ]
        or None,
        sleep_efficiency=_percent(data.sleep_efficiency),
    )


def _first(newer: float | None, older: float | None) -> float | None:
    return older if newer is None else newer


def _percent(ratio: float | None) -> float | None:
    """The vendor writes 0.87 where Terra writes 87; what is no ratio is nothing."""
    return round(ratio * 100, 6) if ratio is not None and 0 <= ratio <= 1 else None
