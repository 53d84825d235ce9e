"""What a diagnosis rests on: facts about one connection, its grant, its app, and the destinations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from wearable_gateway.connections.models import ConnectionState, GrantState
from wearable_gateway.deliveries.models import DestinationState


@dataclass(frozen=True, slots=True)
class AppFacts:
    """`problem` is why the vendor cannot be asked to tell us; `full_until` when its limit of calls has room again."""

    is_own: bool
    problem: str | None = None
    full_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """The last thing the vendor told us about the account; `outcome` None: it is still to be looked at."""

    received_at: datetime
    kind: str
    outcome: str | None


@dataclass(frozen=True, slots=True)
class LastData:
    """The newest event with data of this user."""

    event_id: UUID
    type: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DestinationFacts:
    """`waiting` counts what waits to be sent there, up to a limit. `outcome` is what became of the last data event."""

    id: UUID
    name: str
    state: DestinationState
    wants: bool
    failing_since: datetime | None = None
    waiting: int = 0
    outcome: str | None = None
    outcome_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """`app` None: it is gone. `grant` None likewise. `may_share` and `could_share` are types of data."""

    state: ConnectionState
    connected_at: datetime
    may_share: Sequence[str]
    could_share: Sequence[str]
    is_enabled: bool
    app: AppFacts | None
    grant: GrantState | None
    last_error: str | None
    last_error_at: datetime | None
    tells: bool
    """Whether the vendor tells us when there is data."""
    polls: bool
    next_poll_at: datetime | None
    last_notice: NoticeFacts | None
    is_being_fetched: bool
    """Whether somebody asked for data and the answer is not there yet."""
    last_polled_at: datetime | None
    most_recent_data_at: datetime | None
    last_data: LastData | None
    destinations: Sequence[DestinationFacts]
