"""A developer's own request for data: fetched now, for one connection, within what its end user agreed to."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from wearable_gateway.connections.access import Vendors
from wearable_gateway.connections.faults import record_fault
from wearable_gateway.connections.grants import GrantRepository
from wearable_gateway.connections.models import Connection, ConnectionState
from wearable_gateway.connections.repository import ConnectionRepository
from wearable_gateway.connections.wire import connection_user
from wearable_gateway.data_requests.dates import DateRange
from wearable_gateway.db.session import Database
from wearable_gateway.errors import DisallowedError, GrantRevokedError, ProviderRefusedError
from wearable_gateway.events import catalog, outbox
from wearable_gateway.ingestion import fetching
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.kit.ids import uuid7
from wearable_gateway.providers import PROVIDERS
from wearable_gateway.unified.records import DataType


@dataclass(frozen=True, slots=True)
class DataRequest:
    dev_id: str
    user_id: UUID
    kind: DataType
    days: DateRange


async def fetch(
    db: Database, vendors: Vendors, wanted: DataRequest
) -> tuple[Connection, list[dict[str, Any]]]:
    """The records of the days asked for. Raises NotFoundError, DisallowedError, ProviderError.

    Nothing is stored: what a notice brings later is compared with what notices brought before, so that
    asking here never swallows an event.
    """
    connection = await ConnectionRepository(db.autocommit, wanted.dev_id).get(wanted.user_id)
    grant = await GrantRepository(db.autocommit).find(connection.grant_id)
    if connection.state is ConnectionState.REVOKED or grant is None:
        raise DisallowedError("authorisation has expired: the end user has to connect again")
    if PROVIDERS[connection.provider].data_scopes.get(wanted.kind) not in connection.scopes:
        raise DisallowedError(f"no permissions: the end user did not agree to share {wanted.kind.value} data")
    try:
        found = await fetching.fetch(vendors, grant, [wanted.kind], wanted.days.start, wanted.days.end)
    except GrantRevokedError as error:
        raise DisallowedError("authorisation has expired: the end user has to connect again") from error
    except ProviderRefusedError as error:
        async with db.transaction() as session:
            await record_fault(session, grant.id, error.detail, now=utc_now())
        raise
    return connection, [record.body for record in found.get(wanted.kind, ())]


async def send(db: Database, wanted: DataRequest, records: list[dict[str, Any]], *, now: datetime) -> UUID:
    """Send `records` to the developer's destinations; returns the reference of the event."""
    reference = uuid7()
    async with db.transaction() as session:
        connection = await ConnectionRepository(session, wanted.dev_id).get(wanted.user_id)
        event = catalog.data(
            wanted.dev_id,
            catalog.EventType(wanted.kind.value),
            connection_user(connection),
            records,
            reference,
        )
        await outbox.record(session, [event], now=now)
    return reference
