"""What was fetched once is compared and told to every connection of the grant that is entitled to it."""

from datetime import datetime
from uuid import UUID

from wearable_gateway.connections.models import Connection, ConnectionState
from wearable_gateway.connections.records import RecordRepository
from wearable_gateway.connections.repository import ConnectionRepository, ConnectionsAcrossDevelopers
from wearable_gateway.connections.wire import connection_user
from wearable_gateway.db.session import Database, Session
from wearable_gateway.errors import NotFoundError
from wearable_gateway.events import catalog, outbox
from wearable_gateway.events.models import NewEvent
from wearable_gateway.ingestion.fetching import Found
from wearable_gateway.providers import PROVIDERS

_PAGE = 500


async def share(db: Database, grant_id: UUID, found: Found, *, fetched_at: datetime) -> None:
    """Store and tell, one transaction per connection: dying half-way repeats nothing for those already told."""
    after = None
    while page := await ConnectionsAcrossDevelopers(db.autocommit).of_grant(
        grant_id, after=after, limit=_PAGE
    ):
        for connection in page:
            async with db.transaction() as session:
                await _give(session, connection.dev_id, connection.id, found, fetched_at=fetched_at)
        after = (page[-1].dev_id, page[-1].id)


async def _give(session: Session, dev_id: str, user_id: UUID, found: Found, *, fetched_at: datetime) -> None:
    try:
        connection = await ConnectionRepository(session, dev_id).lock(user_id)
    except NotFoundError:
        return  # deauthenticated since the page was read
    if connection.state is not ConnectionState.ACTIVE:
        return
    events = await _store(session, connection, found, fetched_at=fetched_at)
    if events:
        await session.execute(
            "UPDATE connections SET last_event_at = $3 WHERE dev_id = $1 AND id = $2",
            dev_id,
            user_id,
            fetched_at,
        )
        await outbox.record(session, events, now=fetched_at)


async def _store(
    session: Session, connection: Connection, found: Found, *, fetched_at: datetime
) -> list[NewEvent]:
    scopes = PROVIDERS[connection.provider].data_scopes
    repository = RecordRepository(session, connection.dev_id)
    events = []
    for kind, records in found.items():
        if scopes[kind] not in connection.scopes:
            continue
        changed = await repository.store(connection.id, kind, records, fetched_at=fetched_at)
        if changed:
            bodies = [record.body for record in changed]
            user = connection_user(connection)
            events.append(catalog.data(connection.dev_id, catalog.EventType(kind.value), user, bodies))
    return events
