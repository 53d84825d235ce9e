"""`/v3/users/self/events`: what people enter about insulin, food and pricked fingers."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from wearable_gateway.providers.dexcom.document import Reading

_MOST = 10_000


class EventType(StrEnum):
    """Those of the vendor's types that have a place in a unified record."""

    BLOOD_GLUCOSE = "bloodGlucose"
    CARBS = "carbs"
    INSULIN = "insulin"


class Event(Reading):
    """`value` is a number of `unit`; in notes and the like, which are not read, it is words."""

    record_id: str | None = Field(default=None, alias="recordId")
    type: str | None = Field(default=None, alias="eventType")
    subtype: str | None = Field(default=None, alias="eventSubType")
    value: Annotated[float, Field(ge=0, le=_MOST)] | None = None
    unit: str | None = None
    status: str | None = Field(default=None, alias="eventStatus")

    @property
    def is_deleted(self) -> bool:
        return self.status == "deleted"

    def amount(self, unit: str) -> float | None:
        """How much it is of `unit`, or None when it is counted in anything else."""
        return self.value if self.unit == unit else None


def of_type(events: Iterable[Event], kind: EventType) -> list[Event]:
    """Those of `kind` in order, deleted ones too: that something was taken back is worth knowing."""
    return sorted((event for event in events if event.type == kind), key=lambda event: event.order)
