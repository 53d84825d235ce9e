"""What the vendor's summaries have in common: how they are read, their times, and their series by offset."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from wearable_gateway.kit.clock import wire_time
from wearable_gateway.unified.common import SpanMetadata, TimestampLocalization

SLUG = "GARMIN"
_LAST_SECOND = 4_102_444_800
"""The year 2100: anything later is a time in milliseconds."""

Seconds = Annotated[float, Field(gt=0, lt=_LAST_SECOND)]
"""Seconds since 1970 in UTC."""
Duration = Annotated[float, Field(ge=0, le=30 * 86_400)]
Offset = Annotated[float, Field(ge=-86_340, le=86_340)]
"""Seconds to add for the time on the watch, which its wearer may set to anything within a day of UTC."""
Series = dict[Annotated[int, Field(ge=0, le=3 * 86_400)], float]
"""A value for each number of seconds since a summary's start; what is missing was not measured."""
Positive = Annotated[float, Field(gt=0)]
NotNegative = Annotated[float, Field(ge=0)]
Count = Annotated[int, Field(ge=0)]
Percent = Annotated[float, Field(ge=0, le=100)]
LocalDay = Annotated[date, Field(gt=date.min, lt=date.max)]


class Document(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, allow_inf_nan=False, defer_build=True)


class Timed(Document):
    """What began at a moment. Without an offset its times are UTC."""

    started: Seconds = Field(alias="startTimeInSeconds")
    offset: Offset | None = Field(default=None, alias="startTimeOffsetInSeconds")

    def after(self, seconds: float) -> datetime:
        return local(self.started + seconds, self.offset)

    @property
    def localization(self) -> TimestampLocalization:
        return localization(self.offset)


class OfDay(Timed):
    """What the vendor shows under one local day."""

    shown_on: LocalDay | None = Field(default=None, alias="calendarDate")

    @property
    def day(self) -> date:
        return self.shown_on or self.after(0).date()

    @property
    def span(self) -> SpanMetadata:
        """The whole day, so that each summary of a day says the same of it however far it has come."""
        midnight = datetime.combine(self.day, time(), zone(self.offset))
        return SpanMetadata(
            start_time=wire_time(midnight),
            end_time=wire_time(midnight + timedelta(days=1)),
            timestamp_localization=self.localization,
        )


def zone(offset: float | None) -> tzinfo:
    """Of the watch, in whole minutes, the most that ISO 8601 can write; UTC when it is not known."""
    return UTC if offset is None else timezone(timedelta(minutes=round(offset / 60)))


def local(seconds: float, offset: float | None) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).astimezone(zone(offset))


def localization(offset: float | None) -> TimestampLocalization:
    return TimestampLocalization.UTC if offset is None else TimestampLocalization.LOCAL


def whole_day(day: date) -> SpanMetadata:
    """Of a day whose offset the vendor does not tell: local times without one."""
    midnight = datetime.combine(day, time())
    return SpanMetadata(
        start_time=wire_time(midnight),
        end_time=wire_time(midnight + timedelta(days=1)),
        timestamp_localization=TimestampLocalization.LOCAL,
    )


def measured(
    summary: Timed, series: Mapping[int, float] | None, least: float, most: float
) -> list[tuple[str, float]]:
    """The values of `series` from `least` to `most`, in order and each with its time.

    The vendor writes -1 to -5, and some devices 0, where nothing was measured.
    """
    return [
        (wire_time(summary.after(seconds)), value)
        for seconds, value in sorted((series or {}).items())
        if least <= value <= most
    ]


def mean(samples: list[tuple[str, float]]) -> float | None:
    return round(sum(value for _, value in samples) / len(samples), 2) if samples else None
