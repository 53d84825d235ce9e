"""What may a developer choose of a destination? Each value is checked here, whoever it comes from."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from wearable_gateway.deliveries.models import DestinationKind, RetrySchedule
from wearable_gateway.errors import InvalidInputError
from wearable_gateway.events.catalog import EventType

LONGEST_DESCRIPTION = 200
HIGHEST_RATE = 10_000
MOST_AT_ONCE = 100
NAMES = ("url", "description", "event_types", "retry_schedule", "rate_limit", "concurrency")


def read_kind(kind: str, url: str | None) -> DestinationKind:
    """The kind of a new destination. Raises InvalidInputError when it and `url` do not belong together."""
    if kind not in set(DestinationKind):
        raise InvalidInputError("kind", "webhook or pull")
    if kind == DestinationKind.WEBHOOK and url is None:
        raise InvalidInputError("url", "https:// and the rest of it; without one the kind has to be pull")
    if kind == DestinationKind.PULL and url is not None:
        raise InvalidInputError("url", "none for the kind pull, from which events are fetched")
    return DestinationKind(kind)


def check_fields(chosen: Mapping[str, Any]) -> dict[str, Any]:
    """`chosen` as it is kept. Whether a URL may be sent to is for `urls.check_url`. Raises InvalidInputError."""
    for name in chosen:
        if name not in NAMES:
            raise InvalidInputError(f"field {name[:50]!r}", f"one of {', '.join(NAMES)}")
    return {name: _check(name, value) for name, value in chosen.items()}


def _check(name: str, value: Any) -> Any:
    match name:
        case "description":
            return _check_description(value)
        case "event_types":
            return None if value is None else check_event_types(value)
        case "retry_schedule":
            return _check_schedule(value)
        case "rate_limit":
            return _check_number(name, value, HIGHEST_RATE, "deliveries a second; null for no limit")
        case "concurrency":
            return _check_number(name, value, MOST_AT_ONCE, "deliveries at a time; null for the usual number")
        case _:
            return value


def _check_description(text: str | None) -> str | None:
    """Empty means none."""
    if not text:
        return None
    if len(text) > LONGEST_DESCRIPTION or any(
        unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} for character in text
    ):
        raise InvalidInputError(
            "description", f"at most {LONGEST_DESCRIPTION} characters on one line, without control characters"
        )
    return text


def check_event_types(event_types: list[str] | tuple[str, ...]) -> tuple[str, ...]:
    """Each once, in the order given. Raises InvalidInputError."""
    known = [kind.value for kind in EventType]
    if not event_types or not set(event_types) <= set(known):
        raise InvalidInputError("event_types", "null for every type, or one or more of " + ", ".join(known))
    return tuple(dict.fromkeys(event_types))


def _check_schedule(name: str) -> RetrySchedule:
    if name not in set(RetrySchedule):
        raise InvalidInputError("retry_schedule", " or ".join(RetrySchedule))
    return RetrySchedule(name)


def _check_number(name: str, value: int | None, most: int, unit: str) -> int | None:
    if value is not None and not 1 <= value <= most:
        raise InvalidInputError(name, f"1 to {most} {unit}")
    return value
