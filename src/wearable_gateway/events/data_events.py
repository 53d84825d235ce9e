"""Events that carry data, and those that speak of a request for it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from wearable_gateway.developers.settings import ApiVersion
from wearable_gateway.events.catalog import VERSION, EventType, User, make_event
from wearable_gateway.events.models import NewEvent
from wearable_gateway.kit.clock import wire_time
from wearable_gateway.unified.generations import in_current_form
from wearable_gateway.unified.records import DataType

Bodies = Sequence[Mapping[str, Any]]


def data_fields(kind: DataType, user: User, bodies: Bodies, version: ApiVersion) -> dict[str, Any]:
    """What an event, or an answer, with data consists of. An athlete is one object, everything else a list."""
    shown = [in_current_form(body) for body in bodies] if version is ApiVersion.CURRENT else list(bodies)
    content = {"athlete": shown[0] if shown else {}} if kind is DataType.ATHLETE else {"data": shown}
    return {"type": kind.value, "user": user, "version": VERSION, **content}


def data(
    dev_id: str,
    kind: DataType,
    user: User,
    bodies: Bodies,
    *,
    version: ApiVersion,
    reference: UUID | None = None,
    at: datetime | None = None,
) -> NewEvent:
    fields = data_fields(kind, user, bodies, version)
    return make_event(dev_id, EventType(kind.value), user, fields, reference, at=at)


def large_request_processing(dev_id: str, user: User, reference: UUID) -> NewEvent:
    body = processing_fields(user, reference)
    return make_event(dev_id, EventType.LARGE_REQUEST_PROCESSING, user, body, reference)


def processing_fields(user: User, reference: UUID) -> dict[str, Any]:
    return {
        "type": EventType.LARGE_REQUEST_PROCESSING.value,
        "status": "processing",
        "message": "Large data request is being processed; the data will be sent to your destinations in chunks",
        "user": user,
        "reference": str(reference),
        "version": VERSION,
    }


def large_request_sending(dev_id: str, user: User, reference: UUID, *, expected_payloads: int) -> NewEvent:
    body = {
        "message": "Large data request is being sent to your destinations",
        "user": user,
        "reference": str(reference),
        "expected_payloads": expected_payloads,
        "version": VERSION,
    }
    return make_event(dev_id, EventType.LARGE_REQUEST_SENDING, user, body, reference)


def large_request_completed(
    dev_id: str, user: User, reference: UUID, *, expected_payloads: int, undelivered: int, failed_windows: int
) -> NewEvent:
    """Ours: every payload came to its end. `undelivered` counts those that some destination never took."""
    body = {
        "status": "success" if not (undelivered or failed_windows) else "error",
        "message": "Large data request is completed",
        "user": user,
        "reference": str(reference),
        "expected_payloads": expected_payloads,
        "undelivered_payloads": undelivered,
        "failed_windows": failed_windows,
        "version": VERSION,
    }
    return make_event(dev_id, EventType.LARGE_REQUEST_COMPLETED, user, body, reference)


def rate_limit_hit(
    dev_id: str, user: User, reference: UUID, *, start: date, end: date, retrying_at: datetime
) -> NewEvent:
    body = {
        "status": "warning",
        "message": "The provider's limit is used up; the request goes on by itself",
        "user": user,
        "start_date": start.isoformat(),
        "end_date": end.isoformat(),
        "retrying_at": wire_time(retrying_at),
        "reference": str(reference),
        "version": VERSION,
    }
    return make_event(dev_id, EventType.RATE_LIMIT_HIT, user, body, reference)
