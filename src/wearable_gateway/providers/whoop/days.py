"""`/v2/cycle` with its recovery: a day, as the body counts it.

A cycle lasts from falling asleep to falling asleep again, and is not a calendar day
(https://developer.whoop.com/docs/developing/user-data/cycle). Here it is the day that its twelfth hour falls on, which
is the one its person wakes up to. That is known from its beginning alone: the day of a running cycle stays what it was.
"""

from datetime import date, datetime, timedelta

from wearable_gateway.providers.whoop.document import (
    Amount,
    Document,
    HeartRate,
    Moment,
    Strain,
    Timed,
    kcal,
    scored,
)
from wearable_gateway.providers.whoop.recoveries import Recovery, recovered
from wearable_gateway.unified.common import CaloriesData, OxygenData, StrainData, UploadType
from wearable_gateway.unified.daily import Daily, DailyMetadata, ScoresData
from wearable_gateway.unified.heart_rate import HeartRateData, HeartRateSummary
from wearable_gateway.unified.records import DataType, Record

_INTO_THE_DAY = timedelta(hours=12)


class CycleScore(Document):
    strain: Strain | None = None
    kilojoule: Amount | None = None
    average_heart_rate: HeartRate | None = None
    max_heart_rate: HeartRate | None = None


class Cycle(Timed):
    start: Moment
    score_state: str | None = None
    score: CycleScore | None = None


class CycleDay(Document):
    cycle: Cycle
    recovery: Recovery | None = None


def day_of_cycle(clock: Timed, start: datetime) -> date:
    """The day of the cycle that began at `start`."""
    return clock.local_day(start + _INTO_THE_DAY)


def daily(document: CycleDay) -> Record:
    cycle = document.cycle
    score = scored(cycle.score_state, cycle.score) or CycleScore()
    recovery = recovered(document.recovery)
    day = day_of_cycle(cycle, cycle.start)
    body = Daily(
        # Terra's clients tell days apart by the date these times begin with.
        metadata=DailyMetadata(
            start_time=cycle.midnight(day),
            end_time=cycle.midnight(day + timedelta(days=1)),
            upload_type=UploadType.AUTOMATIC,
            timestamp_localization=cycle.localization,
        ),
        calories_data=CaloriesData(total_burned_calories=kcal(score.kilojoule)),
        heart_rate_data=HeartRateData(
            summary=HeartRateSummary(
                avg_hr_bpm=score.average_heart_rate,
                max_hr_bpm=score.max_heart_rate,
                resting_hr_bpm=recovery.resting_heart_rate,
                avg_hrv_rmssd=recovery.hrv_rmssd_milli,
            )
        ),
        oxygen_data=OxygenData(avg_saturation_percentage=recovery.spo2_percentage),
        scores=ScoresData(recovery=recovery.recovery_score),
        strain_data=StrainData(strain_level=score.strain),
    )
    return Record(DataType.DAILY, day.isoformat(), day, body.model_dump(mode="json"))
