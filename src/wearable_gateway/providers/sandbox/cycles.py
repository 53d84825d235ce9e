"""`/v1/cycles`: where in her cycle a person is on a day."""

from datetime import date, timedelta

from pydantic import Field

from wearable_gateway.kit.clock import wire_time
from wearable_gateway.providers.sandbox.document import Day, Document, Moment
from wearable_gateway.unified.menstruation import (
    MenstrualPhase,
    Menstruation,
    MenstruationData,
    MenstruationFlow,
    MenstruationFlowSample,
    MenstruationInterval,
    MenstruationIntervalSample,
)
from wearable_gateway.unified.records import DataType, Record

_PHASES = {
    "bleeding": (MenstrualPhase.MENSTRUAL, MenstruationInterval.PERIOD),
    "follicular": (MenstrualPhase.FOLLICULAR, MenstruationInterval.FOLLICULAR),
    "fertile": (MenstrualPhase.FERTILE, MenstruationInterval.FERTILE_WINDOW),
    "ovulation": (MenstrualPhase.OVULATION, MenstruationInterval.OVULATION),
    "luteal": (MenstrualPhase.LUTEAL, MenstruationInterval.LUTEAL),
}
_UNKNOWN = (MenstrualPhase.UNKNOWN, MenstruationInterval.UNKNOWN)
_FLOWS = {
    "light": MenstruationFlow.LIGHT,
    "medium": MenstruationFlow.MEDIUM,
    "heavy": MenstruationFlow.HEAVY,
}


class Phase(Document):
    phase: str
    first: date = Field(alias="from")
    last: date = Field(alias="until", lt=date.max)


class Flow(Document):
    at: Moment
    strength: str


class CycleDay(Day):
    cycle_day: int | None = None
    cycle_started_on: date | None = None
    cycle_days: int | None = None
    predicted: bool | None = None
    bleeding_days: int | None = None
    phase: str | None = None
    phase_days: int | None = None
    days_to_next_phase: int | None = None
    fertile_from: date | None = None
    fertile_until: date | None = None
    ovulates_on: date | None = None
    phases: tuple[Phase, ...] = ()
    flow: tuple[Flow, ...] = ()
    noted_at: Moment | None = None


def menstruation(day: CycleDay) -> Record:
    body = Menstruation(
        metadata=day.span,
        menstruation_data=MenstruationData(
            period_start_date=_text(day.cycle_started_on),
            period_length_days=day.bleeding_days,
            day_in_cycle=day.cycle_day,
            cycle_length_days=day.cycle_days,
            predicted_cycle_length_days=day.cycle_days if day.predicted else None,
            is_predicted_cycle=day.predicted,
            current_phase=_PHASES.get(day.phase, _UNKNOWN)[0] if day.phase else None,
            length_of_current_phase_days=day.phase_days,
            days_until_next_phase=day.days_to_next_phase,
            fertility_window_start=_text(day.fertile_from),
            fertility_window_end=_text(day.fertile_until),
            ovulation_day=_text(day.ovulates_on),
            last_updated_time=wire_time(day.noted_at) if day.noted_at else None,
            menstruation_flow=[
                MenstruationFlowSample(
                    timestamp=wire_time(flow.at),
                    flow=_FLOWS.get(flow.strength, MenstruationFlow.UNKNOWN),
                )
                for flow in day.flow
            ],
            intervals=[_interval(day, phase) for phase in day.phases],
        ),
    )
    return Record(DataType.MENSTRUATION, day.day.isoformat(), day.day, body.model_dump(mode="json"))


def _interval(day: CycleDay, phase: Phase) -> MenstruationIntervalSample:
    """Until the midnight that ends its last day, as a day's own `end_time` is."""
    return MenstruationIntervalSample(
        start_timestamp=wire_time(day.midnight(phase.first)),
        end_timestamp=wire_time(day.midnight(phase.last) + timedelta(days=1)),
        phase=_PHASES.get(phase.phase, _UNKNOWN)[1],
    )


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
