"""What the vendor's documents have in common: moments in epoch seconds, the zone to read them in, maps by epoch."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from wearable_gateway.kit.clock import wire_time
from wearable_gateway.unified.common import TimestampLocalization

SLUG = "WITHINGS"
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_MOST = 10**12


def _moment(value: Any) -> Any:
    """Pydantic itself would take a large number for milliseconds."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError("not a moment")  # noqa: TRY004 - Pydantic turns only this one into a fault of the field
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=_seconds(value))
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise ValueError("not a time of a living person")
    return moment


def _seconds(value: float | str) -> float:
    seconds = float(value)
    if not abs(seconds) < _LAST_YEAR * 366 * 24 * 3600:
        raise ValueError("not a time of a living person")
    return seconds


def _name(value: Any) -> Any:
    """The vendor writes ids as numbers."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _map(value: Any) -> Any:
    """The vendor writes an empty map as an empty list."""
    return {} if value == [] else value


Moment = Annotated[datetime, BeforeValidator(_moment)]
Id = Annotated[str, BeforeValidator(_name)]
AsMap = BeforeValidator(_map)
Day = Annotated[date, Field(ge=date(_FIRST_YEAR, 1, 1), lt=date(_LAST_YEAR, 1, 1))]
Amount = Annotated[float, Field(ge=0, le=_MOST)]
Count = Annotated[int, Field(ge=0, le=_MOST)]
Values = Annotated[dict[Moment, Amount], AsMap]


class Document(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, allow_inf_nan=False, defer_build=True)


class Zoned(Document):
    """A document whose moments are read in a zone; without one they stay in UTC."""

    timezone: ZoneInfo | None = None

    @property
    def localization(self) -> TimestampLocalization:
        return TimestampLocalization.LOCAL if self.timezone else TimestampLocalization.UTC

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.timezone or UTC)

    def at(self, moment: datetime) -> str:
        return wire_time(self.local(moment))

    def midnight(self, day: date) -> datetime:
        """The beginning of `day`, which is a day of 23 or 25 hours when clocks change."""
        return datetime.combine(day, time.min, self.timezone or UTC)


def some(value: float | None) -> float | None:
    """None for what is zero or less: the vendor writes 0 for what no device measured."""
    return value if value is not None and value > 0 else None


def percentage(value: float | None) -> float | None:
    """None for what is no percentage of oxygen in the blood of a living person."""
    return value if value is not None and _LEAST_OXYGEN <= value <= _MOST_OXYGEN else None


_LEAST_OXYGEN, _MOST_OXYGEN = 50, 100


def by_time(values: Mapping[datetime, float]) -> list[tuple[datetime, float]]:
    return sorted(values.items())
