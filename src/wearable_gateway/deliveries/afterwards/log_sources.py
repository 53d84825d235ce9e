"""The deliveries of one destination, below an event: rows of the queue, and what was delivered and left it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from wearable_gateway.db.session import Session
from wearable_gateway.deliveries.afterwards.history import TAKEN, made_after

_QUEUED = """
SELECT event_id, state, attempts, next_at FROM deliveries
WHERE dev_id = $1 AND destination_id = $2 AND event_id < $3 AND event_id >= $4 AND state = ANY ($5)
ORDER BY event_id DESC LIMIT $6
"""
_QUEUED_OF = """
SELECT event_id, state, attempts, next_at FROM deliveries
WHERE dev_id = $1 AND destination_id = $2 AND event_id = ANY ($3)
"""
_TAKEN = """
SELECT DISTINCT event_id FROM attempts
WHERE dev_id = $1 AND destination_id = $2 AND event_id < $3 AND event_id >= $4 AND id >= $5 AND outcome = ANY ($6)
ORDER BY event_id DESC LIMIT $7
"""


@dataclass(frozen=True, slots=True)
class Queued:
    """A row of the queue."""

    state: str
    attempts: int
    next_at: datetime


@dataclass(frozen=True, slots=True)
class Source:
    """By event its row in the queue, None when it was delivered; complete down to `end`, None: to the last."""

    found: dict[UUID, Queued | None]
    end: UUID | None


async def read_source(
    session: Session,
    dev_id: str,
    destination_id: UUID,
    states: Collection[str],
    *,
    since: UUID,
    below: UUID,
    limit: int,
) -> Source:
    """About `limit` deliveries of events from `since` to just below `below`, the newest of them."""
    in_queue = [state for state in states if state != "delivered"]
    queued: dict[UUID, Queued] = {}
    taken: list[UUID] = []
    if in_queue:
        rows = await session.fetch(_QUEUED, dev_id, destination_id, below, since, in_queue, limit)
        queued = {row["event_id"]: Queued(row["state"], row["attempts"], row["next_at"]) for row in rows}
    if "delivered" in states:
        rows = await session.fetch(
            _TAKEN, dev_id, destination_id, below, since, made_after([since]), list(TAKEN), limit
        )
        taken = [row["event_id"] for row in rows]
    ends = [min(ids) for ids in (queued, taken) if len(ids) == limit]
    end = max(ends, default=None)
    # What was sent again after it had been delivered is in both, and in the queue it is as it is now.
    again = {} if in_queue else await queued_rows(session, dev_id, destination_id, taken)
    found = {**dict.fromkeys(taken), **queued}
    kept = {
        event_id: row
        for event_id, row in found.items()
        if event_id not in again and (end is None or event_id >= end)
    }
    return Source(kept, end)


async def queued_rows(
    session: Session, dev_id: str, destination_id: UUID, event_ids: Collection[UUID]
) -> dict[UUID, Queued]:
    """Those of `event_ids` that are in the queue of a destination, by event."""
    if not event_ids:
        return {}
    rows = await session.fetch(_QUEUED_OF, dev_id, destination_id, list(event_ids))
    return {row["event_id"]: Queued(row["state"], row["attempts"], row["next_at"]) for row in rows}
