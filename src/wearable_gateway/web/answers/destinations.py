"""Where a developer's events go."""

from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from wearable_gateway.deliveries.models import Destination, DestinationKind, DestinationState, RetrySchedule
from wearable_gateway.events.catalog import EventType
from wearable_gateway.kit.clock import wire_time
from wearable_gateway.web.answers.base import Answer, Moment


class DestinationView(Answer):
    """Where events are sent, or from where they are fetched."""

    destination_id: UUID
    kind: DestinationKind
    url: str | None = Field(description="null for the kind `pull`.")
    description: str | None
    event_types: list[EventType] | None = Field(description="null: every type.")
    state: DestinationState = Field(
        description="`paused`: events wait. `disabled`: nothing is kept for it until it is enabled."
    )
    state_reason: str | None = Field(description="Why it was disabled.")
    retry_schedule: RetrySchedule
    rate_limit: int | None = Field(description="Deliveries a second; null: no limit.")
    concurrency: int | None = Field(description="Deliveries at a time; null: the usual number.")
    failing_since: Moment | None = Field(description="null while it takes what it is sent.")
    parked_until: Moment | None = Field(description="Until when nothing is tried, because it kept failing.")
    created_at: Moment
    updated_at: Moment


class OneDestination(Answer):
    status: Literal["success"]
    destination: DestinationView


class DestinationWithSecret(OneDestination):
    signing_secret: str | None = Field(description="Shown this once; null for the kind `pull`.")


class AllDestinations(Answer):
    status: Literal["success"]
    destinations: list[DestinationView] = Field(description="Oldest first.")


class DestinationDeleted(Answer):
    status: Literal["success"]


class Health(Answer):
    """How a destination fares."""

    pending: int = Field(description="Deliveries still to be made.")
    pending_at_least: bool = Field(description="true: counting ended at 5,000.")
    exhausted: int = Field(description="Deliveries that were given up.")
    exhausted_at_least: bool = Field(description="true: counting ended at 5,000.")
    given_up_since: Moment | None = Field(description="When the oldest event was made that was given up.")
    attempts: int = Field(description="The newest attempts, at most 500.")
    taken: int = Field(description="Those of them that succeeded.")
    last_taken_at: Moment | None = Field(description="When the last of them succeeded.")
    missing_since: Moment | None = Field(
        description="`since` for a recovery that brings all that is known to be missing; null: nothing is."
    )


class DestinationHealth(Answer):
    status: Literal["success"]
    health: Health


class TestSent(Answer):
    status: Literal["success"]
    event_id: UUID = Field(description="Names the event, as `webhook-id` does.")


def destination_fields(destination: Destination) -> dict[str, Any]:
    failing, parked = destination.failing_since, destination.parked_until
    return {
        "destination_id": str(destination.id),
        "kind": destination.kind.value,
        "url": destination.url,
        "description": destination.description,
        "event_types": destination.event_types,
        "state": destination.state.value,
        "state_reason": destination.state_reason,
        "retry_schedule": destination.retry_schedule.value,
        "rate_limit": destination.rate_limit,
        "concurrency": destination.concurrency,
        "failing_since": wire_time(failing) if failing else None,
        "parked_until": wire_time(parked) if parked else None,
        "created_at": wire_time(destination.created_at),
        "updated_at": wire_time(destination.updated_at),
    }
