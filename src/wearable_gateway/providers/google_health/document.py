"""What Google's documents have in common: how they are read, their times, their days and where they come from.

https://developers.google.com/health/reference/rest/v4/users.dataTypes.dataPoints: camel case, whole numbers as strings,
durations and offsets as seconds ("-25200s"), times in UTC with the person's offset beside them.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, timezone
from statistics import fmean
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
)
from pydantic.alias_generators import to_camel

from wearable_gateway.kit.clock import wire_time
from wearable_gateway.providers._base.times import FIRST_YEAR, LAST_YEAR, within_calendars
from wearable_gateway.unified.common import DeviceData, TimestampLocalization
from wearable_gateway.unified.fields import Group

SLUG = "GOOGLE_HEALTH"
_DURATION = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,9})?s")
_FURTHEST_SECONDS = 18 * 3600
"""No offset from UTC is further (https://github.com/protocolbuffers/protobuf, google.type.DateTime)."""
_MOST = 10**12

Known = TypeVar("Known", bound=Group)


class Document(BaseModel):
    model_config = ConfigDict(
        extra="ignore",
        frozen=True,
        allow_inf_nan=False,
        alias_generator=to_camel,
        populate_by_name=True,
        defer_build=True,
    )


def _seconds(value: Any) -> float:
    if not isinstance(value, str) or not _DURATION.fullmatch(value):
        raise ValueError("not a duration in seconds")
    return float(value[:-1])


class _CivilDate(Document):
    year: Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)]
    month: Annotated[int, Field(ge=1, le=12)]
    day: Annotated[int, Field(ge=1, le=31)]


def _civil(value: Any) -> date:
    parts = _CivilDate.model_validate(value)
    return date(parts.year, parts.month, parts.day)


def _zone(value: Any) -> timezone:
    seconds = _seconds(value)
    if abs(seconds) > _FURTHEST_SECONDS or seconds % 60:
        raise ValueError("not an offset from UTC")
    return timezone(timedelta(seconds=seconds))


Moment = Annotated[AwareDatetime, AfterValidator(within_calendars)]
"""A time, near enough that time can be added to it."""

Count = Annotated[int, Field(ge=0, le=_MOST)]
Amount = Annotated[float, Field(ge=0, le=_MOST)]
Gain = Annotated[float, Field(ge=-_MOST, le=_MOST)]
"""Of height; the vendor allows less than none."""

Seconds = Annotated[float, BeforeValidator(_seconds), Field(ge=0, le=_MOST)]
"""A length of time, written "2700s"."""

Zone = Annotated[timezone, PlainValidator(_zone)]
"""The person's offset from UTC at that moment, written "-28800s"."""


CivilDate = Annotated[date, PlainValidator(_civil)]
"""A day, written as an object of year, month and day; what is no whole day is none."""


class SampleTime(Document):
    """When something was measured; without an offset it stays in UTC."""

    physical_time: Moment
    utc_offset: Zone | None = None

    @property
    def local(self) -> datetime:
        return self.physical_time.astimezone(self.utc_offset or UTC)

    @property
    def wire(self) -> str:
        return wire_time(self.local)


class Interval(Document):
    start_time: Moment
    start_utc_offset: Zone | None = None
    end_time: Moment
    end_utc_offset: Zone | None = None

    @property
    def starts(self) -> datetime:
        return self.start_time.astimezone(self.start_utc_offset or UTC)

    @property
    def ends(self) -> datetime:
        return self.end_time.astimezone(self.end_utc_offset or UTC)

    @property
    def localization(self) -> TimestampLocalization:
        known = self.start_utc_offset is not None and self.end_utc_offset is not None
        return TimestampLocalization.LOCAL if known else TimestampLocalization.UTC


class CivilDay(Document):
    """What is known of one local day, gathered by day: the dates come without an offset, so none is written."""

    day: Annotated[date, Field(lt=date.max)]

    @property
    def starts(self) -> str:
        return _midnight(self.day)

    @property
    def ends(self) -> str:
        return _midnight(self.day + timedelta(days=1))


class Device(Document):
    display_name: str | None = None
    manufacturer: str | None = None


class DataSource(Document):
    recording_method: str | None = None
    device: Device | None = None


class Point(Document):
    """A data point that has a name: `users/…/dataTypes/…/dataPoints/{id}`."""

    name: Annotated[str, Field(pattern=r"[^/]$")]
    data_source: DataSource = DataSource()

    @property
    def id(self) -> str:
        return self.name.rpartition("/")[2]

    @property
    def device(self) -> DeviceData | None:
        device = self.data_source.device
        if device is None:
            return None
        return DeviceData(name=device.display_name, manufacturer=device.manufacturer)


def known(group: Known) -> Known | None:
    """`group`, or None when nothing in it is known."""
    return None if group == type(group)() else group


def scaled(value: float | None, factor: float) -> float | None:
    """Rounded, or 0.1 of something would be 0.30000000000000004 of it."""
    return None if value is None else round(value * factor, 6)


def mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(fmean(known), 4) if known else None


def _midnight(day: date) -> str:
    return wire_time(datetime(day.year, day.month, day.day))  # noqa: DTZ001 - a local day whose offset nobody told
