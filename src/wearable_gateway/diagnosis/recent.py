"""A user's newest events and what became of them; and how many others share the account."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from wearable_gateway.connections.models import Connection, ConnectionState
from wearable_gateway.connections.repository import ConnectionsAcrossDevelopers
from wearable_gateway.db.session import Session
from wearable_gateway.deliveries import destinations
from wearable_gateway.deliveries.afterwards.history import TAKEN, made_after

_EVENTS = """
SELECT id, type, created_at FROM events WHERE dev_id = $1 AND user_id = $2 ORDER BY id DESC LIMIT $3
"""
_TAKEN = """
SELECT event_id, count(DISTINCT destination_id) AS destinations FROM attempts
WHERE dev_id = $1 AND destination_id = ANY ($2) AND event_id = ANY ($3) AND id >= $4 AND outcome = ANY ($5)
GROUP BY event_id
"""
_QUEUED = """
SELECT event_id, bool_or(state <> 'exhausted') AS under_way, bool_or(state = 'exhausted') AS given_up FROM deliveries
WHERE dev_id = $1 AND destination_id = ANY ($2) AND event_id = ANY ($3) GROUP BY event_id
"""


@dataclass(frozen=True, slots=True)
class RecentEvent:
    """`taken` counts the destinations that took it; it may be under way to others, or given up at some."""

    id: UUID
    type: str
    at: datetime
    taken: int
    is_under_way: bool
    is_given_up: bool


async def events(session: Session, dev_id: str, user_id: UUID, *, limit: int) -> list[RecentEvent]:
    """The newest first; what became of them at the destinations there are."""
    rows = await session.fetch(_EVENTS, dev_id, user_id, limit)
    if not rows:
        return []
    ids: Sequence[UUID] = [row["id"] for row in rows]
    places = [one.id for one in await destinations.list_destinations(session, dev_id)]
    taken = {
        row["event_id"]: row["destinations"]
        for row in await session.fetch(_TAKEN, dev_id, places, ids, made_after(ids), list(TAKEN))
    }
    queued = {row["event_id"]: row for row in await session.fetch(_QUEUED, dev_id, places, ids)}
    return [
        RecentEvent(
            row["id"], row["type"], row["created_at"], taken.get(row["id"], 0),
            is_under_way=bool(row["id"] in queued and queued[row["id"]]["under_way"]),
            is_given_up=bool(row["id"] in queued and queued[row["id"]]["given_up"]),
        )
        for row in rows
    ]  # fmt: skip


async def others_linked(session: Session, connection: Connection) -> int:
    """How many connections, of whichever developer, share the grant with this one. Not for developers' eyes."""
    linked = await ConnectionsAcrossDevelopers(session).count_linked(connection.grant_id)
    return max(linked - (connection.state is not ConnectionState.REVOKED), 0)
