"""What the vendor's documents have in common: how they are read, and the day that many of them are about."""

from datetime import date, datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from wearable_gateway.kit.clock import wire_time
from wearable_gateway.providers._base.times import within_calendars
from wearable_gateway.unified.common import DeviceData, SpanMetadata, TimestampLocalization

SLUG = "SANDBOX"
DEVICE = DeviceData(name="Sandbox Band", manufacturer="Sandbox Wearables")


def _offset(text: str) -> str:
    datetime.fromisoformat(f"2000-01-01T00:00:00{text}")
    return text


Moment = Annotated[AwareDatetime, AfterValidator(within_calendars)]
"""A time with its offset, near enough that time can be added to it."""


class Document(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, allow_inf_nan=False, defer_build=True)


class Day(Document):
    """A document about one local day."""

    day: date = Field(alias="date", lt=date.max)
    utc_offset: Annotated[str, Field(pattern=r"^[+-][0-9]{2}:[0-9]{2}$"), AfterValidator(_offset)]

    def midnight(self, day: date) -> datetime:
        return datetime.fromisoformat(f"{day.isoformat()}T00:00:00{self.utc_offset}")

    @property
    def starts(self) -> str:
        return wire_time(self.midnight(self.day))

    @property
    def ends(self) -> str:
        return wire_time(self.midnight(self.day) + timedelta(days=1))

    @property
    def span(self) -> SpanMetadata:
        return SpanMetadata(
            start_time=self.starts, end_time=self.ends, timestamp_localization=TimestampLocalization.LOCAL
        )


class HeartRate(Document):
    at: Moment
    bpm: float
