"""What may a connection be given, and whom does a change of a grant's scopes concern?"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from wearable_gateway.connections.grants import GrantRepository
from wearable_gateway.connections.models import Connection, Grant
from wearable_gateway.connections.repository import ConnectionsAcrossDevelopers
from wearable_gateway.connections.wire import connection_user
from wearable_gateway.db.session import Session
from wearable_gateway.events import catalog, outbox
from wearable_gateway.events.models import NewEvent

_PAGE = 500


def effective(consented: Iterable[str], granted: Iterable[str]) -> tuple[str, ...]:
    """What the end user agreed to for one developer, as far as the vendor still grants it."""
    still = set(granted)
    return tuple(scope for scope in consented if scope in still)


async def change_scopes(session: Session, grant: Grant, scopes: Sequence[str], *, now: datetime) -> None:
    """Set the scopes of a locked grant and tell every connection whose own scopes change by it."""
    await GrantRepository(session).set_scopes(grant.id, scopes)
    if set(scopes) == set(grant.scopes):
        return
    everyone = ConnectionsAcrossDevelopers(session)
    after = None
    while page := await everyone.of_grant(grant.id, after=after, limit=_PAGE):
        await _tell(session, page, scopes, now=now)
        after = (page[-1].dev_id, page[-1].id)


async def _tell(
    session: Session, page: Sequence[Connection], scopes: Sequence[str], *, now: datetime
) -> None:
    changed = [
        (connection, fresh)
        for connection in page
        if set(fresh := effective(connection.consented_scopes, scopes)) != set(connection.scopes)
    ]
    await session.executemany(
        "UPDATE connections SET scopes = $3, updated_at = $4 WHERE dev_id = $1 AND id = $2",
        [(connection.dev_id, connection.id, list(fresh), now) for connection, fresh in changed],
    )
    await outbox.record(
        session, [_permission_change(connection, fresh) for connection, fresh in changed], now=now
    )


def _permission_change(connection: Connection, fresh: tuple[str, ...]) -> NewEvent:
    return catalog.permission_change(
        connection.dev_id,
        connection_user(replace(connection, scopes=fresh)),
        added=[scope for scope in fresh if scope not in connection.scopes],
        removed=[scope for scope in connection.scopes if scope not in fresh],
    )
