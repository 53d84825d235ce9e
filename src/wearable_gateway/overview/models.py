"""What there is to see at a glance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from wearable_gateway.counts.reading import ConnectionCount
from wearable_gateway.deliveries.models import Destination, DestinationState
from wearable_gateway.overview.ranges import Parts, Range


class Condition(StrEnum):
    """Of a destination: `failing` is enabled, and does not take what it is sent."""

    WORKING = "working"
    FAILING = "failing"
    PAUSED = "paused"
    DISABLED = "disabled"


def condition_of(destination: Destination) -> Condition:
    if destination.state is DestinationState.ENABLED:
        return Condition.FAILING if destination.failing_since else Condition.WORKING
    return Condition(destination.state.value)


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many deliveries should have gone and have not. Counting ends somewhere: then `is_more`.

    `oldest` is the moment since which one waits.
    """

    waiting: int = 0
    is_more: bool = False
    oldest: datetime | None = None

    def __add__(self, other: "Backlog") -> "Backlog":
        known = [moment for moment in (self.oldest, other.oldest) if moment]
        return Backlog(
            self.waiting + other.waiting, self.is_more or other.is_more, min(known) if known else None
        )


@dataclass(frozen=True, slots=True)
class Recipient:
    """A destination, and how it fares."""

    destination: Destination
    condition: Condition
    backlog: Backlog


@dataclass(frozen=True, slots=True)
class ConnectionTrouble:
    """An active connection whose provider refused us the last time."""

    user_id: UUID
    provider: str
    reference_id: str | None
    detail: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AppTrouble:
    """A provider app whose vendor cannot be asked to tell us of changes. `dev_id` None: it is the gateway's own.

    `detail` is the vendor's word, kept for whom the app belongs to.
    """

    provider: str
    dev_id: str | None
    detail: str | None


@dataclass(frozen=True, slots=True)
class Deliveries:
    """By part of the time: attempts that succeeded, those that failed, deliveries that are not tried again."""

    succeeded: Sequence[int]
    failed: Sequence[int]
    given_up: Sequence[int]

    @property
    def success_rate(self) -> float | None:
        """The share of attempts that succeeded, 0 to 1; None when there was none."""
        tried = sum(self.succeeded) + sum(self.failed)
        return sum(self.succeeded) / tried if tried else None


@dataclass(frozen=True, slots=True)
class Overview:
    """`as_of`: counted to then, None when nothing was counted yet. `events` and `changes` are by part of the time.

    `changes` are connections that came and went, by how. `destinations` are those in trouble first; for the gateway
    only those. `developers` are, for the gateway, the largest, with their connections.
    """

    range: Range
    parts: Parts
    as_of: datetime | None
    connections: Sequence[ConnectionCount]
    changes: Mapping[str, Sequence[int]]
    events: Mapping[str, Sequence[int]]
    deliveries: Deliveries
    backlog: Backlog
    destinations: Sequence[Recipient]
    connection_troubles: Sequence[ConnectionTrouble]
    app_troubles: Sequence[AppTrouble]
    developers: Sequence[tuple[str, int]] = ()

    def connected(self, *states: str) -> int:
        """How many connections are in one of `states`; without any, how many there are."""
        return sum(one.number for one in self.connections if not states or one.state in states)

    @property
    def troubled(self) -> int:
        return sum(one.troubled for one in self.connections)
