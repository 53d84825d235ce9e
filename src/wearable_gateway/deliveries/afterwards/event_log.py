"""A developer's events, the newest first: of a type, about a user, of a time.

A few events among millions are looked for in windows of the primary key; a page ends after so many of them, and says how
far back that was.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from wearable_gateway.connections.repository import ConnectionRepository
from wearable_gateway.db.session import Session
from wearable_gateway.deliveries.afterwards import kept_events
from wearable_gateway.deliveries.afterwards.kept_events import Outline
from wearable_gateway.errors import InvalidInputError
from wearable_gateway.events.catalog import EventType
from wearable_gateway.kit.ids import moment_of

MOST = 200
_FIRST, _LAST = UUID(int=0), UUID(int=2**128 - 1)
_ROUNDS, _ROUND = 10, 2_000

# The last id of the window below $2: read from the primary key alone.
_END = """
SELECT id FROM events WHERE dev_id = $1 AND id < $2 AND id >= $3 ORDER BY id DESC OFFSET $4 LIMIT 1
"""
_FOUND = """
SELECT id, type, user_id, created_at FROM events
WHERE dev_id = $1 AND id < $2 AND id >= $3
  AND ($4::text IS NULL OR type = $4) AND ($5::uuid[] IS NULL OR user_id = ANY ($5))
ORDER BY id DESC LIMIT $6
"""


@dataclass(frozen=True, slots=True)
class EventFilters:
    """None: all of them. `user_ids` are those of connections; nobody's when it is empty."""

    type: str | None = None
    user_ids: Sequence[UUID] | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def picks(self) -> bool:
        """Whether there may be many between two that are found."""
        return self.type is not None or self.user_ids is not None


@dataclass(frozen=True, slots=True)
class EventPage:
    """`next` is the event to go on after; None when that was all.

    A page with a `next` may hold few, or none: `looked_back_to` says then how far it got.
    """

    events: Sequence[Outline]
    next: UUID | None
    looked_back_to: datetime | None


async def users_named(
    session: Session, dev_id: str, *, user_id: UUID | None = None, reference_id: str | None = None
) -> Sequence[UUID] | None:
    """Whom an event has to be about, for `EventFilters`; None when neither is given.

    A `reference_id` stands for the connections that have it now.
    """
    if reference_id is None:
        return None if user_id is None else [user_id]
    found = [one.id for one in await ConnectionRepository(session, dev_id).of_reference(reference_id)]
    return found if user_id is None else [one for one in found if one == user_id]


async def list_events(
    session: Session, dev_id: str, filters: EventFilters, *, after: UUID | None = None, limit: int = 100
) -> EventPage:
    """Raises InvalidInputError."""
    if not 1 <= limit <= MOST:
        raise InvalidInputError("limit", f"1 to {MOST}")
    if filters.type is not None and filters.type not in set(EventType):
        raise InvalidInputError("type", "one of " + ", ".join(EventType))
    if filters.user_ids is not None and not filters.user_ids:
        return EventPage([], None, None)
    since = _FIRST if filters.since is None else kept_events.from_moment(filters.since)
    until = _LAST if filters.until is None else kept_events.past_moment(filters.until)
    place: UUID | None = until if after is None else min(after, until)
    found: list[Outline] = []
    for _ in range(_ROUNDS):
        if place is None or len(found) > limit:
            break
        end = await _end_of_window(session, dev_id, filters, place, since)
        wanted = limit + 1 - len(found)
        found += await _read_window(session, dev_id, filters, place, end or since, limit=wanted)
        place = end
    shown = found[:limit]
    if len(found) > limit:
        return EventPage(shown, shown[-1].id, None)
    back_to = None if place is None or len(shown) == limit else moment_of(place)
    return EventPage(shown, place, back_to)


async def _end_of_window(
    session: Session, dev_id: str, filters: EventFilters, place: UUID, since: UUID
) -> UUID | None:
    """None when the window reaches to the last there is."""
    if not filters.picks:
        return None
    found: UUID | None = await session.fetchval(_END, dev_id, place, since, _ROUND - 1)
    return found


async def _read_window(
    session: Session, dev_id: str, filters: EventFilters, place: UUID, end: UUID, *, limit: int
) -> list[Outline]:
    user_ids = None if filters.user_ids is None else list(filters.user_ids)
    rows = await session.fetch(_FOUND, dev_id, place, end, filters.type, user_ids, limit)
    return [Outline(**row) for row in rows]
