"""The outbox: an event exists exactly when the transaction that caused it is committed, and so do its deliveries."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from wearable_gateway.db.session import Session
from wearable_gateway.db.wakeups import DELIVERIES
from wearable_gateway.events.models import NewEvent

_INSERT_EVENTS = """
INSERT INTO events (dev_id, id, type, user_id, reference, body, created_at, only_for)
SELECT u.dev_id, u.id, u.type, u.user_id, u.reference, u.body, u.created_at, $8
FROM unnest($1::text[], $2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::bytea[], $7::timestamptz[])
  AS u (dev_id, id, type, user_id, reference, body, created_at)
"""

_INSERT_DELIVERIES = """
INSERT INTO deliveries (dev_id, destination_id, event_id, bucket, state, attempts, next_at)
SELECT d.dev_id, d.id, u.id, d.bucket, 'due', 0, u.next_at
FROM unnest($1::text[], $2::uuid[], $3::text[], $4::timestamptz[]) AS u (dev_id, id, type, next_at)
JOIN destinations d ON d.dev_id = u.dev_id
WHERE d.state <> 'disabled' AND (d.event_types IS NULL OR u.type = ANY (d.event_types))
"""
_ELSEWHERE = " AND d.id <> $5"

_INSERT_ONE_DELIVERY = """
INSERT INTO deliveries (dev_id, destination_id, event_id, bucket, state, attempts, next_at)
SELECT dev_id, id, $3, bucket, 'due', 0, $4 FROM destinations
WHERE dev_id = $1 AND id = $2 AND state <> 'disabled'
"""

_APART = timedelta(milliseconds=1)


async def record(session: Session, events: Sequence[NewEvent], *, now: datetime) -> None:
    """Write `events` and one delivery per matching destination; the worker is woken by the commit."""
    if not events:
        return
    await _insert(session, events, now)
    await session.execute(_INSERT_DELIVERIES, *_keys(events), [now] * len(events))
    session.wake(DELIVERIES)


async def record_elsewhere(
    session: Session, events: Sequence[NewEvent], destination_id: UUID, *, now: datetime
) -> None:
    """The same, but nothing goes to this destination: the events are about it."""
    await _insert(session, events, now)
    await session.execute(
        _INSERT_DELIVERIES + _ELSEWHERE, *_keys(events), [now] * len(events), destination_id
    )
    session.wake(DELIVERIES)


async def record_for(session: Session, event: NewEvent, destination_id: UUID, *, now: datetime) -> bool:
    """Write `event` and its delivery to one destination, whichever types that wants; to no other.

    False when there is no such destination or it is disabled: roll back then.
    """
    await _insert(session, [event], now, only_for=destination_id)
    found = await session.execute(_INSERT_ONE_DELIVERY, event.dev_id, destination_id, event.id, now)
    session.wake(DELIVERIES)
    return found > 0


async def _insert(
    session: Session, events: Sequence[NewEvent], now: datetime, *, only_for: UUID | None = None
) -> None:
    await session.execute(
        _INSERT_EVENTS, *_keys(events),
        [e.user_id for e in events], [e.reference for e in events], [e.body for e in events],
        [e.at or now for e in events], only_for,
    )  # fmt: skip


def _keys(events: Sequence[NewEvent]) -> tuple[list[str], list[UUID], list[str]]:
    return [e.dev_id for e in events], [e.id for e in events], [e.type for e in events]


async def deliver_in_order(
    session: Session, dev_id: str, kind: str, event_ids: Sequence[UUID], *, after: datetime
) -> None:
    """One delivery per matching destination for events of one type that were already written, one after the other."""
    times = [after + number * _APART for number in range(1, len(event_ids) + 1)]
    await session.execute(
        _INSERT_DELIVERIES, [dev_id] * len(times), list(event_ids), [kind] * len(times), times
    )
    session.wake(DELIVERIES)
