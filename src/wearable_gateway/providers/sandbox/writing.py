"""What every record that goes to the vendor needs: a time it can be found by, and no empty fields."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from wearable_gateway.errors import ProviderRejectedError
from wearable_gateway.providers.sandbox.document import SLUG

UNPROCESSABLE = 422


def rejected(field: str, fault: str) -> ProviderRejectedError:
    return ProviderRejectedError(SLUG, f"{field} {fault}", UNPROCESSABLE)


def required_time(field: str, text: str | None) -> str:
    """A time without an offset stays one: the vendor takes it for the account's own clock."""
    if text is None:
        raise rejected(field, "is missing")
    moment = read_time(text)
    if moment is None:
        raise rejected(field, "is not a time")
    return moment.isoformat()


def time_or(text: str | None, instead: str) -> str:
    moment = read_time(text)
    return instead if moment is None else moment.isoformat()


def read_time(text: str | None) -> datetime | None:
    """None when it is no time."""
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None


def stated(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in (None, [], {})}
