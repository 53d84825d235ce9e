"""A developer asks for data of one connection: answered at once, or worked on and sent to the destinations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from wearable_gateway.connections.access import Vendors
from wearable_gateway.connections.faults import record_fault
from wearable_gateway.connections.grants import GrantRepository
from wearable_gateway.connections.models import Connection, ConnectionState, Grant
from wearable_gateway.connections.records import RecordRepository
from wearable_gateway.connections.repository import ConnectionRepository
from wearable_gateway.connections.wire import connection_user
from wearable_gateway.data_requests.budget import Budget, charge
from wearable_gateway.data_requests.completion import EXPIRED
from wearable_gateway.data_requests.dates import DateRange
from wearable_gateway.data_requests.models import DataRequest, RequestState, Window
from wearable_gateway.data_requests.pieces import windows
from wearable_gateway.data_requests.repository import DataRequestRepository
from wearable_gateway.db.session import Database, Session
from wearable_gateway.db.wakeups import DATA_REQUESTS
from wearable_gateway.developers import audit
from wearable_gateway.errors import DisallowedError, GrantRevokedError, NotFoundError, ProviderRefusedError
from wearable_gateway.events import data_events, outbox
from wearable_gateway.ingestion import fetching
from wearable_gateway.ingestion.keeping import entitled
from wearable_gateway.kit.clock import Clock
from wearable_gateway.kit.ids import uuid7
from wearable_gateway.providers import PROVIDERS
from wearable_gateway.unified.records import DataType
from wearable_gateway.unified.samples import without_samples


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a developer asks for, read."""

    dev_id: str
    user_id: UUID
    kind: DataType
    days: DateRange
    with_samples: bool


@dataclass(frozen=True, slots=True)
class Admitted:
    """A request that may be made, and is paid for. `grant` None: the provider has no such data."""

    connection: Connection
    grant: Grant | None
    budget: Budget


async def admit(db: Database, wanted: Wanted, *, now: datetime) -> Admitted:
    """Raises NotFoundError, DisallowedError, TooManyRequestsError."""
    async with db.transaction() as session:
        connection = await ConnectionRepository(session, wanted.dev_id).hold(wanted.user_id)
        grant = await GrantRepository(session).find(connection.grant_id)
        if connection.state is ConnectionState.REVOKED or grant is None:
            raise DisallowedError(EXPIRED)
        provider = PROVIDERS[connection.provider]
        delivers = wanted.kind in provider.data_scopes
        if delivers and not provider.allows(wanted.kind, connection.scopes):
            raise DisallowedError(
                f"no permissions: the end user did not agree to share {wanted.kind.value} data"
            )
        budget = await charge(session, wanted.dev_id, wanted.user_id, wanted.days.cost, now=now)
    return Admitted(connection, grant if delivers else None, budget)


async def fetch(
    db: Database, vendors: Vendors, wanted: Wanted, admitted: Admitted, *, clock: Clock
) -> list[dict[str, Any]]:
    """The records of the days asked for; the stored ones of a vendor that answers by notice. Raises DisallowedError, ProviderError.

    Nothing is stored: what a notice brings later is compared with what destinations were told before, so that
    asking here never swallows an event.
    """
    days, connection, grant = wanted.days, admitted.connection, admitted.grant
    if grant is None:
        return []
    provider = PROVIDERS[connection.provider]
    try:
        if provider.backfills_by_notice:
            return await _stored(db, wanted)
        found = await fetching.fetch(
            vendors, grant, [wanted.kind], days.start, days.end, samples=wanted.with_samples
        )
    except GrantRevokedError as error:
        raise DisallowedError(EXPIRED) from error
    except ProviderRefusedError as error:
        async with db.transaction() as session:
            await record_fault(session, grant.id, error.detail, now=clock())
        raise
    bodies = [record.body for record in entitled(connection, found).get(wanted.kind, ())]
    return bodies if wanted.with_samples else [without_samples(body) for body in bodies]


async def _stored(db: Database, wanted: Wanted) -> list[dict[str, Any]]:
    repository = RecordRepository(db.autocommit, wanted.dev_id)
    bodies = await repository.read(wanted.user_id, wanted.kind, wanted.days.start, wanted.days.end)
    return bodies if wanted.with_samples else [without_samples(body) for body in bodies]


async def begin(session: Session, wanted: Wanted, connection: Connection, *, now: datetime) -> DataRequest:
    """A request that a worker takes on from here, whatever becomes of this process; in a transaction."""
    request = DataRequest(
        dev_id=wanted.dev_id,
        id=uuid7(),
        user_id=wanted.user_id,
        type=wanted.kind,
        start=wanted.days.start,
        end=wanted.days.end,
        with_samples=wanted.with_samples,
        is_large=wanted.days.is_large,
        state=RequestState.PROCESSING,
        reason=None,
        payload_ids=None,
        claims=0,
        created_at=now,
        finished_at=None,
    )
    await DataRequestRepository(session, wanted.dev_id).add(request, _windows(request, connection.provider))
    if request.is_large:
        event = data_events.large_request_processing(wanted.dev_id, connection_user(connection), request.id)
        await outbox.record(session, [event], now=now)
    session.wake(DATA_REQUESTS)
    return request


async def ask(
    db: Database,
    dev_id: str,
    user_id: UUID,
    days: DateRange,
    kinds: Sequence[DataType],
    *,
    actor: str,
    now: datetime,
) -> list[DataRequest]:
    """One request for each of `kinds` that the connection may be given, sent to the destinations; audited.

    Raises NotFoundError, TooManyRequestsError; DisallowedError when there is none that it may be given.
    """
    begun: list[DataRequest] = []
    refused: DisallowedError | None = None
    for kind in kinds:
        wanted = Wanted(dev_id, user_id, kind, days, with_samples=True)
        try:
            admitted = await admit(db, wanted, now=now)
        except DisallowedError as error:
            refused = error
            continue
        if admitted.grant is None:
            continue
        async with db.transaction() as session:
            request = await begin(session, wanted, admitted.connection, now=now)
            await audit.record(
                session, dev_id, actor=actor, action="data.requested", subject=f"connection:{user_id}",
                after={"type": kind, "start_date": f"{days.start}", "end_date": f"{days.end}"},
            )  # fmt: skip
        begun.append(request)
    if not begun:
        raise refused or DisallowedError("the provider has no such data")
    return begun


def _windows(request: DataRequest, provider: str) -> Sequence[Window]:
    if not request.is_large:
        return [Window(0, request.start, request.end)]
    return windows(request.start, request.end, days=PROVIDERS[provider].window_days)


@dataclass(frozen=True, slots=True)
class Status:
    """`undelivered` payloads are those that some destination never took."""

    request: DataRequest
    windows: Sequence[Window]
    deliveries_due: int
    undelivered: int


async def status(session: Session, dev_id: str, reference: UUID) -> Status:
    """What became of a request. Raises NotFoundError."""
    repository = DataRequestRepository(session, dev_id)
    request = await repository.find(reference)
    if request is None:
        raise NotFoundError("data request")
    progress = await repository.progress(request.payload_ids or ())
    return Status(request, await repository.windows(reference), progress.due, progress.undelivered)
