"""What does not work just now? The newest of it."""

from datetime import datetime
from uuid import UUID

from wearable_gateway.db.session import Session
from wearable_gateway.overview.models import AppTrouble, ConnectionTrouble

_SHOWN = 8
# An error of a connection that was revoked since is no trouble any more; so many are looked through at most.
_LOOKED_THROUGH = 200

_CONNECTIONS = """
SELECT id, provider, reference_id, last_error, last_error_at FROM (
  SELECT id, provider, reference_id, last_error, last_error_at, state FROM connections
  WHERE dev_id = $1 AND last_error IS NOT NULL ORDER BY last_error_at DESC LIMIT $2
) AS newest
WHERE state = 'active' ORDER BY last_error_at DESC LIMIT $3
"""


async def connection_troubles(session: Session, dev_id: str) -> list[ConnectionTrouble]:
    rows = await session.fetch(_CONNECTIONS, dev_id, _LOOKED_THROUGH, _SHOWN)
    return [
        ConnectionTrouble(
            row["id"], row["provider"], row["reference_id"], row["last_error"], row["last_error_at"]
        )
        for row in rows
    ]


async def app_troubles(session: Session, dev_id: str) -> list[AppTrouble]:
    """Of the developer's own apps, and which of the gateway's have some, without its words."""
    rows = await session.fetch(
        "SELECT provider, dev_id, upkeep_error FROM provider_apps"
        " WHERE upkeep_error IS NOT NULL AND (dev_id = $1 OR dev_id IS NULL) ORDER BY provider, dev_id",
        dev_id,
    )
    own = {row["provider"] for row in rows if row["dev_id"]}
    return [
        AppTrouble(row["provider"], row["dev_id"], row["upkeep_error"] if row["dev_id"] else None)
        for row in rows
        if row["dev_id"] or row["provider"] not in own
    ]


async def all_app_troubles(session: Session) -> list[AppTrouble]:
    """The gateway's own first."""
    rows = await session.fetch(
        "SELECT provider, dev_id, upkeep_error FROM provider_apps WHERE upkeep_error IS NOT NULL"
        " ORDER BY dev_id NULLS FIRST, provider LIMIT $1",
        _SHOWN,
    )
    return [AppTrouble(row["provider"], row["dev_id"], row["upkeep_error"]) for row in rows]


async def failing_destinations(session: Session) -> list[tuple[str, UUID, datetime]]:
    """Of all developers, those that fail for longest."""
    rows = await session.fetch(
        "SELECT dev_id, id, failing_since FROM destinations WHERE failing_since IS NOT NULL AND state = 'enabled'"
        " ORDER BY failing_since, dev_id LIMIT $1",
        _SHOWN,
    )
    return [(row["dev_id"], row["id"], row["failing_since"]) for row in rows]
