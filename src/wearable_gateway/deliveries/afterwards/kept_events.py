"""Events that are still kept: by their ids, and those of a time."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from wearable_gateway.db.session import Session
from wearable_gateway.errors import NotFoundError
from wearable_gateway.events.models import StoredEvent
from wearable_gateway.kit.ids import first_uuid7

KEPT_FOR = timedelta(days=30)
"""How long an event can be looked up and sent again."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_MOMENT = datetime(9999, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)

_BODIES = """
SELECT dev_id, id, type, user_id, reference, body, chunk, created_at FROM events
WHERE dev_id = $1 AND id = ANY ($2) AND id >= $3 AND id <= $4
"""
_OUTLINES = """
SELECT id, type, user_id, created_at FROM events
WHERE dev_id = $1 AND id = ANY ($2) AND id >= $3 AND id <= $4
"""
# The length of a body is known without reading the body.
_SIZES = """
SELECT id, octet_length(body) AS size FROM events
WHERE dev_id = $1 AND id = ANY ($2) AND id >= $3 AND id <= $4
"""


@dataclass(frozen=True, slots=True)
class Outline:
    """An event without its payload."""

    id: UUID
    type: str
    user_id: UUID | None
    created_at: datetime


def from_moment(moment: datetime) -> UUID:
    """The lowest id of events made at `moment` or later."""
    return first_uuid7(min(max(moment, _EPOCH), _LAST_MOMENT))


def past_moment(moment: datetime) -> UUID:
    """Above the ids of events made at `moment` or before."""
    return first_uuid7(min(max(moment, _EPOCH), _LAST_MOMENT) + _MILLISECOND)


async def find(session: Session, dev_id: str, event_id: UUID) -> StoredEvent | None:
    """With its payload; None when there is none, or none any more."""
    found = await bodies(session, dev_id, [event_id])
    return found.get(event_id)


async def get(session: Session, dev_id: str, event_id: UUID) -> StoredEvent:
    """Raises NotFoundError."""
    found = await find(session, dev_id, event_id)
    if found is None:
        raise NotFoundError("event", "it never was, or is no longer kept")
    return found


async def bodies(session: Session, dev_id: str, ids: Collection[UUID]) -> dict[UUID, StoredEvent]:
    if not ids:
        return {}
    rows = await session.fetch(_BODIES, dev_id, list(ids), min(ids), max(ids))
    return {row["id"]: StoredEvent(**row) for row in rows}


async def outlines(session: Session, dev_id: str, ids: Collection[UUID]) -> dict[UUID, Outline]:
    if not ids:
        return {}
    rows = await session.fetch(_OUTLINES, dev_id, list(ids), min(ids), max(ids))
    return {row["id"]: Outline(**row) for row in rows}


async def sizes(session: Session, dev_id: str, ids: Collection[UUID]) -> dict[UUID, int]:
    """The bytes of each payload."""
    if not ids:
        return {}
    rows = await session.fetch(_SIZES, dev_id, list(ids), min(ids), max(ids))
    return {row["id"]: row["size"] for row in rows}


async def after(
    session: Session, dev_id: str, reached: UUID, below: UUID, *, limit: int
) -> Sequence[tuple[UUID, str, UUID | None]]:
    """The next events after `reached`, in order: id, type, and the destination it was made for, if for one alone."""
    rows = await session.fetch(
        "SELECT id, type, only_for FROM events WHERE dev_id = $1 AND id > $2 AND id < $3 ORDER BY id LIMIT $4",
        dev_id, reached, below, limit,
    )  # fmt: skip
    return [(row["id"], row["type"], row["only_for"]) for row in rows]
