"""The outbox: an event exists exactly when the transaction that caused it is committed, and so do its deliveries."""

from collections.abc import Sequence
from datetime import datetime

from wearable_gateway.db.session import Session
from wearable_gateway.db.wakeups import DELIVERIES
from wearable_gateway.events.models import NewEvent

_INSERT_EVENTS = """
INSERT INTO events (dev_id, id, type, user_id, reference, body, created_at)
SELECT u.dev_id, u.id, u.type, u.user_id, u.reference, u.body, $7
FROM unnest($1::text[], $2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::bytea[])
  AS u (dev_id, id, type, user_id, reference, body)
"""

_INSERT_DELIVERIES = """
INSERT INTO deliveries (dev_id, event_id, destination_id, bucket, state, attempts, next_at)
SELECT d.dev_id, u.id, d.id, d.bucket, 'due', 0, $4
FROM unnest($1::text[], $2::uuid[], $3::text[]) AS u (dev_id, id, type)
JOIN destinations d ON d.dev_id = u.dev_id
WHERE d.state <> 'disabled' AND (d.event_types IS NULL OR u.type = ANY (d.event_types))
"""


async def record(session: Session, events: Sequence[NewEvent], *, now: datetime) -> None:
    """Write `events` and one delivery per matching destination; the worker is woken by the commit."""
    if not events:
        return
    dev_ids, ids, types = [e.dev_id for e in events], [e.id for e in events], [e.type for e in events]
    await session.execute(
        _INSERT_EVENTS, dev_ids, ids, types,
        [e.user_id for e in events], [e.reference for e in events], [e.body for e in events], now,
    )  # fmt: skip
    await session.execute(_INSERT_DELIVERIES, dev_ids, ids, types, now)
    session.wake(DELIVERIES)
