"""What is written down about sending: every attempt, and which worker sends which buckets.

Destinations and the queue itself stand in `events.models`, because they are written with the event.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Column, Index, Integer, SmallInteger, Text, Uuid

from wearable_gateway.db.base import developer_table, id_column, moment, shared_table
from wearable_gateway.deliveries.health import Health

# Found by delivery; days are partitions, as those of events.
attempts = developer_table(
    "attempts",
    Column("destination_id", Uuid, primary_key=True),
    Column("event_id", Uuid, primary_key=True),
    id_column(),
    Column("number", Integer, nullable=False),
    moment("at"),
    Column("outcome", Text, nullable=False),
    Column("status", Integer),
    Column("duration_ms", Integer, nullable=False),
    Column("detail", Text),
    Column("response_excerpt", Text),
    # The place in the feed of a destination whose events are fetched.
    Column("position", BigInteger),
    postgresql_partition_by="RANGE (id)",
)
Index(
    "ix_attempts_position",
    attempts.c.dev_id,
    attempts.c.destination_id,
    attempts.c.position,
    postgresql_where=attempts.c.position.is_not(None),
)

recoveries = developer_table(
    "recoveries",
    id_column(),
    Column("destination_id", Uuid, nullable=False),
    Column("only", Text, nullable=False),
    Column("event_types", ARRAY(Text)),
    moment("since"),
    moment("until"),
    Column("state", Text, nullable=False),
    Column("reason", Text),
    # The last event that was looked at.
    Column("reached", Uuid, nullable=False),
    Column("examined", Integer, nullable=False),
    Column("queued", Integer, nullable=False),
    Column("claims", Integer, nullable=False),
    moment("due_at", nullable=True),
    moment("created_at"),
    moment("finished_at", nullable=True),
)
Index("ix_recoveries_due_at", recoveries.c.due_at, postgresql_where=recoveries.c.due_at.is_not(None))
Index("ix_recoveries_destination", recoveries.c.dev_id, recoveries.c.destination_id, recoveries.c.id)

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
    """Paused by its developer: events wait. Disabled, by its developer or by its failures: nothing is kept for it."""

    ENABLED = "enabled"
    PAUSED = "paused"
    DISABLED = "disabled"


class DestinationKind(StrEnum):
    """Events are sent to a webhook; from a pull destination its developer fetches them."""

    WEBHOOK = "webhook"
    PULL = "pull"


class DeliveryState(StrEnum):
    """Of a row in the queue. What was delivered is in no queue any more, but in `attempts`."""

    DUE = "due"
    WAITING = "waiting"
    EXHAUSTED = "exhausted"


class RetrySchedule(StrEnum):
    """Names of the schedules in `deliveries.schedule`."""

    STANDARD = "standard"
    TERRA = "terra"


@dataclass(frozen=True, slots=True)
class Destination:
    """`url` is None when its events are fetched, `event_types` when every type is wanted.

    `rate_limit` is in deliveries per second, `concurrency` the most that are under way at a time; None: the default.
    `failing_since` and `parked_until` tell how it fares; both are None while it takes what it is sent.
    """

    dev_id: str
    id: UUID
    url: str | None
    description: str | None
    event_types: tuple[str, ...] | None
    state: DestinationState
    state_reason: str | None
    retry_schedule: RetrySchedule
    rate_limit: int | None
    concurrency: int | None
    failing_since: datetime | None
    parked_until: datetime | None
    created_at: datetime
    updated_at: datetime

    @property
    def kind(self) -> DestinationKind:
        return DestinationKind.PULL if self.url is None else DestinationKind.WEBHOOK


Key = tuple[UUID, UUID]
"""Event and destination, of whichever developer."""


class Delivery(NamedTuple):
    """One row of the queue, and the epoch of its bucket's lease when it was read."""

    dev_id: str
    event_id: UUID
    destination_id: UUID
    bucket: int
    attempts: int
    epoch: int
    tried_before: int = 0
    """Of `attempts`, those before somebody had it sent again."""

    @property
    def key(self) -> Key:
        return self.event_id, self.destination_id


@dataclass(frozen=True, slots=True)
class Target:
    """What a worker needs to know of a destination. No secrets when the key that opens them is not set."""

    dev_id: str
    id: UUID
    bucket: int
    url: str | None
    secrets: tuple[str, ...] = field(repr=False)
    state: DestinationState
    schedule: RetrySchedule
    rate_limit: int | None
    concurrency: int | None
    health: Health
    waiting_mark: int | None


@dataclass(frozen=True, slots=True)
class Message:
    """A delivery with all that is needed to send it."""

    delivery: Delivery
    target: Target
    type: str
    reference: UUID
    body: bytes
    created_at: datetime
    chunk: int | None = None
