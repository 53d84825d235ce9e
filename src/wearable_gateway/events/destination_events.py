"""Events about deliveries themselves: a destination was given up or answers again, deliveries were given up.

They go to the developer's other destinations. Ours; Terra has none of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from wearable_gateway.events.catalog import VERSION, EventType, make_event
from wearable_gateway.events.models import NewEvent
from wearable_gateway.kit.clock import wire_time

Destination = Mapping[str, Any]
"""`destination_id`, `url` and `description`."""

_OPERATIONAL = frozenset(
    {EventType.DESTINATION_DISABLED, EventType.DESTINATION_RECOVERED, EventType.DELIVERY_EXHAUSTED}
)
_MOST_LISTED = 100


@dataclass(frozen=True, slots=True)
class Lost:
    """A delivery that was given up."""

    event_id: UUID
    type: str
    attempts: int
    last_error: str


def is_operational(kind: str) -> bool:
    return kind in _OPERATIONAL


def disabled(dev_id: str, destination: Destination, reason: str) -> NewEvent:
    body = {
        "status": "error",
        "message": "A destination was disabled: nothing is sent there until you enable it; then recover what it missed",
        "destination": destination,
        "reason": reason,
        "version": VERSION,
    }
    return make_event(dev_id, EventType.DESTINATION_DISABLED, None, body)


def recovered(dev_id: str, destination: Destination, failing_since: datetime) -> NewEvent:
    body = {
        "status": "success",
        "message": "A destination answers again; what waited for it is being sent",
        "destination": destination,
        "failing_since": wire_time(failing_since),
        "version": VERSION,
    }
    return make_event(dev_id, EventType.DESTINATION_RECOVERED, None, body)


def exhausted(dev_id: str, destination: Destination, lost: Sequence[Lost]) -> NewEvent:
    """The first hundred of `lost` are listed; all are counted."""
    body = {
        "status": "warning",
        "message": "Deliveries were given up after all their attempts; they can be sent again",
        "destination": destination,
        "count": len(lost),
        "deliveries": [
            {
                "event_id": str(one.event_id),
                "type": one.type,
                "attempts": one.attempts,
                "last_error": one.last_error,
            }
            for one in lost[:_MOST_LISTED]
        ],
        "version": VERSION,
    }
    return make_event(dev_id, EventType.DELIVERY_EXHAUSTED, None, body)
