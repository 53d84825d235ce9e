"""What became of deliveries, and events that are fetched."""

from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from wearable_gateway.deliveries.afterwards.feed import Fed
from wearable_gateway.deliveries.afterwards.history import LoggedAttempt
from wearable_gateway.deliveries.afterwards.kept_events import Outline
from wearable_gateway.deliveries.afterwards.log import LoggedDelivery, LogState
from wearable_gateway.deliveries.sending.headers import trace_id
from wearable_gateway.kit import json
from wearable_gateway.kit.clock import wire_time
from wearable_gateway.web.answers.base import Answer, Moment

EventId = UUID
Payload = dict[str, Any]


class LastAttempt(Answer):
    number: int
    at: Moment
    outcome: Literal["delivered", "refused", "gone", "unreachable", "available"]
    status: int | None = Field(description="The status of the answer; null: there was none.")
    duration_ms: int
    detail: str | None = Field(description="Why no answer came.")


class Attempt(LastAttempt):
    response_excerpt: str | None = Field(description="The beginning of what your server answered.")


class DeliveryAnswer(Answer):
    """An event on its way to one destination."""

    event_id: EventId
    destination_id: UUID
    type: str = Field(description="The type of the event.", examples=["daily"])
    user_id: UUID | None
    state: LogState
    attempts: int = Field(description="How many there were.")
    next_attempt_at: Moment | None = Field(description="Not before; null unless it is pending.")
    created_at: Moment = Field(description="Of the event.")
    last_attempt: LastAttempt | None


class DeliveryList(Answer):
    status: Literal["success"]
    deliveries: list[DeliveryAnswer]
    next: str | None = Field(description="What to give as `after` for those that follow; null: that was all.")


class OneDelivery(Answer):
    status: Literal["success"]
    delivery: DeliveryAnswer
    payload: Payload = Field(description="What was, or will be, sent.")
    attempts: list[Attempt] = Field(description="In order.")


class ResentDelivery(Answer):
    status: Literal["success"]
    delivery: DeliveryAnswer


class Event(Answer):
    event_id: EventId
    type: str = Field(examples=["daily"])
    user_id: UUID | None
    reference: UUID
    created_at: Moment
    payload: Payload


class OneEvent(Answer):
    status: Literal["success"]
    event: Event
    deliveries: list[DeliveryAnswer]


class ListedEvent(Answer):
    """An event without its payload."""

    event_id: EventId
    type: str = Field(examples=["daily"])
    user_id: UUID | None
    created_at: Moment


class EventList(Answer):
    status: Literal["success"]
    events: list[ListedEvent]
    next: UUID | None = Field(
        description="What to give as `after` for those that follow; null: that was all."
    )
    looked_back_to: Moment | None = Field(
        description="How far back was looked for a page that is not full; null: it is full, or the last."
    )


class ResentDeliveries(Answer):
    status: Literal["success"]
    deliveries: list[DeliveryAnswer] = Field(description="Those that are sent again; it may be none.")


class FetchedEvent(Answer):
    event_id: EventId
    position: int
    created_at: Moment
    reference: UUID = Field(description="As the header `terra-reference`.")
    trace_id: str = Field(description="As the header `x-terra-trace-id`: to tell a repetition by.")
    payload: Payload


class FetchedEvents(Answer):
    status: Literal["success"]
    events: list[FetchedEvent]
    next: str = Field(description="What to give as `after` the next time.", examples=["1207"])
    has_more: bool = Field(description="Whether more is there already.")


def delivery_fields(delivery: LoggedDelivery) -> dict[str, Any]:
    """As `DeliveryAnswer`."""
    event, last = delivery.event, delivery.last_attempt
    next_at = delivery.next_attempt_at
    return {
        "event_id": str(event.id),
        "destination_id": str(delivery.destination_id),
        "type": event.type,
        "user_id": str(event.user_id) if event.user_id else None,
        "state": delivery.state.value,
        "attempts": delivery.attempts,
        "next_attempt_at": wire_time(next_at) if next_at else None,
        "created_at": wire_time(event.created_at),
        "last_attempt": _last_attempt(last) if last else None,
    }


def outline_fields(event: Outline) -> dict[str, Any]:
    """As `ListedEvent`."""
    return {
        "event_id": str(event.id),
        "type": event.type,
        "user_id": str(event.user_id) if event.user_id else None,
        "created_at": wire_time(event.created_at),
    }


def attempt_fields(attempt: LoggedAttempt) -> dict[str, Any]:
    """As `Attempt`."""
    return {**_last_attempt(attempt), "response_excerpt": attempt.response_excerpt}


def _last_attempt(attempt: LoggedAttempt) -> dict[str, Any]:
    return {
        "number": attempt.number,
        "at": wire_time(attempt.at),
        "outcome": attempt.outcome,
        "status": attempt.status,
        "duration_ms": attempt.duration_ms,
        "detail": attempt.detail,
    }


def fetched_fields(fed: Fed, destination_id: UUID) -> dict[str, Any]:
    """As `FetchedEvent`; the payload to the byte as it would be sent."""
    event = fed.event
    return {
        "event_id": str(event.id),
        "position": fed.position,
        "created_at": wire_time(event.created_at),
        "reference": str(event.reference),
        "trace_id": trace_id(event.id, destination_id, event.reference, event.chunk),
        "payload": json.written(event.body),
    }
