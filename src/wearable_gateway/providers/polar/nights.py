"""`/v3/users/sleep`, with the Nightly Recharge and the skin temperature of the same night.

The vendor knows one sleep a day, and no id of it: the day it ends on names it.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from pydantic import Field

from wearable_gateway.kit.clock import wire_time
from wearable_gateway.providers.polar.document import (
    MAKER,
    Amount,
    Bpm,
    Day,
    Document,
    Moment,
    Percent,
    elapsed,
)
from wearable_gateway.unified.common import DeviceData, TimestampLocalization
from wearable_gateway.unified.heart_rate import (
    HeartRateData,
    HeartRateDetailed,
    HeartRateSample,
    HeartRateSummary,
    HrvRmssdSample,
)
from wearable_gateway.unified.records import DataType, Record
from wearable_gateway.unified.sleep import (
    AsleepDurations,
    AwakeDurations,
    BreathSample,
    BreathsData,
    HypnogramSample,
    OtherSleepDurations,
    ReadinessData,
    RecoveryLevel,
    RespirationData,
    Sleep,
    SleepDurationsData,
    SleepLevel,
    SleepMetadata,
    SleepScores,
    SleepTemperatureData,
    SleepUploadType,
)

Value = TypeVar("Value")

# https://www.polar.com/accesslink-api/#schemasleep: two depths of light sleep, and 5 where the skin was not touched.
_STAGES = {
    0: SleepLevel.AWAKE,
    1: SleepLevel.REM,
    2: SleepLevel.LIGHT,
    3: SleepLevel.LIGHT,
    4: SleepLevel.DEEP,
}
# https://www.polar.com/accesslink-api/#schemanightly-recharge: Terra's six words, in the same order.
_RECOVERIES = {number: RecoveryLevel(number) for number in range(1, 7)}


class NightlyRecharge(Document):
    heart_rate_avg: Bpm | None = None
    heart_rate_variability_avg: Amount | None = None
    breathing_rate_avg: Amount | None = None
    nightly_recharge_status: int | None = None
    hrv_samples: dict[str, Amount] = Field(default={})
    breathing_samples: dict[str, Amount] = Field(default={})


class SkinTemperature(Document):
    deviation_from_baseline_celsius: float | None = None


class Night(Document):
    result_day: Day | None = Field(default=None, alias="date")
    sleep_start_time: Moment
    sleep_end_time: Moment
    device_id: str | None = None
    light_sleep: Amount | None = None
    deep_sleep: Amount | None = None
    rem_sleep: Amount | None = None
    unrecognized_sleep_stage: Amount | None = None
    sleep_score: Percent | None = None
    total_interruption_duration: Amount | None = None
    short_interruption_duration: Amount | None = None
    long_interruption_duration: Amount | None = None
    hypnogram: dict[str, int] = Field(default={})
    heart_rate_samples: dict[str, Bpm] = Field(default={})
    nightly_recharge: NightlyRecharge | None = None
    skin_temperature: SkinTemperature | None = None

    @property
    def day(self) -> date:
        return self.result_day or self.sleep_end_time.date()

    @property
    def length(self) -> timedelta | None:
        return elapsed(self.sleep_start_time, self.sleep_end_time)

    def by_time(self, values: Mapping[str, Value]) -> Iterator[tuple[str, Value]]:
        """`values`, which the vendor keeps by the time on the clock, in the order of the night."""
        placed = [(moment, value) for clock, value in values.items() if (moment := self._at(clock))]
        for moment, value in sorted(placed, key=lambda one: one[0]):
            yield wire_time(moment), value

    def _at(self, clock: str) -> datetime | None:
        """When in the night a clock said `clock`; None when it cannot have."""
        try:
            told = time.fromisoformat(clock).replace(tzinfo=None)
        except ValueError:
            return None
        start = self.sleep_start_time.replace(second=0, microsecond=0)
        moment = datetime.combine(start.date(), told, start.tzinfo)
        if moment < start:
            moment += timedelta(days=1)
        # A night has a length, or lasted less than a day.
        return moment if moment <= self.sleep_start_time + (self.length or timedelta(days=1)) else None


def sleep(night: Night) -> Record:
    recharge = night.nightly_recharge or NightlyRecharge()
    day = night.day
    body = Sleep(
        metadata=SleepMetadata(
            start_time=wire_time(night.sleep_start_time),
            end_time=wire_time(night.sleep_end_time),
            timestamp_localization=TimestampLocalization.LOCAL,
            upload_type=SleepUploadType.AUTOMATIC,
            summary_id=day.isoformat(),
        ),
        device_data=DeviceData(manufacturer=MAKER, serial_number=night.device_id),
        heart_rate_data=_heart_rate(night, recharge),
        readiness_data=ReadinessData(recovery_level=_RECOVERIES.get(recharge.nightly_recharge_status or 0)),
        respiration_data=_respiration(night, recharge),
        scores=SleepScores(sleep=night.sleep_score),
        sleep_durations_data=_durations(night),
        temperature_data=SleepTemperatureData(
            delta=(night.skin_temperature or SkinTemperature()).deviation_from_baseline_celsius
        ),
    )
    return Record(DataType.SLEEP, day.isoformat(), day, body.model_dump(mode="json"))


def _heart_rate(night: Night, recharge: NightlyRecharge) -> HeartRateData:
    rates = [HeartRateSample(timestamp=at, bpm=bpm) for at, bpm in night.by_time(night.heart_rate_samples)]
    variabilities = [
        HrvRmssdSample(timestamp=at, hrv_rmssd=ms) for at, ms in night.by_time(recharge.hrv_samples)
    ]
    return HeartRateData(
        summary=HeartRateSummary(
            avg_hr_bpm=recharge.heart_rate_avg, avg_hrv_rmssd=recharge.heart_rate_variability_avg
        ),
        detailed=HeartRateDetailed(hr_samples=rates or None, hrv_samples_rmssd=variabilities or None),
    )


def _respiration(night: Night, recharge: NightlyRecharge) -> RespirationData:
    samples = [
        BreathSample(timestamp=at, breaths_per_min=rate)
        for at, rate in night.by_time(recharge.breathing_samples)
    ]
    return RespirationData(
        breaths_data=BreathsData(avg_breaths_per_min=recharge.breathing_rate_avg, samples=samples or None)
    )


def _durations(night: Night) -> SleepDurationsData:
    return SleepDurationsData(
        asleep=AsleepDurations(
            duration_asleep_state_seconds=_asleep(night),
            duration_deep_sleep_state_seconds=night.deep_sleep,
            duration_light_sleep_state_seconds=night.light_sleep,
            duration_REM_sleep_state_seconds=night.rem_sleep,
        ),
        awake=AwakeDurations(
            duration_awake_state_seconds=night.total_interruption_duration,
            duration_short_interruption_seconds=night.short_interruption_duration,
            duration_long_interruption_seconds=night.long_interruption_duration,
        ),
        other=OtherSleepDurations(
            duration_in_bed_seconds=None if night.length is None else night.length.total_seconds(),
            duration_unmeasurable_sleep_seconds=night.unrecognized_sleep_stage,
        ),
        hypnogram_samples=[
            HypnogramSample(timestamp=at, level=_STAGES.get(stage, SleepLevel.UNKNOWN))
            for at, stage in night.by_time(night.hypnogram)
        ]
        or None,
    )


def _asleep(night: Night) -> float | None:
    """Asleep is also who slept in no stage the device could tell; a sum of some of the parts would be false."""
    total = 0.0
    for part in (night.light_sleep, night.deep_sleep, night.rem_sleep, night.unrecognized_sleep_stage):
        if part is None:
            return None
        total += part
    return total
