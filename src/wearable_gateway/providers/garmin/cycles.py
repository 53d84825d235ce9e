"""`mct`: where in her cycle, or her pregnancy, a person is."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated

from pydantic import Field

from wearable_gateway.kit.clock import wire_time
from wearable_gateway.providers.garmin.document import Count, Document, LocalDay, Seconds, whole_day
from wearable_gateway.unified.menstruation import MenstrualPhase, Menstruation, MenstruationData
from wearable_gateway.unified.records import DataType, Record

_LONGEST_DAYS = 400


class Cycle(Document):
    began_on: LocalDay = Field(alias="periodStartDate")
    day_number: Annotated[int, Field(ge=1, le=_LONGEST_DAYS)] | None = Field(default=None, alias="dayInCycle")
    period_days: Count | None = Field(default=None, alias="periodLength")
    phase: str | None = Field(default=None, alias="currentPhaseType")
    phase_days: Count | None = Field(default=None, alias="lengthOfCurrentPhase")
    days_left: Count | None = Field(default=None, alias="daysUntilNextPhase")
    predicted_days: Count | None = Field(default=None, alias="predictedCycleLength")
    predicted: bool | None = Field(default=None, alias="isPredictedCycle")
    cycle_days: Count | None = Field(default=None, alias="cycleLength")
    noted: Seconds | None = Field(default=None, alias="lastUpdatedTimeInSeconds")


def menstruation(cycle: Cycle) -> Record | None:
    """The day it speaks of follows from when the cycle began; a summary that does not tell it is of no day."""
    if cycle.day_number is None:
        return None
    day: date = cycle.began_on + timedelta(days=cycle.day_number - 1)
    body = Menstruation(
        metadata=whole_day(day),
        menstruation_data=MenstruationData(
            period_start_date=cycle.began_on.isoformat(),
            period_length_days=cycle.period_days,
            day_in_cycle=cycle.day_number,
            cycle_length_days=cycle.cycle_days,
            predicted_cycle_length_days=cycle.predicted_days,
            is_predicted_cycle=cycle.predicted,
            current_phase=_phase(cycle.phase),
            length_of_current_phase_days=cycle.phase_days,
            days_until_next_phase=cycle.days_left,
            last_updated_time=None
            if cycle.noted is None
            else wire_time(datetime.fromtimestamp(cycle.noted, UTC)),
        ),
    )
    return Record(DataType.MENSTRUATION, day.isoformat(), day, body.model_dump(mode="json"))


def _phase(word: str | None) -> MenstrualPhase | None:
    """The vendor's word for a phase is Terra's in capitals."""
    if word is None:
        return None
    known = set(MenstrualPhase)
    return MenstrualPhase(word.lower()) if word.lower() in known else MenstrualPhase.UNKNOWN
