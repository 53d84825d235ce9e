"""`sleep`: nights and naps."""

from collections.abc import Iterator
from itertools import groupby

from pydantic import Field

from wearable_gateway.kit.clock import wire_time
from wearable_gateway.providers.oura.document import (
    DEVICE,
    BeatsPerMinute,
    Document,
    Milliseconds,
    Moment,
    Score,
    Seconds,
    Series,
    steps_of,
)
from wearable_gateway.providers.oura.heart_rates import detailed_heart_rate
from wearable_gateway.unified.common import TimestampLocalization
from wearable_gateway.unified.heart_rate import HeartRateData, HeartRateSummary
from wearable_gateway.unified.records import DataType, Record
from wearable_gateway.unified.sleep import (
    AsleepDurations,
    AwakeDurations,
    BreathsData,
    HypnogramSample,
    OtherSleepDurations,
    ReadinessData,
    RespirationData,
    Sleep,
    SleepDurationsData,
    SleepLevel,
    SleepMetadata,
    SleepTemperatureData,
    SleepUploadType,
)

_NAP = {"long_sleep": False, "sleep": True, "late_nap": True}
_NO_SLEEP = frozenset({"deleted", "rest"})
"""Taken out by its person, or rejected by them when the app asked whether they had slept."""
_LEVELS = {"1": SleepLevel.DEEP, "2": SleepLevel.LIGHT, "3": SleepLevel.REM, "4": SleepLevel.AWAKE}
_FINE_SECONDS, _COARSE_SECONDS = 30, 300


class Readiness(Document):
    score: Score | None = None
    temperature_deviation: float | None = Field(default=None, ge=-20, le=20)


class Rest(Document):
    id: str = Field(min_length=1)
    bedtime_start: Moment
    bedtime_end: Moment
    type: str | None = None
    total_sleep_duration: Seconds | None = None
    deep_sleep_duration: Seconds | None = None
    light_sleep_duration: Seconds | None = None
    rem_sleep_duration: Seconds | None = None
    awake_time: Seconds | None = None
    latency: Seconds | None = None
    time_in_bed: Seconds | None = None
    efficiency: Score | None = None
    average_heart_rate: BeatsPerMinute | None = None
    lowest_heart_rate: BeatsPerMinute | None = None
    average_hrv: Milliseconds | None = None
    average_breath: float | None = Field(default=None, gt=0, le=100)
    heart_rate: Series | None = None
    hrv: Series | None = None
    sleep_phase_30_sec: str | None = None
    sleep_phase_5_min: str | None = None
    readiness: Readiness | None = None


def sleep(rest: Rest) -> Record | None:
    """A night or a nap; None of what its person says was no sleep."""
    if rest.type in _NO_SLEEP:
        return None
    body = Sleep(
        metadata=SleepMetadata(
            start_time=wire_time(rest.bedtime_start),
            end_time=wire_time(rest.bedtime_end),
            upload_type=SleepUploadType.AUTOMATIC,
            summary_id=rest.id,
            is_nap=_NAP.get(rest.type or ""),
            timestamp_localization=TimestampLocalization.LOCAL,
        ),
        device_data=DEVICE,
        heart_rate_data=HeartRateData(
            summary=HeartRateSummary(
                avg_hr_bpm=rest.average_heart_rate,
                min_hr_bpm=rest.lowest_heart_rate,
                avg_hrv_rmssd=rest.average_hrv,
            ),
            detailed=detailed_heart_rate(rest.heart_rate, rest.hrv),
        ),
        respiration_data=RespirationData(breaths_data=BreathsData(avg_breaths_per_min=rest.average_breath)),
        readiness_data=ReadinessData(readiness=rest.readiness.score) if rest.readiness else None,
        sleep_durations_data=_durations(rest),
        temperature_data=SleepTemperatureData(delta=rest.readiness.temperature_deviation)
        if rest.readiness
        else None,
    )
    return Record(DataType.SLEEP, rest.id, rest.bedtime_end.date(), body.model_dump(mode="json"))


def _durations(rest: Rest) -> SleepDurationsData:
    return SleepDurationsData(
        asleep=AsleepDurations(
            duration_asleep_state_seconds=rest.total_sleep_duration,
            duration_deep_sleep_state_seconds=rest.deep_sleep_duration,
            duration_light_sleep_state_seconds=rest.light_sleep_duration,
            duration_REM_sleep_state_seconds=rest.rem_sleep_duration,
        ),
        awake=AwakeDurations(
            duration_awake_state_seconds=rest.awake_time, sleep_latency_seconds=rest.latency
        ),
        other=OtherSleepDurations(duration_in_bed_seconds=rest.time_in_bed),
        hypnogram_samples=list(_hypnogram(rest)) or None,
        sleep_efficiency=rest.efficiency,
    )


def _hypnogram(rest: Rest) -> Iterator[HypnogramSample]:
    """One sample where a level begins, from the finer of the vendor's two strings."""
    if rest.sleep_phase_30_sec:
        phases = steps_of(rest.sleep_phase_30_sec, rest.bedtime_start, _FINE_SECONDS)
    else:
        phases = steps_of(rest.sleep_phase_5_min, rest.bedtime_start, _COARSE_SECONDS)
    levels = ((at, _LEVELS.get(phase, SleepLevel.UNKNOWN)) for at, phase in phases)
    for level, stretch in groupby(levels, key=lambda step: step[1]):
        yield HypnogramSample(timestamp=next(stretch)[0], level=level)
