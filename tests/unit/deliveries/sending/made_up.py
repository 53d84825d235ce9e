"""Rows of the queue and what belongs to them, made up."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from wearable_gateway.deliveries.health import HEALTHY
from wearable_gateway.deliveries.models import Delivery, DestinationState, Message, RetrySchedule, Target


def a_delivery(destination_id: UUID, dev_id: str = "acme", bucket: int = 1, **changes: Any) -> Delivery:
    fields = {"attempts": 0, "epoch": 1, **changes}
    return Delivery(dev_id, uuid4(), destination_id, bucket, **fields)


def a_target(destination_id: UUID, dev_id: str = "acme", bucket: int = 1, **changes: Any) -> Target:
    fields: dict[str, Any] = {
        "url": "http://127.0.0.1/",
        "secrets": ("whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",),
        "state": DestinationState.ENABLED,
        "schedule": RetrySchedule.STANDARD,
        "rate_limit": None,
        "concurrency": None,
        "health": HEALTHY,
        "waiting_mark": None,
        **changes,
    }
    return Target(dev_id, destination_id, bucket, **fields)


def a_message(delivery: Delivery, body: bytes = b"{}", **target: Any) -> Message:
    return Message(
        delivery,
        a_target(delivery.destination_id, delivery.dev_id, delivery.bucket, **target),
        "auth",
        uuid4(),
        body,
        datetime.now(UTC),
    )
