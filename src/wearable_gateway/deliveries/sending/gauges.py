"""How much is behind, for Prometheus: measured now and then for the buckets this worker sends."""

from collections.abc import Collection
from datetime import datetime

from wearable_gateway.db.session import Session
from wearable_gateway.deliveries.sending.backlog import Backlog
from wearable_gateway.observability import metrics

EVERY_SECONDS = 15.0

MOST_COUNTED = 100_000
"""Who has that many behind needs no more exact number, and counting is not free."""

_DUE = """
SELECT count(*) AS number, min(next_at) AS oldest FROM (
  SELECT next_at FROM deliveries WHERE bucket = ANY ($1) AND state = 'due' AND next_at <= $2 LIMIT $3
) AS counted
"""
_WAITING = """
SELECT count(*) FROM (
  SELECT 1 FROM deliveries WHERE bucket = ANY ($1) AND state = 'waiting' LIMIT $2
) AS counted
"""
_FAILING = """
SELECT count(*) FROM destinations WHERE bucket = ANY ($1) AND parkings > 0 AND state = 'enabled'
"""


async def measure(session: Session, buckets: Collection[int], backlog: Backlog, *, now: datetime) -> None:
    own = list(buckets)
    due = await session.fetchrow(_DUE, own, now, MOST_COUNTED)
    assert due is not None  # noqa: S101 - an aggregate has one row
    metrics.deliveries.labels("due").set(due["number"])
    metrics.oldest_due_seconds.set((now - due["oldest"]).total_seconds() if due["oldest"] else 0)
    metrics.deliveries.labels("waiting").set(await session.fetchval(_WAITING, own, MOST_COUNTED))
    metrics.deliveries.labels("in_flight").set(backlog.in_flight)
    metrics.parked_destinations.set(await session.fetchval(_FAILING, own))
