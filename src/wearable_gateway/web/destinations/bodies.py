"""What is said of a destination when it is made or changed.

What a value must be is only told here, and checked by `deliveries.destination_fields`.
"""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from wearable_gateway.deliveries.destination_fields import HIGHEST_RATE, LONGEST_DESCRIPTION, MOST_AT_ONCE
from wearable_gateway.deliveries.models import DestinationKind, RetrySchedule
from wearable_gateway.deliveries.secrets import LONGEST_OVERLAP, OVERLAP
from wearable_gateway.deliveries.urls import LONGEST as LONGEST_URL
from wearable_gateway.events.catalog import EventType
from wearable_gateway.web.parameters import text


def _whole(value: Any) -> Any:
    """To JSON 5.0 is 5; true and "5" are no numbers."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, bool | str):
        raise ValueError("a whole number")  # noqa: TRY004 - what Pydantic turns into a complaint
    return value


def _number(least: int, most: int) -> Any:
    return text({"type": "integer", "minimum": least, "maximum": most})


def _one_of(names: type[StrEnum]) -> Any:
    return text({"type": "string", "enum": [name.value for name in names]})


_WORDS = {
    "type": "string",
    "maxLength": LONGEST_DESCRIPTION,
    "pattern": r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*$",
}
_TYPES = {
    "type": "array",
    "minItems": 1,
    "items": {"type": "string", "enum": [kind.value for kind in EventType]},
}

_Url = Annotated[str, text({"type": "string", "maxLength": LONGEST_URL, "pattern": "^https?://[^ ]+$"})]
_Words = Annotated[str, text(_WORDS)]
_Types = Annotated[list[str], text(_TYPES)]
_Kind = Annotated[str, _one_of(DestinationKind)]
_Schedule = Annotated[str, _one_of(RetrySchedule)]
_Type = Annotated[str, _one_of(EventType)]
_Rate = Annotated[int, BeforeValidator(_whole), _number(1, HIGHEST_RATE)]
_AtOnce = Annotated[int, BeforeValidator(_whole), _number(1, MOST_AT_ONCE)]
_Seconds = Annotated[int, BeforeValidator(_whole), _number(0, int(LONGEST_OVERLAP.total_seconds()))]


class Fields(BaseModel):
    """What may be chosen; each is left out where nothing is to be said about it."""

    model_config = ConfigDict(extra="forbid")

    url: _Url | None = Field(default=None, description="Where events are sent; null for the kind `pull`.")
    description: _Words | None = Field(default=None, description="For people; null: none.")
    event_types: _Types | None = Field(default=None, description="null: every type.")
    retry_schedule: _Schedule = Field(
        default=RetrySchedule.STANDARD.value, description="By which pauses a delivery is tried again."
    )
    rate_limit: _Rate | None = Field(default=None, description="Deliveries a second; null: no limit.")
    concurrency: _AtOnce | None = Field(
        default=None, description="Deliveries under way at a time; null: the usual number."
    )

    def chosen(self) -> dict[str, Any]:
        return self.model_dump(exclude_unset=True, exclude={"kind"})


class NewDestination(Fields):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"kind": "pull", "event_types": ["daily", "sleep"], "description": "Nightly import"}]
        }
    )

    kind: _Kind = Field(
        default=DestinationKind.WEBHOOK.value,
        description="`webhook`: events are sent to `url`. `pull`: you fetch them.",
    )


def _tell_no_defaults(schema: dict[str, Any]) -> None:
    for field in schema["properties"].values():
        field.pop("default", None)
    schema["examples"] = [{"event_types": ["auth"], "rate_limit": 50}]


class DestinationChange(Fields):
    """What is not named stays as it is."""

    model_config = ConfigDict(json_schema_extra=_tell_no_defaults)


class Rotation(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"overlap_seconds": 3600}]})

    overlap_seconds: _Seconds = Field(
        default=int(OVERLAP.total_seconds()),
        description="How long the secrets before it go on signing as well; 0: they end at once.",
    )


class TestOrder(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"type": "daily"}]})

    type: _Type = Field(default=EventType.AUTH.value, description="The type of the made-up event.")
