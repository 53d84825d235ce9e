"""The end of a data request: its payloads are sent when all are known, and it is over when all came to their end."""

from datetime import datetime, timedelta

from wearable_gateway.connections.repository import ConnectionRepository
from wearable_gateway.connections.wire import connection_user
from wearable_gateway.data_requests.models import DataRequest, RequestState, WindowState
from wearable_gateway.data_requests.repository import DataRequestRepository
from wearable_gateway.db.session import Database
from wearable_gateway.events import data_events, outbox
from wearable_gateway.ingestion.keeping import settings_of
from wearable_gateway.kit.clock import Clock

EXPIRED = "authorisation has expired: the end user has to connect again"
GONE = "the user is deauthenticated"

_LOOK_AGAIN = (timedelta(milliseconds=250), timedelta(minutes=1))


async def send(db: Database, request: DataRequest, *, clock: Clock) -> None:
    """Every window came to its end: hand all payloads to the destinations, and first say how many there are."""
    now = clock()
    async with db.transaction() as session:
        repository = DataRequestRepository(session, request.dev_id)
        if not await repository.hold(request, due_at=now):
            return
        connection = await ConnectionRepository(session, request.dev_id).find(request.user_id)
        if connection is None:
            await repository.finish(request, RequestState.FAILED, GONE, now=now)
            return
        payload_ids = await repository.send(request)
        if request.is_large:
            user = connection_user(connection)
            sending = data_events.large_request_sending(
                request.dev_id, user, request.id, expected_payloads=len(payload_ids)
            )
            await outbox.record(session, [sending], now=now)
        await outbox.deliver_in_order(session, request.dev_id, request.type.value, payload_ids, after=now)
        await session.execute(
            "UPDATE connections SET last_event_at = $3 WHERE dev_id = $1 AND id = $2",
            request.dev_id, request.user_id, now,
        )  # fmt: skip
        await repository.set_sending(request.id, payload_ids, due_at=now + _LOOK_AGAIN[0])


async def settle(db: Database, request: DataRequest, *, now: datetime) -> None:
    """Close a request whose payloads were all delivered, or given up; else look again later."""
    payload_ids = request.payload_ids or ()
    async with db.transaction() as session:
        repository = DataRequestRepository(session, request.dev_id)
        progress = await repository.progress(payload_ids)
        pause = min(max(_LOOK_AGAIN[0], (now - request.created_at) / 20), _LOOK_AGAIN[1])
        if not await repository.hold(request, due_at=now + pause) or progress.due:
            return
        windows = await repository.windows(request.id)
        failed = [one for one in windows if one.state is WindowState.FAILED]
        state = RequestState.FAILED if len(failed) == len(windows) else RequestState.COMPLETED
        await repository.finish(request, state, failed[0].reason if failed else None, now=now)
        settings = await settings_of(session, request.dev_id)
        connection = await ConnectionRepository(session, request.dev_id).find(request.user_id)
        if connection is not None and request.is_large and settings.large_request_completed:
            event = data_events.large_request_completed(
                request.dev_id, connection_user(connection), request.id,
                expected_payloads=len(payload_ids), undelivered=progress.undelivered,
                failed_windows=len(failed),
            )  # fmt: skip
            await outbox.record(session, [event], now=now)


async def finish(
    db: Database, request: DataRequest, state: RequestState, reason: str, *, now: datetime
) -> None:
    """End a request that sends nothing."""
    async with db.transaction() as session:
        repository = DataRequestRepository(session, request.dev_id)
        if await repository.hold(request, due_at=now):
            await repository.finish(request, state, reason, now=now)
