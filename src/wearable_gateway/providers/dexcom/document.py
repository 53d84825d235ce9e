"""What Dexcom's records have in common: two times, of which only one is the person's."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from wearable_gateway.providers._base.times import within_calendars
from wearable_gateway.unified.common import DeviceData

SLUG = "DEXCOM"
_QUARTER = timedelta(minutes=15)
_WIDEST_OFFSET = timedelta(hours=14)
_TRANSMITTERS = {
    "g4": "Dexcom G4",
    "g5": "Dexcom G5",
    "g6": "Dexcom G6",
    "g6+": "Dexcom G6+",
    "g7": "Dexcom G7",
    "dexcomPro": "Dexcom Pro",
}


Moment = Annotated[datetime, AfterValidator(within_calendars)]
"""A time that may lack its offset: records of a phone have one, those of a receiver have none."""


class Document(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, allow_inf_nan=False, defer_build=True)


class Reading(Document):
    """One record of `records`.

    `displayTime` is what the device showed, `systemTime` the device's UTC. With a receiver neither has an offset, and
    their difference is it: https://developer.dexcom.com/docs/dexcomv3/endpoint-overview.
    """

    system_time: Moment | None = Field(default=None, alias="systemTime")
    display_time: Moment = Field(alias="displayTime")

    @property
    def moment(self) -> datetime:
        """The person's time with its offset; without one where none can be told."""
        if self.display_time.tzinfo is not None or self.system_time is None:
            return self.display_time
        offset = _QUARTER * round((self.display_time - _naive_utc(self.system_time)) / _QUARTER)
        if abs(offset) > _WIDEST_OFFSET:
            return self.display_time
        return self.display_time.replace(tzinfo=timezone(offset))

    @property
    def order(self) -> datetime:
        """Something that sorts, with an offset or without."""
        return _naive_utc(self.moment)


def _naive_utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo is None else moment.astimezone(UTC).replace(tzinfo=None)


def midnight(day: date, like: datetime) -> datetime:
    """The beginning of `day` at the offset of `like`."""
    return datetime.combine(day, time(), like.tzinfo)


def device(transmitter: str | None) -> DeviceData:
    return DeviceData(manufacturer="Dexcom", name=_TRANSMITTERS.get(transmitter or ""))
