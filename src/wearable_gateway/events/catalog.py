"""The types of event, and what each carries.

Shapes follow Terra's published schemas (https://github.com/tryterra/openapi); where its two generations differ,
the newer form with the older form's extra keys is sent, so that clients of either find theirs.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from wearable_gateway.events.models import NewEvent
from wearable_gateway.kit import json
from wearable_gateway.kit.clock import wire_time
from wearable_gateway.kit.ids import uuid7

VERSION = "2022-03-16"

User = Mapping[str, Any]
"""A connection as it is written on the wire; see `connections.wire`."""


class EventType(StrEnum):
    AUTH = "auth"
    AUTH_CANCELLED = "auth_cancelled"
    DEAUTH = "deauth"
    USER_REAUTH = "user_reauth"
    ACCESS_REVOKED = "access_revoked"
    CONNECTION_ERROR = "connection_error"
    PERMISSION_CHANGE = "permission_change"
    ACTIVITY = "activity"
    ATHLETE = "athlete"
    BODY = "body"
    DAILY = "daily"
    HEALTH_OBSERVATION = "health_observation"
    HORMONE = "hormone"
    MENSTRUATION = "menstruation"
    NUTRITION = "nutrition"
    PLANNED_WORKOUT = "planned_workout"
    SLEEP = "sleep"
    LARGE_REQUEST_PROCESSING = "large_request_processing"
    LARGE_REQUEST_SENDING = "large_request_sending"
    LARGE_REQUEST_COMPLETED = "large_request_completed"
    RATE_LIMIT_HIT = "rate_limit_hit"
    HEALTHCHECK = "healthcheck"
    DELIVERY_EXHAUSTED = "delivery.exhausted"
    DESTINATION_DISABLED = "destination.disabled"
    DESTINATION_RECOVERED = "destination.recovered"


def make_event(
    dev_id: str,
    kind: EventType,
    user: User | None,
    body: dict[str, Any],
    reference: UUID | None = None,
    *,
    at: datetime | None = None,
) -> NewEvent:
    """`at`: see NewEvent. Without a `reference` the event is its own."""
    event_id = uuid7()
    user_id = UUID(user["user_id"]) if user else None
    payload = json.dump({"type": kind.value, **body})
    return NewEvent(dev_id, event_id, kind.value, user_id, reference or event_id, payload, at)


def auth(dev_id: str, user: User, *, flow_id: UUID, widget_session_id: UUID | None) -> NewEvent:
    body = {
        "status": "success",
        "user": user,
        "message": "User has successfully authenticated",
        "reference_id": user["reference_id"],
        "flow_id": str(flow_id),
        "widget_session_id": str(widget_session_id) if widget_session_id else None,
        "version": VERSION,
    }
    return make_event(dev_id, EventType.AUTH, user, body)


def auth_cancelled(
    dev_id: str, *, flow_id: UUID, reason: str, reference_id: str | None, provider: str | None
) -> NewEvent:
    body = {
        "status": "error",
        "flow_id": str(flow_id),
        "reason": reason,
        "reference_id": reference_id,
        "provider": provider,
        "version": VERSION,
    }
    return make_event(dev_id, EventType.AUTH_CANCELLED, None, body)


def auth_failed_classic(
    dev_id: str, user: User, *, reason: str, provider: str | None, widget_session_id: UUID | None
) -> NewEvent:
    body = {
        "status": "error",
        "user": user,
        "provider": provider,
        "message": "User failed to authenticate and has been deleted",
        "reason": reason,
        "reference_id": user["reference_id"],
        "widget_session_id": str(widget_session_id) if widget_session_id else None,
        "version": VERSION,
    }
    # Of nobody: there is no such user, and there was none.
    return make_event(dev_id, EventType.AUTH, None, body)


def deauth(dev_id: str, user: User) -> NewEvent:
    body = {"status": "success", "user": user, "message": "User has deauthenticated", "version": VERSION}
    return make_event(dev_id, EventType.DEAUTH, user, body)


def user_reauth(dev_id: str, new_user: User, old_user: User) -> NewEvent:
    body = {
        "status": "warning",
        "new_user": new_user,
        "old_user": old_user,
        "message": "User has reauthenticated and old ID has been deleted",
        "version": VERSION,
    }
    return make_event(dev_id, EventType.USER_REAUTH, new_user, body)


def access_revoked(dev_id: str, user: User) -> NewEvent:
    body = {"status": "warning", "user": user, "message": "User revoked access", "version": VERSION}
    return make_event(dev_id, EventType.ACCESS_REVOKED, user, body)


def connection_error(dev_id: str, user: User, detail: str) -> NewEvent:
    body = {
        "status": "warning",
        "user": user,
        "message": f"Connection degraded: {detail}",
        "version": VERSION,
    }
    return make_event(dev_id, EventType.CONNECTION_ERROR, user, body)


def permission_change(dev_id: str, user: User, *, added: Sequence[str], removed: Sequence[str]) -> NewEvent:
    body = {
        "status": "warning",
        "user": user,
        "message": "User permissions have been modified",
        "scopes_added": ",".join(added),
        "scopes_removed": ",".join(removed),
        "version": VERSION,
    }
    return make_event(dev_id, EventType.PERMISSION_CHANGE, user, body)


def healthcheck(dev_id: str, *, at: datetime, sent_last_hour: int, trend_percentage: int) -> NewEvent:
    body = {
        "status": "success",
        "creation_timestamp": wire_time(at),
        "trend_percentage": trend_percentage,
        "sent_webhooks_last_hour": sent_last_hour,
        "version": VERSION,
    }
    return make_event(dev_id, EventType.HEALTHCHECK, None, body)
