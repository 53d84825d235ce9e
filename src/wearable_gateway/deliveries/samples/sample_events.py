"""A made-up event of each type, with everything in it that a real one has."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from wearable_gateway.connections.wire import user
from wearable_gateway.deliveries.samples.sample_records import sample_record
from wearable_gateway.developers.settings import ApiVersion
from wearable_gateway.events import catalog, data_events, destination_events
from wearable_gateway.events.catalog import EventType
from wearable_gateway.events.models import NewEvent
from wearable_gateway.kit.ids import uuid7
from wearable_gateway.unified.records import DataType

REFERENCE_ID = "test"
PROVIDER = "TEST"


@dataclass(frozen=True, slots=True)
class _Cast:
    """Who and what the event speaks of: nobody and nothing that there is."""

    dev_id: str
    user: dict[str, Any]
    now: datetime
    reference: UUID


def sample_event(
    dev_id: str, kind: EventType, *, version: ApiVersion, now: datetime, provider: str = PROVIDER
) -> NewEvent:
    """An event of `kind` about a user who does not exist."""
    cast = _Cast(dev_id, _user(provider, now), now, uuid7())
    if kind in _MAKERS:
        return _MAKERS[kind](cast)
    data = DataType(kind.value)
    return data_events.data(dev_id, data, cast.user, [sample_record(data, now)], version=version)


def _user(provider: str, now: datetime) -> dict[str, Any]:
    return user(
        user_id=uuid7(), provider=provider, reference_id=REFERENCE_ID, scopes=["activity", "daily", "sleep"],
        active=True, created_at=now, last_event_at=now,
    )  # fmt: skip


def _permission_change(cast: _Cast) -> NewEvent:
    return catalog.permission_change(cast.dev_id, cast.user, added=["sleep"], removed=["body"])


def _user_reauth(cast: _Cast) -> NewEvent:
    return catalog.user_reauth(
        cast.dev_id, cast.user, {**cast.user, "user_id": str(uuid7()), "active": False}
    )


def _completed(cast: _Cast) -> NewEvent:
    return data_events.large_request_completed(
        cast.dev_id, cast.user, cast.reference, expected_payloads=1, undelivered=0, failed_windows=0
    )


def _rate_limit_hit(cast: _Cast) -> NewEvent:
    today = cast.now.date()
    return data_events.rate_limit_hit(
        cast.dev_id, cast.user, cast.reference, start=today - timedelta(days=7), end=today,
        retrying_at=cast.now + timedelta(minutes=15),
    )  # fmt: skip


_DESTINATION = {
    "destination_id": str(uuid7()),
    "url": "https://example.com/webhooks",
    "description": "made up",
}
_MAKERS: Mapping[EventType, Callable[[_Cast], NewEvent]] = {
    EventType.AUTH: lambda cast: catalog.auth(
        cast.dev_id, cast.user, flow_id=uuid7(), widget_session_id=uuid7()
    ),
    EventType.AUTH_CANCELLED: lambda cast: catalog.auth_cancelled(
        cast.dev_id, flow_id=uuid7(), reason="access_denied", reference_id=REFERENCE_ID,
        provider=cast.user["provider"],
    ),
    EventType.DEAUTH: lambda cast: catalog.deauth(cast.dev_id, cast.user),
    EventType.USER_REAUTH: _user_reauth,
    EventType.ACCESS_REVOKED: lambda cast: catalog.access_revoked(cast.dev_id, cast.user),
    EventType.CONNECTION_ERROR: lambda cast: catalog.connection_error(cast.dev_id, cast.user, "answered 403"),
    EventType.PERMISSION_CHANGE: _permission_change,
    EventType.LARGE_REQUEST_PROCESSING: lambda cast: data_events.large_request_processing(
        cast.dev_id, cast.user, cast.reference
    ),
    EventType.LARGE_REQUEST_SENDING: lambda cast: data_events.large_request_sending(
        cast.dev_id, cast.user, cast.reference, expected_payloads=1
    ),
    EventType.LARGE_REQUEST_COMPLETED: _completed,
    EventType.RATE_LIMIT_HIT: _rate_limit_hit,
    EventType.HEALTHCHECK: lambda cast: catalog.healthcheck(
        cast.dev_id, at=cast.now, sent_last_hour=1, trend_percentage=0
    ),
    EventType.DESTINATION_DISABLED: lambda cast: destination_events.disabled(
        cast.dev_id, _DESTINATION, "it failed for 5 days; last: it answered 500"
    ),
    EventType.DESTINATION_RECOVERED: lambda cast: destination_events.recovered(
        cast.dev_id, _DESTINATION, cast.now - timedelta(hours=2)
    ),
    EventType.DELIVERY_EXHAUSTED: lambda cast: destination_events.exhausted(
        cast.dev_id, _DESTINATION, [destination_events.Lost(uuid7(), "daily", 10, "it answered 500")]
    ),
}  # fmt: skip
