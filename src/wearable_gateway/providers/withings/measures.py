"""`getmeas` and heart's `list`: the measures of one local day, and the electrocardiograms taken in it."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from pydantic import Field

from wearable_gateway.providers.withings.document import Amount, Day, Document, Moment, Zoned
from wearable_gateway.providers.withings.workouts import AMBIGUOUS

WEIGHT_KG, HEIGHT_M, FAT_FREE_KG, FAT_PERCENT = 1, 4, 5, 6
DIASTOLIC_MMHG, SYSTOLIC_MMHG, PULSE_BPM = 9, 10, 11
TEMPERATURE_C, BODY_TEMPERATURE_C, SKIN_TEMPERATURE_C = 12, 71, 73
OXYGEN_PERCENT, MUSCLE_KG, WATER_KG, BONE_KG = 54, 76, 77, 88
PULSE_WAVE_M_PER_S, VO2MAX, AFIB, VISCERAL_FAT, BASAL_KCAL = 91, 123, 130, 170, 226
READ = (
    WEIGHT_KG,
    HEIGHT_M,
    FAT_FREE_KG,
    FAT_PERCENT,
    DIASTOLIC_MMHG,
    SYSTOLIC_MMHG,
    PULSE_BPM,
    TEMPERATURE_C,
    OXYGEN_PERCENT,
    BODY_TEMPERATURE_C,
    SKIN_TEMPERATURE_C,
    MUSCLE_KG,
    WATER_KG,
    BONE_KG,
    PULSE_WAVE_M_PER_S,
    VO2MAX,
    AFIB,
    VISCERAL_FAT,
    BASAL_KCAL,
)
"""The measure types that are asked for."""

_MAY_BE_ZERO = frozenset({AFIB, VISCERAL_FAT})
_REAL = 1
_MOST_DIGITS, _LARGEST = 12, 10**12


class Measure(Document):
    """`value` times ten to the power of `unit`, in the unit of its type."""

    type: int
    value: int = Field(ge=-_LARGEST, le=_LARGEST)
    unit: int = Field(ge=-_MOST_DIGITS, le=_MOST_DIGITS)

    @property
    def real(self) -> Decimal:
        return Decimal(self.value).scaleb(self.unit)


class Group(Document):
    """What was measured at one moment; category 2 holds aims, not measures."""

    taken_at: Moment = Field(alias="date")
    attrib: int | None = None
    category: int | None = None
    model: str | None = None
    measures: tuple[Measure, ...] = ()

    def value(self, kind: int) -> Decimal | None:
        """The first of its type: a scale writes some types twice."""
        found = next((measure.real for measure in self.measures if measure.type == kind), None)
        impossible = found is not None and found <= 0 and (kind not in _MAY_BE_ZERO or found < 0)
        return None if impossible else found


class Ecg(Document):
    afib: int | None = None


class HeartRow(Document):
    taken_at: Moment = Field(alias="timestamp")
    heart_rate: Amount | None = None
    ecg: Ecg | None = None


class MeasuredDay(Zoned):
    day: Day = Field(alias="date")
    measuregrps: tuple[Group, ...] = ()
    heart: tuple[HeartRow, ...] = ()

    @property
    def groups(self) -> list[Group]:
        """In the order they were taken, without those that may be somebody else's."""
        return sorted(
            (
                group
                for group in self.measuregrps
                if group.attrib != AMBIGUOUS and group.category in {None, _REAL}
            ),
            key=lambda group: group.taken_at,
        )

    @property
    def ecgs(self) -> list[HeartRow]:
        return sorted((row for row in self.heart if row.ecg), key=lambda row: row.taken_at)

    def values(self, *kinds: int) -> Iterator[tuple[datetime, Decimal]]:
        for group in self.groups:
            for kind in kinds:
                if (value := group.value(kind)) is not None:
                    yield group.taken_at, value
