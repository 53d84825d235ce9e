"""A worker takes a data request to its end, window by window; whoever dies is succeeded at the window it was at.

Each step is committed by itself and holds the request first: a worker that was taken for dead finds that somebody
claimed the request after it, and its step leaves no trace.
"""

from datetime import timedelta

import structlog

from wearable_gateway.connections.access import Vendors
from wearable_gateway.connections.faults import record_fault
from wearable_gateway.connections.grants import GrantRepository
from wearable_gateway.connections.models import Connection, ConnectionState, Grant
from wearable_gateway.connections.records import RecordRepository
from wearable_gateway.connections.repository import ConnectionRepository
from wearable_gateway.connections.wire import connection_user
from wearable_gateway.data_requests.completion import EXPIRED, GONE, finish, send, settle
from wearable_gateway.data_requests.models import DataRequest, RequestState, Window, WindowState
from wearable_gateway.data_requests.pieces import BACKFILL_PAUSE, CLAIM, LIMIT_PAUSE
from wearable_gateway.data_requests.repository import (
    DataRequestRepository,
    DataRequestsAcrossDevelopers,
    retried,
)
from wearable_gateway.data_requests.storing import store
from wearable_gateway.db.session import Database
from wearable_gateway.errors import (
    GrantRevokedError,
    ProviderError,
    ProviderLimitError,
    ProviderPendingError,
    ProviderRefusedError,
    ProviderUnavailableError,
)
from wearable_gateway.events import data_events, outbox
from wearable_gateway.ingestion.fetching import Found, ask_for_backfill, fetch
from wearable_gateway.ingestion.keeping import Fetched
from wearable_gateway.ingestion.schedule import PROVIDER_FAILS, next_try
from wearable_gateway.kit.clock import Clock, utc_now
from wearable_gateway.providers import PROVIDERS

log = structlog.get_logger()


class DataRequestWorker:
    def __init__(self, db: Database, vendors: Vendors, *, clock: Clock = utc_now) -> None:
        self._db = db
        self._vendors = vendors
        self._clock = clock

    async def work_next(self) -> bool:
        """Take one due request as far as it goes now. False when none is due."""
        now = self._clock()
        for dev_id, request_id in await DataRequestsAcrossDevelopers(self._db.autocommit).due(now=now):
            repository = DataRequestRepository(self._db.autocommit, dev_id)
            request = await repository.claim(request_id, now=now, until=now + CLAIM)
            if request is None:
                continue
            if request.state is RequestState.SENDING:
                await settle(self._db, request, now=self._clock())
            else:
                await self._process(request)
            return True
        return False

    async def _process(self, request: DataRequest) -> None:
        """One window; then the request waits behind those that waited longer."""
        windows = await DataRequestRepository(self._db.autocommit, request.dev_id).windows(request.id)
        window = next((one for one in windows if one.state is WindowState.WAITING), None)
        if window is None:
            await send(self._db, request, clock=self._clock)
            return
        connection = await ConnectionRepository(self._db.autocommit, request.dev_id).find(request.user_id)
        grant = await self._grant(connection)
        if connection is None or grant is None:
            reason = EXPIRED if connection else GONE
            await finish(self._db, request, RequestState.FAILED, reason, now=self._clock())
            return
        await self._fetch(request, window, connection, grant)

    async def _grant(self, connection: Connection | None) -> Grant | None:
        if connection is None or connection.state is ConnectionState.REVOKED:
            return None
        return await GrantRepository(self._db.autocommit).find(connection.grant_id)

    async def _fetch(
        self, request: DataRequest, window: Window, connection: Connection, grant: Grant
    ) -> None:
        number = await GrantRepository(self._db.autocommit).begin_fetch(grant.id)
        fetched = Fetched(number, self._clock())
        try:
            found = await self._found(request, window, connection, grant)
        except GrantRevokedError:
            await finish(self._db, request, RequestState.FAILED, EXPIRED, now=self._clock())
        except ProviderError as error:
            await self._put_off(request, window, connection, error)
        else:
            records = found.get(request.type, ())
            await store(self._db, request, window, records, fetched=fetched, clock=self._clock)

    async def _found(
        self, request: DataRequest, window: Window, connection: Connection, grant: Grant
    ) -> Found:
        """What the vendor has for `window`. Raises ProviderError; ProviderPendingError while a notice is to bring it."""
        if PROVIDERS[grant.provider].backfills_by_notice:
            if await ask_for_backfill(
                self._vendors, grant, request.type, window.start, window.end, scopes=connection.scopes
            ):
                raise ProviderPendingError(grant.provider, BACKFILL_PAUSE.total_seconds())
            repository = RecordRepository(self._db.autocommit, request.dev_id)
            return {
                request.type: await repository.records(
                    request.user_id, request.type, window.start, window.end
                )
            }
        return await fetch(
            self._vendors, grant, [request.type], window.start, window.end, samples=request.with_samples
        )

    async def _put_off(
        self, request: DataRequest, window: Window, connection: Connection, error: ProviderError
    ) -> None:
        now, pause = self._clock(), pause_after(window, error)
        again = now + pause if pause else None
        log.info(
            "data_request.window_failed", provider=connection.provider, error=type(error).__name__,
            again_in_seconds=pause.total_seconds() if pause else None,
        )  # fmt: skip
        async with self._db.transaction() as session:
            repository = DataRequestRepository(session, request.dev_id)
            if not await repository.hold(request, due_at=again or now):
                return
            await repository.set_window(request.id, retried(window, error.detail, again))
            if isinstance(error, ProviderLimitError) and again:
                event = data_events.rate_limit_hit(
                    request.dev_id, connection_user(connection), request.id,
                    start=window.start, end=window.end, retrying_at=again,
                )  # fmt: skip
                await outbox.record(session, [event], now=now)
            if isinstance(error, ProviderRefusedError):
                await record_fault(session, connection.grant_id, error.detail, now=now)


def pause_after(window: Window, error: ProviderError) -> timedelta | None:
    """Until the window is tried again; None: it is given up. A limit or a vendor at work is no failure."""
    if isinstance(error, ProviderLimitError):
        return timedelta(seconds=error.retry_after) if error.retry_after else LIMIT_PAUSE
    if isinstance(error, ProviderPendingError):
        return timedelta(seconds=error.retry_after)
    if isinstance(error, ProviderUnavailableError):
        return next_try(window.attempts + 1, PROVIDER_FAILS, error.retry_after)
    if isinstance(error, ProviderRefusedError):
        return next_try(window.attempts + 1, PROVIDER_FAILS)
    return None
