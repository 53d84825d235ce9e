"""The kinds of field that models are made of.

Where Terra's published schemas and its Python SDK differ, a field goes out in the type the SDK insists on: one value
it does not expect, and it hands its caller the whole answer as raw dictionaries, without an error.
"""

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    TypeAdapter,
)

_MOST = 2**53
"""Whole numbers up to here are the same number for every reader of JSON."""

_MOMENT = TypeAdapter(datetime)


class Group(BaseModel):
    """Every field may be null unless it is required; NaN and infinities are no values."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, defer_build=True)


def _whole(value: Any) -> Any:
    if not isinstance(value, float | str):
        return value
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("not a finite number")
    return round(number)


def _moment(value: str) -> str:
    _MOMENT.validate_python(value)
    return value


Whole = Annotated[int, BeforeValidator(_whole), Field(ge=-_MOST, le=_MOST)]
"""A number that goes out as an integer, rounded."""

WholeText = Annotated[Whole, PlainSerializer(str, return_type=str)]
"""A whole number that goes out as a string."""

FlagText = Annotated[bool, PlainSerializer(lambda flag: "true" if flag else "false", return_type=str)]
"""A truth value that goes out as a string."""

MomentText = Annotated[str, AfterValidator(_moment)]
"""A time that the SDK reads as one: ISO 8601, or it fails there."""

Position = tuple[float, float]
"""Latitude and longitude in degrees; half a position is none."""


def with_same_value(data: Any, *names: str) -> Any:
    """`data` with the first value found under `names` under each of them: one field that clients know by two names."""
    if not isinstance(data, Mapping):
        return data
    value = next((data[name] for name in names if data.get(name) is not None), None)
    return data if value is None else {**data, **dict.fromkeys(names, value)}
