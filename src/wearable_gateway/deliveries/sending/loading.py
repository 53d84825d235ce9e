"""What does sending these deliveries take? The bytes to send, and what was chosen for their destinations."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from wearable_gateway.db.session import Row, Session
from wearable_gateway.deliveries.health import FAILURES_TO_PARK, Health
from wearable_gateway.deliveries.models import Delivery, DestinationState, Message, RetrySchedule, Target
from wearable_gateway.deliveries.secrets import open_secrets
from wearable_gateway.kit.encryption import Keyring

_TARGETS = """
SELECT dev_id, id, bucket, url, signing_secret, old_secrets, state, retry_schedule, rate_limit, concurrency,
  failing_since, parked_until, parkings, waiting_mark
FROM destinations
"""
# Of large bodies as many as there is room for, at least one; the others stay in the queue for later.
_EVENTS = """
SELECT dev_id, id, type, reference, chunk, created_at,
  CASE WHEN coalesce(sum(octet_length(body)) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) <= $5
       THEN body END AS body
FROM events WHERE dev_id = ANY ($1) AND id = ANY ($2) AND id >= $3 AND id <= $4
"""

_Id = tuple[str, UUID]


@dataclass(slots=True)
class Loaded:
    targets: list[Target] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    orphans: list[Delivery] = field(default_factory=list)
    """The destination was deleted, or the event is no longer kept."""
    later: list[Delivery] = field(default_factory=list)
    """Too large to be held now."""


async def load(
    session: Session, keyring: Keyring, deliveries: Sequence[Delivery], *, now: datetime, most_bytes: int
) -> Loaded:
    """Two statements side by side: `session` is no transaction."""
    dev_ids = list({delivery.dev_id for delivery in deliveries})
    targets, events = await asyncio.gather(
        _targets_of(session, keyring, dev_ids, deliveries, now=now),
        _events_of(session, dev_ids, deliveries, most_bytes),
    )
    loaded = Loaded(targets=list(targets.values()))
    for delivery in deliveries:
        target = targets.get((delivery.dev_id, delivery.destination_id))
        event = events.get((delivery.dev_id, delivery.event_id))
        if target is None or event is None:
            loaded.orphans.append(delivery)
        elif event["body"] is None:
            loaded.later.append(delivery)
        else:
            loaded.messages.append(_message(delivery, event, target))
    return loaded


async def _targets_of(
    session: Session,
    keyring: Keyring,
    dev_ids: Sequence[str],
    deliveries: Sequence[Delivery],
    *,
    now: datetime,
) -> Mapping[_Id, Target]:
    ids = {delivery.destination_id for delivery in deliveries}
    rows = await session.fetch(f"{_TARGETS} WHERE dev_id = ANY ($1) AND id = ANY ($2)", dev_ids, list(ids))
    return {(row["dev_id"], row["id"]): _target(row, keyring, now) for row in rows}


async def targets_with_waiting(
    session: Session, keyring: Keyring, buckets: Collection[int], *, now: datetime
) -> list[Target]:
    """The destinations in these buckets for which something may wait."""
    rows = await session.fetch(
        f"{_TARGETS} WHERE bucket = ANY ($1) AND waiting_mark IS NOT NULL", list(buckets)
    )
    return [_target(row, keyring, now) for row in rows]


async def _events_of(
    session: Session, dev_ids: Sequence[str], deliveries: Sequence[Delivery], most_bytes: int
) -> Mapping[_Id, Row]:
    ids = {delivery.event_id for delivery in deliveries}
    rows = await session.fetch(_EVENTS, dev_ids, list(ids), min(ids), max(ids), most_bytes)
    return {(row["dev_id"], row["id"]): row for row in rows}


def _target(row: Row, keyring: Keyring, now: datetime) -> Target:
    health = Health(
        failures=FAILURES_TO_PARK if row["parkings"] else 0,
        failing_since=row["failing_since"],
        parkings=row["parkings"],
        parked_until=row["parked_until"],
    )
    return Target(
        dev_id=row["dev_id"],
        id=row["id"],
        bucket=row["bucket"],
        url=row["url"],
        secrets=open_secrets(keyring, row, now=now) if row["url"] is not None else (),
        state=DestinationState(row["state"]),
        schedule=RetrySchedule(row["retry_schedule"]),
        rate_limit=row["rate_limit"],
        concurrency=row["concurrency"],
        health=health,
        waiting_mark=row["waiting_mark"],
    )


def _message(delivery: Delivery, event: Row, target: Target) -> Message:
    return Message(
        delivery=delivery,
        target=target,
        type=event["type"],
        reference=event["reference"],
        body=event["body"],
        created_at=event["created_at"],
        chunk=event["chunk"],
    )
