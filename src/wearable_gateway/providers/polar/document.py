"""What the vendor's documents have in common: how their names, times, lengths and numbers are read."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, timezone
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from wearable_gateway.kit.clock import wire_time
from wearable_gateway.unified.common import SpanMetadata, TimestampLocalization

SLUG = "POLAR"
MAKER = "Polar"
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_DEEPEST = 8
"""No document of the vendor's has a name deeper inside."""


def with_one_spelling(document: Any, depth: int = 0) -> Any:
    """`document` with every name in snake case.

    The vendor spells `heart_rate` one way and `in-zone` the other within one document, and older answers spell all of
    it with hyphens (https://www.polar.com/accesslink-api/#schemas).
    """
    if depth == _DEEPEST:
        return document
    if isinstance(document, Mapping):
        return {
            str(name).replace("-", "_"): with_one_spelling(value, depth + 1)
            for name, value in document.items()
        }
    if isinstance(document, list):
        return [with_one_spelling(item, depth + 1) for item in document]
    return document


def _text(value: Any) -> str:
    # Pydantic takes a bare number for seconds since 1970, or for a length.
    if not isinstance(value, str):
        raise ValueError("not a text")  # noqa: TRY004 - Pydantic collects ValueErrors
    return value


def _moment(value: Any) -> datetime:
    return datetime.fromisoformat(_text(value))


def _day(value: Any) -> date:
    return date.fromisoformat(_text(value))


def _clock(value: Any) -> time:
    return time.fromisoformat(_text(value)).replace(tzinfo=None)


def _within_calendars(value: date) -> date:
    if not _FIRST_YEAR <= value.year <= _LAST_YEAR:
        raise ValueError("not in the life of a living person")
    return value


Moment = Annotated[datetime, BeforeValidator(_moment), AfterValidator(_within_calendars)]
"""A time, with an offset where the vendor wrote one."""

Day = Annotated[date, BeforeValidator(_day), AfterValidator(_within_calendars)]

Clock = Annotated[time, BeforeValidator(_clock)]
"""What the clock of the device said."""

Length = Annotated[timedelta, BeforeValidator(_text), Field(ge=timedelta(), le=timedelta(days=31))]
"""ISO 8601, as in `PT2H44M45S`."""

Minutes = Annotated[int, Field(ge=-18 * 60, le=18 * 60)]
"""The offset of local time from UTC."""

Bpm = Annotated[float, Field(gt=0, lt=400)]
Amount = Annotated[float, Field(ge=0)]
Percent = Annotated[float, Field(ge=0, le=100)]


class Document(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, allow_inf_nan=False, defer_build=True)


def local_time(epoch_seconds: int, offset: int | None) -> datetime:
    """A moment in the time of the user, or in UTC where the vendor does not say where they were."""
    return datetime.fromtimestamp(epoch_seconds, timezone(timedelta(minutes=offset or 0)))


def elapsed(start: datetime, end: datetime) -> timedelta | None:
    """From `start` to `end`; None when that cannot be known, or is not forward."""
    if (start.tzinfo is None) != (end.tzinfo is None) or end < start:
        return None
    return end - start


def seconds(length: timedelta | None) -> float | None:
    return None if length is None else length.total_seconds()


def whole_day(day: date, zone: timezone | None, localization: TimestampLocalization) -> SpanMetadata:
    """`day` from midnight to midnight; without a `zone` it is written as the user's own time, without an offset."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    return SpanMetadata(
        start_time=wire_time(midnight),
        end_time=wire_time(midnight + timedelta(days=1)),
        timestamp_localization=localization,
    )
