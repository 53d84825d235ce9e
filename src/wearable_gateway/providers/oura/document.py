"""What the vendor's documents have in common: how they are read, and its series of measurements.

Field names and units are those of https://cloud.ouraring.com/v2/docs.
"""

import math
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from wearable_gateway.kit.clock import wire_time
from wearable_gateway.providers._base.times import within_calendars
from wearable_gateway.unified.common import DeviceData

SLUG = "OURA"
DEVICE = DeviceData(name="Oura Ring", manufacturer="Oura")
_LONGEST = timedelta(days=3)
"""No series of the vendor's covers more; what lies beyond is no time it means."""


def _number(value: Any) -> float | None:
    """A bad item must stay as a gap: were it dropped, all that follow would move ahead in time."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


Moment = Annotated[AwareDatetime, AfterValidator(within_calendars)]
"""A time with its offset, near enough that time can be added to it."""

Seconds = Annotated[float, Field(ge=0, le=_LONGEST.total_seconds())]
Score = Annotated[float, Field(ge=0, le=100)]
BeatsPerMinute = Annotated[float, Field(gt=0, le=400)]
Milliseconds = Annotated[float, Field(gt=0, le=10_000)]


class Document(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, allow_inf_nan=False, defer_build=True)


class Series(Document):
    """Values `interval` seconds apart from `timestamp` on; a gap is null."""

    interval: float = Field(gt=0, le=_LONGEST.total_seconds())
    items: tuple[Annotated[float | None, BeforeValidator(_number)], ...]
    timestamp: Moment

    def samples(self) -> Iterator[tuple[str, float]]:
        for place, value in enumerate(self.items):
            after = place * self.interval
            if after > _LONGEST.total_seconds():
                return
            if value is not None:
                yield wire_time(self.timestamp + timedelta(seconds=after)), value


def steps_of(text: str | None, start: datetime, seconds: int) -> Iterator[tuple[str, str]]:
    """The characters of a string that has one for every so many seconds, each with the time it begins at."""
    most = int(_LONGEST.total_seconds()) // seconds
    for place, character in enumerate((text or "")[:most]):
        yield wire_time(start + timedelta(seconds=place * seconds)), character
