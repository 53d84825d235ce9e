"""`/247samples/sleep`: nights and naps."""

from typing import Annotated

from pydantic import Field

from wearable_gateway.kit.clock import wire_time
from wearable_gateway.providers.suunto.document import Bpm, Document, Moment, Seconds
from wearable_gateway.unified.common import TimestampLocalization
from wearable_gateway.unified.heart_rate import HeartRateData, HeartRateSummary
from wearable_gateway.unified.records import DataType, Record
from wearable_gateway.unified.sleep import (
    AsleepDurations,
    AwakeDurations,
    OtherSleepDurations,
    Sleep,
    SleepDurationsData,
    SleepMetadata,
    SleepScores,
    SleepUploadType,
)


class Entry(Document):
    """Durations are seconds. `Duration` itself is not read: with some watches it is the sleep, with others the bed."""

    id: int = Field(alias="SleepId")
    bedtime: Moment = Field(alias="BedtimeStart")
    rising: Moment = Field(alias="BedtimeEnd")
    nap: bool | None = Field(default=None, alias="IsNap")
    deep_s: Seconds | None = Field(default=None, alias="DeepSleepDuration")
    light_s: Seconds | None = Field(default=None, alias="LightSleepDuration")
    rem_s: Seconds | None = Field(default=None, alias="REMSleepDuration")
    falling_asleep_s: Seconds | None = Field(default=None, alias="SleepOnsetLatencyDuration")
    awake_s: Seconds | None = Field(default=None, alias="WakeAfterSleepOnsetDuration")
    rising_s: Seconds | None = Field(default=None, alias="WakeBeforeOffBedDuration")
    average_bpm: Bpm = Field(default=None, alias="HRAvg")
    lowest_bpm: Bpm = Field(default=None, alias="HRMin")
    score: Annotated[float, Field(ge=0, le=100)] | None = Field(default=None, alias="SleepQualityScore")


class SleepSample(Document):
    entry: Entry = Field(alias="entryData")


def sleep(sample: SleepSample) -> Record | None:
    """The sleep's record; None when it ends before it begins."""
    night = sample.entry
    if night.rising < night.bedtime:
        return None
    body = Sleep(
        metadata=SleepMetadata(
            start_time=wire_time(night.bedtime),
            end_time=wire_time(night.rising),
            upload_type=SleepUploadType.AUTOMATIC,
            summary_id=str(night.id),
            is_nap=night.nap,
            timestamp_localization=TimestampLocalization.LOCAL,
        ),
        heart_rate_data=HeartRateData(
            summary=HeartRateSummary(avg_hr_bpm=night.average_bpm, min_hr_bpm=night.lowest_bpm)
        ),
        scores=SleepScores(sleep=night.score),
        sleep_durations_data=_durations(night),
    )
    return Record(DataType.SLEEP, str(night.id), night.rising.date(), body.model_dump(mode="json"))


def _durations(night: Entry) -> SleepDurationsData:
    asleep = _sum(night.deep_s, night.light_s, night.rem_s)
    # A nap is not staged: its three zeros are no stages and not a sleepless nap.
    staged = asleep != 0
    return SleepDurationsData(
        asleep=AsleepDurations(
            duration_asleep_state_seconds=asleep,
            duration_deep_sleep_state_seconds=night.deep_s,
            duration_light_sleep_state_seconds=night.light_s,
            duration_REM_sleep_state_seconds=night.rem_s,
        )
        if staged
        else None,
        awake=AwakeDurations(
            duration_awake_state_seconds=_sum(night.falling_asleep_s, night.awake_s, night.rising_s),
            sleep_latency_seconds=night.falling_asleep_s,
            wake_up_latency_seconds=night.rising_s,
        ),
        other=OtherSleepDurations(duration_in_bed_seconds=(night.rising - night.bedtime).total_seconds()),
    )


def _sum(*parts: float | None) -> float | None:
    known = [part for part in parts if part is not None]
    return sum(known) if len(known) == len(parts) else None
