"""What the vendor's documents have in common: how they are read, and what their numbers and times may be."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Annotated, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from wearable_gateway.providers._base.times import within_calendars
from wearable_gateway.unified.fields import Group, Position

SLUG = "STRAVA"
LONGEST_SECONDS = 366 * 24 * 3600
_FARTHEST_OFFSET = 18 * 3600
_MINUTE = timedelta(minutes=1)
_POLE, _ANTIMERIDIAN = 90, 180
_MOST = 1_000_000_000
HIGHEST_BPM = 400


class Document(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, allow_inf_nan=False, defer_build=True)


Moment = Annotated[AwareDatetime, AfterValidator(within_calendars)]
Seconds = Annotated[float, Field(ge=0, le=LONGEST_SECONDS)]
OffsetSeconds = Annotated[float, Field(ge=-_FARTHEST_OFFSET, le=_FARTHEST_OFFSET, multiple_of=60)]
Amount = Annotated[float, Field(ge=0, le=_MOST)]
HeartRate = Annotated[float, Field(gt=0, le=HIGHEST_BPM)]
Place = Annotated[
    # An activity without a place, indoors or by hand, has an empty list for it.
    tuple[
        Annotated[float, Field(ge=-_POLE, le=_POLE)],
        Annotated[float, Field(ge=-_ANTIMERIDIAN, le=_ANTIMERIDIAN)],
    ]
    | None,
    BeforeValidator(lambda value: value or None),
]
Text = Annotated[str | None, BeforeValidator(lambda value: value or None)]
"""A text, for which the vendor writes an empty one when it has none."""

Stated = TypeVar("Stated", bound=Group)


def if_any(group: Stated) -> Stated | None:
    """`group`, or None when it states nothing."""
    return group if any(value is not None for value in vars(group).values()) else None


def position(value: object) -> Position | None:
    """A latitude and longitude out of a series, or None when it is no such thing."""
    match value:
        case [lat, lng]:
            north, east = number(lat), number(lng)
        case _:
            return None
    if north is None or east is None or abs(north) > _POLE or abs(east) > _ANTIMERIDIAN:
        return None
    return north, east


def number(value: object) -> float | None:
    """A number that can be right, out of a series, or None when it is no such thing."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) <= _MOST else None


def zone_between(utc: datetime, local: datetime) -> timezone | None:
    """The offset by which `local`, written as if it were UTC, is ahead of `utc`; None when it can be none."""
    ahead = local.replace(tzinfo=UTC) - utc.astimezone(UTC)
    if abs(ahead) > timedelta(seconds=_FARTHEST_OFFSET) or ahead % _MINUTE:
        return None
    return timezone(ahead)
