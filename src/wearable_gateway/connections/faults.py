"""A provider refused us although the grant lives: shown on the connections, told at most once a day."""

from datetime import datetime, timedelta
from uuid import UUID

from wearable_gateway.connections.repository import COLUMNS, read_connection
from wearable_gateway.connections.wire import connection_user
from wearable_gateway.db.session import Session
from wearable_gateway.events import catalog, outbox

_AT_MOST_EVERY = timedelta(days=1)


async def record_fault(session: Session, grant_id: UUID, detail: str, *, now: datetime) -> None:
    """Note `detail` on every active connection of the grant and tell those not told within a day."""
    await session.execute(
        "UPDATE connections SET last_error = $2, last_error_at = $3 WHERE grant_id = $1 AND state = 'active'",
        grant_id, detail, now,
    )  # fmt: skip
    rows = await session.fetch(
        "UPDATE connections SET error_event_at = $2 WHERE grant_id = $1 AND state = 'active'"
        f" AND (error_event_at IS NULL OR error_event_at <= $3) RETURNING {COLUMNS}",
        grant_id, now, now - _AT_MOST_EVERY,
    )  # fmt: skip
    told = [read_connection(row) for row in rows]
    events = [catalog.connection_error(one.dev_id, connection_user(one), detail) for one in told]
    await outbox.record(session, events, now=now)


async def clear_fault(session: Session, grant_id: UUID) -> None:
    await session.execute(
        "UPDATE connections SET last_error = NULL WHERE grant_id = $1 AND last_error IS NOT NULL", grant_id
    )
