"""What is written down about sending: every attempt, and which worker sends which buckets.

Destinations and the queue itself stand in `events.models`, because they are written with the event.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, Column, Index, Integer, SmallInteger, Text, Uuid

from wearable_gateway.db.base import developer_table, id_column, moment, shared_table

attempts = developer_table(
    "attempts",
    id_column(),
    Column("event_id", Uuid, nullable=False),
    Column("destination_id", Uuid, nullable=False),
    Column("number", Integer, nullable=False),
    moment("at"),
    Column("outcome", Text, nullable=False),
    Column("status", Integer),
    Column("duration_ms", Integer, nullable=False),
    Column("detail", Text),
    Column("response_excerpt", Text),
)
Index("ix_attempts_event", attempts.c.dev_id, attempts.c.event_id)

bucket_leases = shared_table(
    "bucket_leases",
    Column("bucket", SmallInteger, primary_key=True, autoincrement=False),
    Column("owner", Text, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    moment("expires_at"),
)

# A worker that owns nothing yet is seen here by the others, who then give back what is above their share.
delivery_workers = shared_table(
    "delivery_workers",
    Column("owner", Text, primary_key=True),
    moment("expires_at"),
)


class DestinationState(StrEnum):
    ENABLED = "enabled"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class Destination:
    """`event_types` is None when every type is wanted."""

    dev_id: str
    id: UUID
    url: str
    event_types: tuple[str, ...] | None
    state: DestinationState
    state_reason: str | None
    created_at: datetime


Key = tuple[UUID, UUID]
"""Event and destination, of whichever developer."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One row of the queue, and the epoch of its bucket's lease when it was read."""

    dev_id: str
    event_id: UUID
    destination_id: UUID
    bucket: int
    attempts: int
    epoch: int

    @property
    def key(self) -> Key:
        return self.event_id, self.destination_id


@dataclass(frozen=True, slots=True)
class Message:
    """A delivery with all that is needed to send it. No secret when the key that opens it is not set."""

    delivery: Delivery
    url: str
    secret: str | None = field(repr=False)
    reference: UUID
    body: bytes
    created_at: datetime
    chunk: int | None = None
