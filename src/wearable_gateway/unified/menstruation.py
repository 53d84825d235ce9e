"""Where a person stands in her cycle, as a day's record."""

from enum import IntEnum, StrEnum

from wearable_gateway.unified.common import SpanMetadata
from wearable_gateway.unified.fields import FlagText, Group, Whole, WholeText


class MenstruationFlow(IntEnum):
    UNKNOWN = 0
    NONE = 1
    LIGHT = 2
    MEDIUM = 3
    HEAVY = 4
    HAD = 5


class MenstrualPhase(StrEnum):
    """The words of the SDK; Terra's newer schemas have numbers, which `intervals` uses."""

    UNKNOWN = "unknown"
    MENSTRUAL = "menstrual"
    FOLLICULAR = "follicular"
    FERTILE = "fertile"
    OVULATION = "ovulation"
    LUTEAL = "luteal"
    PMS = "pms"
    FIRST_TRIMESTER = "first_trimester"
    SECOND_TRIMESTER = "second_trimester"
    THIRD_TRIMESTER = "third_trimester"


class MenstruationInterval(IntEnum):
    UNKNOWN = 0
    PERIOD = 1
    FOLLICULAR = 2
    FERTILE_WINDOW = 3
    OVULATION = 4
    LUTEAL = 5
    PMS = 6
    FIRST_TRIMESTER = 7
    SECOND_TRIMESTER = 8
    THIRD_TRIMESTER = 9


class MenstruationFlowSample(Group):
    timestamp: str | None = None
    flow: MenstruationFlow | None = None


class MenstruationIntervalSample(Group):
    start_timestamp: str | None = None
    end_timestamp: str | None = None
    phase: MenstruationInterval | None = None


class MenstruationData(Group):
    period_start_date: str | None = None
    period_length_days: Whole | None = None
    day_in_cycle: Whole | None = None
    cycle_length_days: WholeText | None = None
    predicted_cycle_length_days: Whole | None = None
    is_predicted_cycle: FlagText | None = None
    current_phase: MenstrualPhase | None = None
    length_of_current_phase_days: Whole | None = None
    days_until_next_phase: Whole | None = None
    fertility_window_start: str | None = None
    fertility_window_end: str | None = None
    ovulation_day: str | None = None
    last_updated_time: str | None = None
    menstruation_flow: list[MenstruationFlowSample] | None = None
    intervals: list[MenstruationIntervalSample] | None = None


class Menstruation(Group):
    metadata: SpanMetadata
    menstruation_data: MenstruationData | None = None
