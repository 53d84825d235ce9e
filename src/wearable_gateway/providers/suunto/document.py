"""What Suunto's documents have in common: how they are read, and what a pulse can be."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from wearable_gateway.unified.common import DeviceData

SLUG = "SUUNTO"
_FIRST_YEAR, _LAST_YEAR = 1970, 2200


def _within_calendars(moment: datetime) -> datetime:
    if not _FIRST_YEAR <= moment.year < _LAST_YEAR:
        raise ValueError("not a time of a living person with a watch")
    return moment


Moment = Annotated[AwareDatetime, AfterValidator(_within_calendars)]
"""A time in the wearer's own offset, as every row of the 24/7 products has one."""


def _zero_is_nothing(value: Any) -> Any:
    return None if value == 0 else value


Bpm = Annotated[Annotated[float, Field(ge=20, le=300)] | None, BeforeValidator(_zero_is_nothing)]
"""Of a heart. 0 is written for no sensor, and Suunto's other interfaces count in hertz."""

Rate = Annotated[Annotated[float, Field(gt=0)] | None, BeforeValidator(_zero_is_nothing)]
"""Of something that is 0 only where nothing measured it."""

Share = Annotated[float, Field(ge=0, le=1)]
Seconds = Annotated[float, Field(ge=0, le=30 * 24 * 3600)]


class Document(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, allow_inf_nan=False, defer_build=True)


class Gear(Document):
    """The watch; absent from a workout that has only just come in."""

    manufacturer: str | None = None
    name: str | None = None
    serial: str | None = Field(default=None, alias="serialNumber")
    software: str | None = Field(default=None, alias="swVersion")
    hardware: str | None = Field(default=None, alias="hwVersion")


def device(gear: Gear | None) -> DeviceData | None:
    if gear is None:
        return None
    return DeviceData(
        manufacturer=gear.manufacturer,
        name=gear.name,
        serial_number=gear.serial,
        software_version=gear.software,
        hardware_version=gear.hardware,
    )


def percent(share: float | None) -> float | None:
    return None if share is None else round(share * 100, 4)
