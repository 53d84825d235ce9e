"""Records that are no more at the vendor: every connection forgets them, and is told where Terra has a word for it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from wearable_gateway.connections.models import ConnectionState
from wearable_gateway.connections.records import RecordRepository
from wearable_gateway.connections.repository import ConnectionRepository, ConnectionsAcrossDevelopers
from wearable_gateway.connections.wire import connection_user
from wearable_gateway.db.session import Database, Session
from wearable_gateway.errors import NotFoundError
from wearable_gateway.events import data_events, outbox
from wearable_gateway.ingestion.keeping import settings_of
from wearable_gateway.kit.clock import Clock
from wearable_gateway.unified.common import UploadType
from wearable_gateway.unified.records import DataType
from wearable_gateway.unified.samples import without_samples

_PAGE = 500
# The upload types of sleeps and other records have no word for a deletion.
_TOLD = {DataType.ACTIVITY}


async def forget(
    db: Database, grant_id: UUID, kinds: Sequence[DataType], keys: Sequence[str], *, clock: Clock
) -> None:
    """One transaction per connection, as for what is new; who has paused one is not told, and has it no more either."""
    after = None
    while page := await ConnectionsAcrossDevelopers(db.autocommit).of_grant(
        grant_id, after=after, limit=_PAGE, paused_too=True
    ):
        for connection in page:
            async with db.transaction() as session:
                await _forget(session, connection.dev_id, connection.id, kinds, keys, now=clock())
        after = (page[-1].dev_id, page[-1].id)


async def _forget(
    session: Session,
    dev_id: str,
    user_id: UUID,
    kinds: Sequence[DataType],
    keys: Sequence[str],
    *,
    now: datetime,
) -> None:
    try:
        connection = await ConnectionRepository(session, dev_id).lock(user_id)
    except NotFoundError:
        return
    if connection.state is ConnectionState.REVOKED:
        return
    is_told = connection.state is ConnectionState.ACTIVE
    version = (await settings_of(session, dev_id)).api_version
    for kind in kinds:
        bodies = await RecordRepository(session, dev_id).take(user_id, kind, keys)
        if bodies and is_told and kind in _TOLD:
            event = data_events.data(
                dev_id, kind, connection_user(connection), [_deleted(body) for body in bodies],
                version=version, at=now,
            )  # fmt: skip
            await outbox.record(session, [event], now=now)


def _deleted(body: dict[str, Any]) -> dict[str, Any]:
    short = without_samples(body)
    return {**short, "metadata": {**short["metadata"], "upload_type": UploadType.DELETE.value}}
