"""What is due in the buckets of this worker, and what does sending it take?"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from wearable_gateway.db.session import Row, Session
from wearable_gateway.deliveries.models import Delivery, DestinationState, Key, Message
from wearable_gateway.deliveries.secrets import open_secrets
from wearable_gateway.kit.encryption import Keyring

_READ_AT_ONCE = 256

_COLUMNS = "dev_id, event_id, destination_id, bucket, attempts"
_DUE_IN_MANY = f"""
SELECT {_COLUMNS} FROM deliveries
WHERE bucket = ANY ($1) AND state = 'due' AND next_at <= $2 AND destination_id <> ALL ($3)
ORDER BY next_at, event_id LIMIT $4
"""
# Not the statement above with an array of one: for this one the index gives the order, however many rows wait.
_DUE_IN_ONE = f"""
SELECT {_COLUMNS} FROM deliveries
WHERE bucket = $1 AND state = 'due' AND next_at <= $2 AND destination_id <> ALL ($3)
ORDER BY next_at, event_id LIMIT $4
"""


class DueReader:
    """Reads all buckets with one statement, and those in which much waits one after the other by themselves."""

    def __init__(self) -> None:
        self._deep: dict[int, None] = {}
        self.left_some = False
        """Whether the last read did not get everything that is due."""

    async def read(
        self,
        session: Session,
        epochs: Mapping[int, int],
        *,
        now: datetime,
        known: AbstractSet[Key],
        full_destinations: Collection[UUID],
    ) -> list[Delivery]:
        """Without the rows in `known`: they stay in the queue until they are recorded."""
        full, limit = list(full_destinations), len(known) + _READ_AT_ONCE
        self._deep = {bucket: None for bucket in self._deep if bucket in epochs}
        shallow = [bucket for bucket in epochs if bucket not in self._deep]
        rows = list(await self._read_one_deep(session, now=now, full=full, limit=limit))
        others = await session.fetch(_DUE_IN_MANY, shallow, now, full, limit)
        if len(others) == limit:
            self._deepen(others)
        self.left_some = bool(full or self._deep)
        return [
            Delivery(**row, epoch=epochs[row["bucket"]])
            for row in (*rows, *others)
            if (row["event_id"], row["destination_id"]) not in known
        ]

    def _deepen(self, rows: Sequence[Row]) -> None:
        """Buckets with at least an even part of a full read are from now on read alone."""
        counts = Counter(row["bucket"] for row in rows)
        for bucket, count in counts.items():
            if count * len(counts) >= len(rows):
                self._deep[bucket] = None

    async def _read_one_deep(
        self, session: Session, *, now: datetime, full: list[UUID], limit: int
    ) -> Sequence[Row]:
        bucket = next(iter(self._deep), None)
        if bucket is None:
            return []
        rows = await session.fetch(_DUE_IN_ONE, bucket, now, full, limit)
        del self._deep[bucket]
        if len(rows) == limit:
            self._deep[bucket] = None  # to the end of the line
        return rows


@dataclass(slots=True)
class Loaded:
    messages: list[Message] = field(default_factory=list)
    disabled: list[Delivery] = field(default_factory=list)
    orphans: list[Delivery] = field(default_factory=list)
    """The destination was deleted, or the event is no longer kept."""


async def load(
    session: Session, keyring: Keyring, deliveries: Sequence[Delivery], *, now: datetime
) -> Loaded:
    events = await _by_id(
        session, "SELECT dev_id, id, reference, body, chunk, created_at FROM events",
        deliveries, {delivery.event_id for delivery in deliveries},
    )  # fmt: skip
    destinations = await _by_id(
        session, "SELECT dev_id, id, url, signing_secret, old_secrets, state FROM destinations",
        deliveries, {delivery.destination_id for delivery in deliveries},
    )  # fmt: skip
    secrets = {key: open_secrets(keyring, destination, now=now) for key, destination in destinations.items()}
    loaded = Loaded()
    for delivery in deliveries:
        event = events.get((delivery.dev_id, delivery.event_id))
        key = (delivery.dev_id, delivery.destination_id)
        destination = destinations.get(key)
        if event is None or destination is None:
            loaded.orphans.append(delivery)
        elif destination["state"] == DestinationState.DISABLED:
            loaded.disabled.append(delivery)
        else:
            loaded.messages.append(_message(delivery, event, destination, secrets[key]))
    return loaded


async def _by_id(
    session: Session, select: str, deliveries: Sequence[Delivery], ids: AbstractSet[UUID]
) -> dict[tuple[str, UUID], Row]:
    dev_ids = {delivery.dev_id for delivery in deliveries}
    rows = await session.fetch(
        f"{select} WHERE dev_id = ANY ($1) AND id = ANY ($2)", list(dev_ids), list(ids)
    )
    return {(row["dev_id"], row["id"]): row for row in rows}


def _message(delivery: Delivery, event: Row, destination: Row, secrets: tuple[str, ...]) -> Message:
    return Message(
        delivery=delivery,
        url=destination["url"],
        secrets=secrets,
        reference=event["reference"],
        body=event["body"],
        created_at=event["created_at"],
        chunk=event["chunk"],
    )
