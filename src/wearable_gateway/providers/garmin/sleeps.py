"""`sleeps`: nights, and the naps that come inside of them."""

from datetime import datetime

from pydantic import Field

from wearable_gateway.kit.clock import wire_time
from wearable_gateway.providers.garmin.day_series import saturations
from wearable_gateway.providers.garmin.document import (
    Document,
    Duration,
    Offset,
    Percent,
    Seconds,
    Series,
    Timed,
    local,
    localization,
    mean,
    measured,
)
from wearable_gateway.unified.records import DataType, Record
from wearable_gateway.unified.sleep import (
    AsleepDurations,
    AwakeDurations,
    BreathSample,
    BreathsData,
    HypnogramSample,
    OtherSleepDurations,
    OxygenSaturationData,
    RespirationData,
    Sleep,
    SleepDurationsData,
    SleepLevel,
    SleepMetadata,
    SleepScores,
    SleepUploadType,
)

_MOST_BREATHS = 100
_NOT_WORN = "OFF_WRIST"
_UPLOADS = {
    "MANUAL": SleepUploadType.MANUAL,
    "DEVICE": SleepUploadType.AUTOMATIC,
    "AUTO_FINAL": SleepUploadType.AUTOMATIC,
    "ENHANCED_FINAL": SleepUploadType.AUTOMATIC,
    "AUTO_TENTATIVE": SleepUploadType.TENTATIVE,
    "ENHANCED_TENTATIVE": SleepUploadType.TENTATIVE,
    "AUTO_MANUAL": SleepUploadType.INDETERMINATE,
    _NOT_WORN: SleepUploadType.INDETERMINATE,
}


class Stage(Document):
    started: Seconds = Field(alias="startTimeInSeconds")


class Stages(Document):
    deep: tuple[Stage, ...] = ()
    light: tuple[Stage, ...] = ()
    rem: tuple[Stage, ...] = ()
    awake: tuple[Stage, ...] = ()


class Score(Document):
    value: Percent | None = None


class Night(Timed):
    summary_id: str = Field(alias="summaryId")
    validation: str = ""
    seconds: Duration | None = Field(default=None, alias="durationInSeconds")
    deep: Duration | None = Field(default=None, alias="deepSleepDurationInSeconds")
    light: Duration | None = Field(default=None, alias="lightSleepDurationInSeconds")
    rem: Duration | None = Field(default=None, alias="remSleepInSeconds")
    awake: Duration | None = Field(default=None, alias="awakeDurationInSeconds")
    # The vendor's list of fields has the first name, its examples the second.
    unmeasurable: Duration | None = Field(default=None, alias="unmeasurableSleepInSeconds")
    unmeasurable_too: Duration | None = Field(default=None, alias="unmeasurableSleepDurationInSeconds")
    stages: Stages | None = Field(default=None, alias="sleepLevelsMap")
    saturation: Series | None = Field(default=None, alias="timeOffsetSleepSpo2")
    breathing: Series | None = Field(default=None, alias="timeOffsetSleepRespiration")
    score: Score | None = Field(default=None, alias="overallSleepScore")

    @property
    def unmeasured(self) -> float | None:
        return self.unmeasurable_too if self.unmeasurable is None else self.unmeasurable

    @property
    def staged(self) -> bool:
        """Whether stages were told apart; if not, all are zero."""
        return any((self.deep, self.light, self.rem))

    @property
    def asleep(self) -> float | None:
        """The stages together, as the vendor is not of one mind whether the duration contains the time awake."""
        if self.validation == _NOT_WORN:
            return None
        if not self.staged or self.deep is None or self.light is None or self.rem is None:
            return self.seconds
        return self.deep + self.light + self.rem

    @property
    def in_bed(self) -> float | None:
        if self.asleep is None:
            return self.seconds
        return max(self.seconds or 0, self.asleep + (self.awake or 0) + (self.unmeasured or 0))


class Nap(Document):
    """It has no id of its own."""

    started: Seconds = Field(alias="napStartTimeInSeconds")
    offset: Offset | None = Field(default=None, alias="napOffsetInSeconds")
    seconds: Duration | None = Field(default=None, alias="napDurationInSeconds")
    validation: str = Field(default="", alias="napValidation")


def sleep(night: Night) -> Record:
    ended = night.after(night.in_bed or 0)
    body = Sleep(
        metadata=SleepMetadata(
            start_time=wire_time(night.after(0)),
            end_time=wire_time(ended),
            upload_type=_UPLOADS.get(night.validation, SleepUploadType.UNKNOWN),
            summary_id=night.summary_id,
            is_nap=False,
            timestamp_localization=night.localization,
        ),
        respiration_data=_respiration(night),
        scores=None if night.score is None else SleepScores(sleep=night.score.value),
        sleep_durations_data=_durations(night),
    )
    return _record(night.summary_id, ended, body)


def nap(rest: Nap) -> Record:
    """A nap is called by when it began, which is all that tells it from another."""
    name = f"nap-{rest.started:.0f}"
    ended = local(rest.started + (rest.seconds or 0), rest.offset)
    body = Sleep(
        metadata=SleepMetadata(
            start_time=wire_time(local(rest.started, rest.offset)),
            end_time=wire_time(ended),
            upload_type=_UPLOADS.get(rest.validation.upper(), SleepUploadType.UNKNOWN),
            summary_id=name,
            is_nap=True,
            timestamp_localization=localization(rest.offset),
        ),
        sleep_durations_data=SleepDurationsData(
            other=OtherSleepDurations(duration_in_bed_seconds=rest.seconds)
        ),
    )
    return _record(name, ended, body)


def _record(key: str, ended: datetime, body: Sleep) -> Record:
    return Record(DataType.SLEEP, key, ended.date(), body.model_dump(mode="json"))


def _durations(night: Night) -> SleepDurationsData:
    return SleepDurationsData(
        asleep=AsleepDurations(
            duration_asleep_state_seconds=night.asleep,
            duration_deep_sleep_state_seconds=night.deep if night.staged else None,
            duration_light_sleep_state_seconds=night.light if night.staged else None,
            duration_REM_sleep_state_seconds=night.rem if night.staged else None,
        ),
        awake=AwakeDurations(duration_awake_state_seconds=night.awake if night.staged else None),
        other=OtherSleepDurations(
            duration_in_bed_seconds=night.in_bed, duration_unmeasurable_sleep_seconds=night.unmeasured
        ),
        hypnogram_samples=_hypnogram(night),
    )


def _hypnogram(night: Night) -> list[HypnogramSample] | None:
    found = night.stages or Stages()
    stages = [
        *((stage.started, SleepLevel.DEEP) for stage in found.deep),
        *((stage.started, SleepLevel.LIGHT) for stage in found.light),
        *((stage.started, SleepLevel.REM) for stage in found.rem),
        *((stage.started, SleepLevel.AWAKE) for stage in found.awake),
    ]
    return [
        HypnogramSample(timestamp=wire_time(local(started, night.offset)), level=level)
        for started, level in sorted(stages)
    ] or None


def _respiration(night: Night) -> RespirationData:
    breaths = measured(night, night.breathing, 1, _MOST_BREATHS)
    oxygen = measured(night, night.saturation, 1, 100)
    return RespirationData(
        breaths_data=BreathsData(
            avg_breaths_per_min=mean(breaths),
            samples=[BreathSample(timestamp=at, breaths_per_min=value) for at, value in breaths] or None,
        ),
        oxygen_saturation_data=OxygenSaturationData(
            avg_saturation_percentage=mean(oxygen), samples=saturations(oxygen)
        ),
    )
