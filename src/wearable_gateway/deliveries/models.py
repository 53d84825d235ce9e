"""What is written down about sending: every attempt, and which worker sends which buckets.

Destinations and the queue itself stand in `events.models`, because they are written with the event.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from wearable_gateway.deliveries.health import Health


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
