"""What of the queue is forgotten: what was given up as long ago as its event, and what waits for nobody."""

from collections.abc import Sequence
from datetime import datetime

from wearable_gateway.db.session import Row, Session
from wearable_gateway.kit.ids import first_uuid7

_AT_ONCE = 1000

_GIVEN_UP = """
SELECT dev_id, destination_id, event_id FROM deliveries WHERE state = 'exhausted' AND event_id < $1 LIMIT $2
"""
# Destinations are deleted at once, and what waits for them afterwards: it may be a million rows.
_FOR_NOBODY = """
SELECT d.dev_id, d.destination_id, d.event_id FROM deliveries d
LEFT JOIN destinations o ON o.dev_id = d.dev_id AND o.id = d.destination_id
WHERE d.state = 'waiting' AND o.id IS NULL LIMIT $1
"""
_DELETE = """
DELETE FROM deliveries d USING unnest($1::text[], $2::uuid[], $3::uuid[]) AS u (dev_id, destination_id, event_id)
WHERE d.dev_id = u.dev_id AND d.destination_id = u.destination_id AND d.event_id = u.event_id AND d.state <> 'due'
"""


async def forget_given_up(session: Session, before: datetime) -> bool:
    """Some of what was given up of events from before `before`; whether there may be more."""
    return await _forget(session, await session.fetch(_GIVEN_UP, first_uuid7(before), _AT_ONCE))


async def forget_for_nobody(session: Session) -> bool:
    """Some of what waits for destinations that are no more; whether there may be more."""
    return await _forget(session, await session.fetch(_FOR_NOBODY, _AT_ONCE))


async def _forget(session: Session, rows: Sequence[Row]) -> bool:
    if rows:
        columns = zip(*((row["dev_id"], row["destination_id"], row["event_id"]) for row in rows), strict=True)
        await session.execute(_DELETE, *(list(column) for column in columns))
    return len(rows) == _AT_ONCE
