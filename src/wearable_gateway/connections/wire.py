"""A connection as Terra's clients know it: a "user" (https://docs.tryterra.co/reference, TerraUser)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from wearable_gateway.connections.models import Connection, ConnectionState
from wearable_gateway.kit.clock import wire_time


def user(
    *,
    user_id: UUID,
    provider: str,
    reference_id: str | None,
    scopes: Sequence[str] | None = None,
    active: bool = False,
    created_at: datetime | None = None,
    last_event_at: datetime | None = None,
) -> dict[str, Any]:
    return {
        "user_id": str(user_id),
        "provider": provider,
        "reference_id": reference_id,
        "scopes": ",".join(scopes) if scopes else None,
        "active": active,
        "created_at": wire_time(created_at) if created_at else None,
        "last_webhook_update": wire_time(last_event_at) if last_event_at else None,
    }


def connection_user(connection: Connection) -> dict[str, Any]:
    return user(
        user_id=connection.id,
        provider=connection.provider,
        reference_id=connection.reference_id,
        scopes=connection.scopes,
        active=connection.state is ConnectionState.ACTIVE,
        created_at=connection.created_at,
        last_event_at=connection.last_event_at,
    )


def detailed_user(connection: Connection) -> dict[str, Any]:
    """With what only a look at one user tells: when its provider was asked last, and until when its data reaches."""
    polled, newest = connection.last_polled_at, connection.most_recent_data_at
    return {
        **connection_user(connection),
        "last_polled_at": wire_time(polled) if polled else None,
        "most_recent_data_at": wire_time(newest) if newest else None,
    }
