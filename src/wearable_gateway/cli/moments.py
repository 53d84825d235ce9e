"""Moments as people write them: ISO 8601, or how long ago."""

import re
from datetime import datetime, timedelta

from wearable_gateway.errors import InvalidInputError
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.web.ids import read_moment

HELP = "2026-11-20T08:15:00Z, or how long ago: 90m, 2h, 3d."

_AGO = re.compile(r"(\d{1,5})([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def read(text: str, parameter: str) -> datetime:
    """Raises InvalidInputError."""
    ago = _AGO.fullmatch(text)
    if ago:
        return utc_now() - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
    try:
        return read_moment(text, parameter)
    except InvalidInputError as error:
        raise InvalidInputError(parameter, HELP) from error


def read_maybe(text: str | None, parameter: str) -> datetime | None:
    """None for nothing. Raises InvalidInputError."""
    return read(text, parameter) if text else None
