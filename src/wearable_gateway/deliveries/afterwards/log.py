"""What became of a developer's deliveries? The queue and the attempts as one list, newest event first."""

import base64
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from uuid import UUID

from wearable_gateway.db.session import Session
from wearable_gateway.deliveries import destinations
from wearable_gateway.deliveries.afterwards import history, kept_events
from wearable_gateway.deliveries.afterwards.history import TAKEN, LoggedAttempt
from wearable_gateway.deliveries.afterwards.kept_events import Outline
from wearable_gateway.deliveries.afterwards.log_sources import Queued, Source, read_source
from wearable_gateway.errors import InvalidInputError
from wearable_gateway.events.catalog import EventType

MOST = 200
_FIRST, _LAST = UUID(int=0), UUID(int=2**128 - 1)
# What is rare is looked for among many; a page ends after this much, with a place to go on from.
_ROUNDS, _ROUND_FOR_RARE = 20, 500


class LogState(StrEnum):
    """pending: it is going to be sent · delivered · exhausted: given up."""

    PENDING = "pending"
    DELIVERED = "delivered"
    EXHAUSTED = "exhausted"


@dataclass(frozen=True, slots=True)
class Filters:
    """None: all of them. `since` and `until` are about when the event was made.

    `failed`: only those whose last attempt failed; of those that are pending, the ones that are tried again.
    """

    destination_id: UUID | None = None
    state: LogState | None = None
    type: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    failed: bool = False


@dataclass(frozen=True, slots=True)
class LoggedDelivery:
    """`next_attempt_at` is None unless it is pending; it is not tried sooner."""

    event: Outline
    destination_id: UUID
    state: LogState
    attempts: int
    next_attempt_at: datetime | None
    last_attempt: LoggedAttempt | None


@dataclass(frozen=True, slots=True)
class Page:
    """`next` is where to go on; None when that was all. A page with a `next` may hold few, or none."""

    deliveries: Sequence[LoggedDelivery]
    next: str | None


Place = tuple[UUID, UUID]
"""Event and destination: what the list is sorted by."""


def write_cursor(place: Place) -> str:
    return base64.urlsafe_b64encode(place[0].bytes + place[1].bytes).decode().rstrip("=")


def read_cursor(text: str) -> Place:
    """Raises InvalidInputError."""
    try:
        read = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        return UUID(bytes=read[:16]), UUID(bytes=read[16:])
    except ValueError as error:
        raise InvalidInputError("after", "the `next` of the page before") from error


async def list_deliveries(
    session: Session, dev_id: str, filters: Filters, *, after: str | None = None, limit: int = 100
) -> Page:
    """Raises NotFoundError for a destination the developer has not, and InvalidInputError."""
    if not 1 <= limit <= MOST:
        raise InvalidInputError("limit", f"1 to {MOST}")
    if filters.type is not None and filters.type not in set(EventType):
        raise InvalidInputError("type", "one of " + ", ".join(EventType))
    place: Place | None = _start(filters) if after is None else read_cursor(after)
    destination_ids = await _destinations(session, dev_id, filters.destination_id)
    found: list[tuple[Outline, UUID, Queued | None]] = []
    for _ in range(_ROUNDS):
        if place is None or len(found) > limit:
            break
        keys, place = await _round(session, dev_id, destination_ids, filters, place, limit=limit)
        events = await kept_events.outlines(session, dev_id, {event_id for event_id, _ in keys})
        found += [
            (event, destination_id, queued)
            for (event_id, destination_id), queued in keys.items()
            if (event := events.get(event_id))
            and filters.type in {None, event.type}
            and not (filters.failed and queued is not None and queued.attempts == 0)
        ]
    shown = found[:limit]
    if len(found) > limit:
        place = shown[-1][0].id, shown[-1][1]
    deliveries = [
        one
        for one in await _with_attempts(session, dev_id, shown)
        if not filters.failed or (one.last_attempt and one.last_attempt.outcome not in TAKEN)
    ]
    return Page(deliveries, write_cursor(place) if place else None)


def _start(filters: Filters) -> Place:
    return (_LAST if filters.until is None else kept_events.past_moment(filters.until)), _FIRST


async def _destinations(session: Session, dev_id: str, destination_id: UUID | None) -> list[UUID]:
    if destination_id is not None:
        return [(await destinations.get(session, dev_id, destination_id)).id]
    return [one.id for one in await destinations.list_destinations(session, dev_id)]


async def _round(
    session: Session,
    dev_id: str,
    destination_ids: Sequence[UUID],
    filters: Filters,
    place: Place,
    *,
    limit: int,
) -> tuple[dict[Place, Queued | None], Place | None]:
    """What follows `place`, in order, as far as all destinations were read; and where that is, None at the end."""
    since = _FIRST if filters.since is None else kept_events.from_moment(filters.since)
    until = _LAST if filters.until is None else kept_events.past_moment(filters.until)
    size = _ROUND_FOR_RARE if filters.type or filters.failed else limit + 1
    sources: dict[UUID, Source] = {}
    for destination_id in destination_ids:
        # Of the event at `place` itself, the destinations that sort below it are still to come.
        below = min(_just_above(place[0]), until) if destination_id < place[1] else min(place[0], until)
        sources[destination_id] = await read_source(
            session, dev_id, destination_id, _states(filters.state), since=since, below=below, limit=size
        )  # fmt: skip
    ends = [(source.end, destination_id) for destination_id, source in sources.items() if source.end]
    end = max(ends, default=None)
    merged = {
        (event_id, destination_id): queued
        for destination_id, source in sources.items()
        for event_id, queued in source.found.items()
        if end is None or (event_id, destination_id) >= end
    }
    return {key: merged[key] for key in sorted(merged, reverse=True)}, end


def _just_above(event_id: UUID) -> UUID:
    return UUID(int=min(event_id.int + 1, _LAST.int))


_OF_QUEUE = {
    "due": LogState.PENDING,
    "waiting": LogState.PENDING,
    "exhausted": LogState.EXHAUSTED,
}


def _states(wanted: LogState | None) -> Collection[str]:
    """As the queue names them, and `delivered`."""
    if wanted is LogState.DELIVERED:
        return {"delivered"}
    return {name for name, state in _OF_QUEUE.items() if wanted in {None, state}} | (
        {"delivered"} if wanted is None else set()
    )


async def _with_attempts(
    session: Session, dev_id: str, shown: Sequence[tuple[Outline, UUID, Queued | None]]
) -> list[LoggedDelivery]:
    last: dict[Place, LoggedAttempt] = {}
    by_destination = sorted(shown, key=lambda row: row[1])
    for destination_id, rows in groupby(by_destination, key=lambda row: row[1]):
        tried = await history.last_attempts(session, dev_id, destination_id, {row[0].id for row in rows})
        last |= {(event_id, destination_id): attempt for event_id, attempt in tried.items()}
    return [logged(event, destination_id, queued, last) for event, destination_id, queued in shown]


def logged(
    event: Outline, destination_id: UUID, queued: Queued | None, last: Mapping[Place, LoggedAttempt]
) -> LoggedDelivery:
    """One line of the log. What is in no queue was delivered, unless its last attempts say otherwise."""
    attempt = last.get((event.id, destination_id))
    if queued is not None:
        state, attempts = _OF_QUEUE[queued.state], queued.attempts
    else:
        state, attempts = LogState.DELIVERED, attempt.number if attempt else 0
    next_at = queued.next_at if queued and state is LogState.PENDING else None
    return LoggedDelivery(event, destination_id, state, attempts, next_at, attempt)
