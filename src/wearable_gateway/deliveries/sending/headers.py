"""What does a delivery carry beside its body? Terra's headers and those of Standard Webhooks.

Signed anew at each attempt, because receivers accept a signature for five minutes only; the ids stay the same over
all attempts, so that receivers can tell a repetition.
"""

from datetime import datetime
from uuid import UUID

from wearable_gateway import __version__
from wearable_gateway.deliveries.models import Message
from wearable_gateway.kit.signatures import standard_signature, terra_signature

_USER_AGENT = f"wearable-gateway/{__version__}"


def headers_of(message: Message, *, now: datetime) -> dict[str, str]:
    event_id, timestamp = str(message.delivery.event_id), int(now.timestamp())
    terra = terra_signature(message.target.secrets, message.body, timestamp)
    return {
        "content-type": "application/json",
        "user-agent": _USER_AGENT,
        "terra-signature": terra,
        "x-terra-signature": terra,
        "terra-reference": str(message.reference),
        "x-terra-trace-id": trace_id(
            message.delivery.event_id, message.delivery.destination_id, message.reference, message.chunk
        ),
        "x-terra-ordering-timestamp": str(int(message.created_at.timestamp() * 1000)),
        "webhook-id": event_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": standard_signature(message.target.secrets, event_id, message.body, timestamp),
    }


def trace_id(event_id: UUID, destination_id: UUID, reference: UUID, chunk: int | None) -> str:
    """The same for each attempt of a delivery, and for nothing else; Terra's form for a chunk of a large request."""
    return f"{event_id}:{destination_id}" if chunk is None else f"{reference}:{destination_id}:chunk:{chunk}"
