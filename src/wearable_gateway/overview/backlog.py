"""What waits to be sent? Read from the queue's own indexes, and never further than a few thousand rows."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from wearable_gateway.db.session import Session
from wearable_gateway.deliveries.destinations import bucket_of
from wearable_gateway.events.models import BUCKETS
from wearable_gateway.kit.ids import moment_of
from wearable_gateway.overview.models import Backlog

MOST_COUNTED = 10_000
# What is due since a moment ago is just being sent.
_GRACE = timedelta(seconds=10)

_DUE = """
SELECT destination_id, count(*) AS number, min(next_at) AS oldest FROM (
  SELECT dev_id, destination_id, next_at FROM deliveries
  WHERE bucket = ANY ($2) AND state = 'due' AND next_at <= $3 LIMIT $4
) AS looked_through
WHERE dev_id = $1 GROUP BY destination_id
"""
_ALL_DUE = """
SELECT count(*) AS number, min(next_at) AS oldest FROM (
  SELECT next_at FROM deliveries WHERE bucket = ANY ($1) AND state = 'due' AND next_at <= $2 LIMIT $3
) AS looked_through
"""
_WAITING = """
SELECT event_id FROM deliveries WHERE dev_id = $1 AND destination_id = $2 AND state = 'waiting'
ORDER BY event_id LIMIT 1
"""
_COUNT_WAITING = """
SELECT count(*) FROM (
  SELECT 1 FROM deliveries WHERE dev_id = $1 AND destination_id = $2 AND state = 'waiting' LIMIT $3
) AS counted
"""


async def due_of(
    session: Session, dev_id: str, destination_ids: Sequence[UUID], *, now: datetime
) -> dict[UUID, Backlog]:
    """What is overdue, by destination; those that have nothing are left out."""
    if not destination_ids:
        return {}
    buckets = sorted({bucket_of(one) for one in destination_ids})
    rows = await session.fetch(_DUE, dev_id, buckets, now - _GRACE, MOST_COUNTED)
    return {row["destination_id"]: Backlog(row["number"], oldest=row["oldest"]) for row in rows}


async def due_of_all(session: Session, *, now: datetime) -> Backlog:
    row = await session.fetchrow(_ALL_DUE, list(range(BUCKETS)), now - _GRACE, MOST_COUNTED)
    assert row is not None  # noqa: S101 - an aggregate has one row
    return Backlog(row["number"], row["number"] == MOST_COUNTED, row["oldest"])


async def waiting_of(session: Session, dev_id: str, destination_id: UUID, *, most: int) -> Backlog:
    """What waits because the destination takes no more for now."""
    oldest = await session.fetchval(_WAITING, dev_id, destination_id)
    if oldest is None:
        return Backlog()
    number = await session.fetchval(_COUNT_WAITING, dev_id, destination_id, most)
    return Backlog(number, number == most, moment_of(oldest))
