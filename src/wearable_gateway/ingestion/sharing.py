"""What was fetched once is compared and told to every connection of the grant that is entitled to it."""

from uuid import UUID

from wearable_gateway.connections.models import Connection, ConnectionState
from wearable_gateway.connections.repository import ConnectionRepository, ConnectionsAcrossDevelopers
from wearable_gateway.connections.wire import connection_user
from wearable_gateway.db.session import Database, Session
from wearable_gateway.errors import NotFoundError
from wearable_gateway.events import data_events, outbox
from wearable_gateway.events.models import NewEvent
from wearable_gateway.ingestion.fetching import Found
from wearable_gateway.ingestion.keeping import Fetched, entitled, keep, note, settings_of
from wearable_gateway.kit.clock import Clock

_PAGE = 500


async def share(db: Database, grant_id: UUID, found: Found, *, fetched: Fetched, clock: Clock) -> None:
    """Store and tell, one transaction per connection: dying half-way repeats nothing for those already told."""
    after = None
    while page := await ConnectionsAcrossDevelopers(db.autocommit).of_grant(
        grant_id, after=after, limit=_PAGE
    ):
        for connection in page:
            async with db.transaction() as session:
                await _give(session, connection.dev_id, connection.id, found, fetched=fetched, clock=clock)
        after = (page[-1].dev_id, page[-1].id)


async def _give(
    session: Session, dev_id: str, user_id: UUID, found: Found, *, fetched: Fetched, clock: Clock
) -> None:
    try:
        connection = await ConnectionRepository(session, dev_id).lock(user_id)
    except NotFoundError:
        return  # deauthenticated since the page was read
    if connection.state is not ConnectionState.ACTIVE:
        return
    allowed = entitled(connection, found)
    events = await _store(session, connection, allowed, fetched=fetched, clock=clock)
    records = [record for records in allowed.values() for record in records]
    told_at = fetched.at if events else None
    await note(session, connection, records, fetched=fetched, told_at=told_at)
    await outbox.record(session, events, now=clock())


async def _store(
    session: Session, connection: Connection, allowed: Found, *, fetched: Fetched, clock: Clock
) -> list[NewEvent]:
    settings = await settings_of(session, connection.dev_id)
    user = connection_user(connection)
    events = []
    for kind, records in allowed.items():
        kept = await keep(session, connection, kind, records, settings=settings, fetched=fetched, now=clock())
        if kept.changed:
            bodies = [record.body for record in kept.changed]
            version = settings.api_version
            events.append(
                data_events.data(connection.dev_id, kind, user, bodies, version=version, at=kept.at)
            )
    return events
