"""What the vendor's documents have in common: how they are read, in which numbers, and on which clock.

Times come in UTC, with the offset of the person's clock beside them; durations in milliseconds; energy in kilojoules
(https://developer.whoop.com/api).
"""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Annotated, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from wearable_gateway.kit.clock import wire_time
from wearable_gateway.providers._base.times import within_calendars
from wearable_gateway.unified.common import TimestampLocalization

SLUG = "WHOOP"
_FARTHEST = timedelta(hours=14)
_KJ_PER_KCAL = 4.184
_WITHOUT_SCORE = frozenset({"PENDING_SCORE", "UNSCORABLE"})

Score = TypeVar("Score")


def _on_earth(offset: str) -> str:
    if abs(_zone(offset).utcoffset(None)) > _FARTHEST:
        raise ValueError("no clock on earth shows this")
    return offset


def _zone(offset: str) -> timezone:
    hours, minutes = ("0", "0") if offset == "Z" else (offset[1:3], offset[-2:])
    ahead = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-ahead if offset.startswith("-") else ahead)


Moment = Annotated[AwareDatetime, AfterValidator(within_calendars)]
Offset = Annotated[str, Field(pattern=r"^(Z|[+-][0-9]{2}:?[0-9]{2})$"), AfterValidator(_on_earth)]
Amount = Annotated[float, Field(ge=0, le=1e9)]
Percent = Annotated[float, Field(ge=0, le=100)]
HeartRate = Annotated[float, Field(gt=0, le=400)]
"""A strap that was not worn is said to have measured 0."""
Strain = Annotated[float, Field(ge=0, le=21)]


class Document(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, allow_inf_nan=False, defer_build=True)


class Timed(Document):
    """A document that says on which clock its times are to be read; without a readable one, on UTC."""

    timezone_offset: Offset | None = None

    @property
    def zone(self) -> timezone:
        return UTC if self.timezone_offset is None else _zone(self.timezone_offset)

    @property
    def localization(self) -> TimestampLocalization:
        return TimestampLocalization.UTC if self.timezone_offset is None else TimestampLocalization.LOCAL

    def local(self, moment: datetime) -> str:
        """`moment` on the person's clock, as it goes out."""
        return wire_time(moment.astimezone(self.zone))

    def local_day(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    def midnight(self, day: date) -> str:
        """When `day` began for the person, as it goes out."""
        return wire_time(datetime(day.year, day.month, day.day, tzinfo=self.zone))


def scored(state: str | None, score: Score | None) -> Score | None:
    """`score`, unless its state says that there is none yet or never will be."""
    return None if state in _WITHOUT_SCORE else score


def kcal(kilojoules: float | None) -> float | None:
    return None if kilojoules is None else kilojoules / _KJ_PER_KCAL


def seconds(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else milliseconds / 1000
