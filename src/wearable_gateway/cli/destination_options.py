"""What commands about destinations share: their options, and how they read and show a destination."""

from typing import Annotated, Any

import typer

from wearable_gateway.cli.context import ACTOR
from wearable_gateway.db.session import Database
from wearable_gateway.deliveries.destination_changes import Change
from wearable_gateway.deliveries.models import Destination
from wearable_gateway.errors import InvalidInputError
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.web.answers.destinations import destination_fields

Description = Annotated[str | None, typer.Option(help="For people; empty: none.", show_default=False)]
Schedule = Annotated[
    str | None, typer.Option(help="standard or terra: the pauses between attempts.", show_default=False)
]
Rate = Annotated[
    str | None, typer.Option(help="Deliveries a second, 1 to 10000; none: no limit.", show_default=False)
]
AtOnce = Annotated[
    str | None,
    typer.Option(help="Deliveries at a time, 1 to 100; none: the usual number.", show_default=False),
]

_NONE = "none"


def change_of(db: Database, dev_id: str) -> Change:
    return Change(db, dev_id, ACTOR, utc_now())


def chosen_fields(
    description: str | None, retry_schedule: str | None, rate_limit: str | None, concurrency: str | None
) -> dict[str, Any]:
    """Those that were given. Raises InvalidInputError."""
    found: dict[str, Any] = {}
    if description is not None:
        found["description"] = description
    if retry_schedule is not None:
        found["retry_schedule"] = retry_schedule
    for name, given in (("rate_limit", rate_limit), ("concurrency", concurrency)):
        if given is not None:
            found[name] = _number(name, given)
    return found


def _number(name: str, text: str) -> int | None:
    if text == _NONE:
        return None
    try:
        return int(text)
    except ValueError as error:
        raise InvalidInputError(name, f"a whole number or {_NONE}") from error


def read_event_types(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def event_words(event_types: tuple[str, ...] | None) -> str:
    return ",".join(event_types) if event_types else "all"


def row_of(destination: Destination) -> dict[str, Any]:
    """As the API shows it, with the developer, and its types in one word."""
    fields = destination_fields(destination)
    fields["event_types"] = event_words(destination.event_types)
    named = {"events" if name == "event_types" else name: value for name, value in fields.items()}
    return {"dev_id": destination.dev_id, **named}
