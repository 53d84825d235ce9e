"""What a window brought: stored like what a notice brings, and cut into the payloads it will be sent in."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from wearable_gateway.connections.faults import clear_fault
from wearable_gateway.connections.models import Connection
from wearable_gateway.connections.repository import ConnectionRepository
from wearable_gateway.connections.wire import connection_user
from wearable_gateway.data_requests.models import DataRequest, Window, WindowState
from wearable_gateway.data_requests.pieces import chunks
from wearable_gateway.data_requests.repository import Chunk, DataRequestRepository
from wearable_gateway.db.session import Database
from wearable_gateway.developers.settings import ApiVersion
from wearable_gateway.errors import NotFoundError
from wearable_gateway.events import data_events
from wearable_gateway.ingestion.keeping import Fetched, entitled, keep, note, settings_of
from wearable_gateway.kit.clock import Clock
from wearable_gateway.unified.records import DataType, Record
from wearable_gateway.unified.samples import without_samples


async def store(
    db: Database,
    request: DataRequest,
    window: Window,
    found: Sequence[Record],
    *,
    fetched: Fetched,
    clock: Clock,
) -> None:
    """Keep the records and stage their payloads, in one transaction; nothing when the request is another worker's."""
    from_now = clock()
    async with db.transaction() as session:
        repository = DataRequestRepository(session, request.dev_id)
        if not await repository.hold(request, due_at=from_now):
            return
        try:
            connection = await ConnectionRepository(session, request.dev_id).lock(request.user_id)
        except NotFoundError:
            return  # deauthenticated meanwhile, which the next look at the request finds
        settings = await settings_of(session, request.dev_id)
        found = entitled(connection, {request.type: found}).get(request.type, ())
        kept = await keep(
            session, connection, request.type, found,
            settings=settings, fetched=fetched, now=from_now, tell_all=True,
        )  # fmt: skip
        await note(session, connection, found, fetched=fetched, told_at=None)
        payloads = _payloads(request, connection, kept.all, version=settings.api_version, at=kept.at)
        await repository.stage(request, window, payloads)
        done = replace(
            window, state=WindowState.DONE, attempts=window.attempts + 1, records=len(kept.all),
            reason=None, retrying_at=None,
        )  # fmt: skip
        await repository.set_window(request.id, done)
    if connection.last_error is not None:
        # By itself: it touches other developers' connections, whose locks nobody may wait for while holding one.
        await clear_fault(db.autocommit, connection.grant_id)


def _payloads(
    request: DataRequest,
    connection: Connection,
    records: Sequence[Record],
    *,
    version: ApiVersion,
    at: datetime,
) -> Iterator[Chunk]:
    user = connection_user(connection)
    for bodies in _pieces(request, records):
        event = data_events.data(
            request.dev_id, request.type, user, bodies, version=version, reference=request.id, at=at
        )
        yield Chunk(event.id, event.body, at)


def _pieces(request: DataRequest, records: Sequence[Record]) -> Iterator[Sequence[Mapping[str, Any]]]:
    """One piece, also when there is nothing to say, for a request of up to a month."""
    bodies = (record.body for record in records)
    shown = bodies if request.with_samples else (without_samples(body) for body in bodies)
    if request.is_large and request.type is not DataType.ATHLETE:
        yield from chunks(shown)
    else:
        yield list(shown)
