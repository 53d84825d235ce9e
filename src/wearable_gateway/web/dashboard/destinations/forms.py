"""A form about a destination: what was typed stays as it is, whatever is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Depends, Form

from wearable_gateway.deliveries.destination_fields import check_fields
from wearable_gateway.deliveries.models import Destination, DestinationKind, RetrySchedule
from wearable_gateway.errors import InvalidInputError

_LONGEST_NUMBER = 9


@dataclass(frozen=True, slots=True)
class Typed:
    """`types` is `all` or `chosen`; `event_types` count only when it is `chosen`."""

    kind: str = DestinationKind.WEBHOOK.value
    url: str = ""
    description: str = ""
    types: str = "all"
    event_types: tuple[str, ...] = ()
    retry_schedule: str = RetrySchedule.STANDARD.value
    rate_limit: str = ""
    concurrency: str = ""

    @property
    def is_pulled(self) -> bool:
        return self.kind == DestinationKind.PULL


@dataclass(frozen=True, slots=True)
class Checked:
    """What is to be kept, and by field what has to be changed first."""

    fields: Mapping[str, Any] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)


def read_typed(
    kind: Annotated[str, Form()] = DestinationKind.WEBHOOK.value,
    url: Annotated[str, Form()] = "",
    description: Annotated[str, Form()] = "",
    types: Annotated[str, Form()] = "all",
    event_types: Annotated[list[str] | None, Form()] = None,
    retry_schedule: Annotated[str, Form()] = RetrySchedule.STANDARD.value,
    rate_limit: Annotated[str, Form()] = "",
    concurrency: Annotated[str, Form()] = "",
) -> Typed:
    return Typed(
        kind=kind,
        url=url.strip(),
        description=description.strip(),
        types=types,
        event_types=tuple(event_types or ()),
        retry_schedule=retry_schedule,
        rate_limit=rate_limit.strip(),
        concurrency=concurrency.strip(),
    )


TypedDestination = Annotated[Typed, Depends(read_typed)]


def as_typed(destination: Destination) -> Typed:
    """A form that shows what a destination is."""
    return Typed(
        kind=destination.kind.value,
        url=destination.url or "",
        description=destination.description or "",
        types="all" if destination.event_types is None else "chosen",
        event_types=destination.event_types or (),
        retry_schedule=destination.retry_schedule.value,
        rate_limit="" if destination.rate_limit is None else str(destination.rate_limit),
        concurrency="" if destination.concurrency is None else str(destination.concurrency),
    )


def check(typed: Typed) -> Checked:
    """All that can be said without asking anybody; whether a URL may be sent to is said by who keeps it."""
    wanted: dict[str, Any] = {
        "description": typed.description or None,
        "event_types": list(typed.event_types) if typed.types == "chosen" else None,
    }
    if not typed.is_pulled:
        wanted |= {
            "url": typed.url or None,
            "retry_schedule": typed.retry_schedule,
            "rate_limit": _number(typed.rate_limit),
            "concurrency": _number(typed.concurrency),
        }
    fields: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for name, value in wanted.items():
        try:
            fields |= check_fields({name: value})
        except InvalidInputError as error:
            # To a program no value is null, to people an empty field.
            problems[name] = error.expected.replace("null for", "empty for")
    if typed.types == "chosen" and not typed.event_types:
        problems["event_types"] = "at least one type, or all of them"
    if not typed.is_pulled and not typed.url:
        problems["url"] = "https:// and the rest of the address events are to be sent to"
    return Checked(fields, problems)


def _number(text: str) -> int | None:
    """-1, which is in no range, for what is none."""
    if not text:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER else -1
