"""What does a delivery carry beside its body? Terra's headers and those of Standard Webhooks.

Signed anew at each attempt, because receivers accept a signature for five minutes only; the ids stay the same over
all attempts, so that receivers can tell a repetition.
"""

from datetime import datetime
from uuid import UUID

from wearable_gateway import __version__
from wearable_gateway.deliveries.models import Message
from wearable_gateway.kit.signatures import standard_signature, terra_signature

OF_AN_ATTEMPT = ("terra-signature", "x-terra-signature", "webhook-timestamp", "webhook-signature")
"""Made anew each time something is sent."""

_USER_AGENT = f"wearable-gateway/{__version__}"


def headers_of(message: Message, *, now: datetime) -> dict[str, str]:
    delivery, timestamp = message.delivery, int(now.timestamp())
    terra = terra_signature(message.target.secrets, message.body, timestamp)
    standard = standard_signature(message.target.secrets, str(delivery.event_id), message.body, timestamp)
    return {
        **lasting_headers(
            delivery.event_id, delivery.destination_id, message.reference, message.chunk, message.created_at
        ),
        "terra-signature": terra,
        "x-terra-signature": terra,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": standard,
    }


def lasting_headers(
    event_id: UUID, destination_id: UUID, reference: UUID, chunk: int | None, created_at: datetime
) -> dict[str, str]:
    """Those that are the same for each attempt; without `OF_AN_ATTEMPT`."""
    return {
        "content-type": "application/json",
        "user-agent": _USER_AGENT,
        "terra-reference": str(reference),
        "x-terra-trace-id": trace_id(event_id, destination_id, reference, chunk),
        "x-terra-ordering-timestamp": str(int(created_at.timestamp() * 1000)),
        "webhook-id": str(event_id),
    }


def trace_id(event_id: UUID, destination_id: UUID, reference: UUID, chunk: int | None) -> str:
    """The same for each attempt of a delivery, and for nothing else; Terra's form for a chunk of a large request."""
    return f"{event_id}:{destination_id}" if chunk is None else f"{reference}:{destination_id}:chunk:{chunk}"
