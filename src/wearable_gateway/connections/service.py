"""What a developer does with a connection: deauthenticate it, rename it, pause it."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from wearable_gateway.connections.grants import GrantRepository
from wearable_gateway.connections.models import Connection, ConnectionState, GrantState
from wearable_gateway.connections.reference_ids import check_reference_id
from wearable_gateway.connections.repository import ConnectionRepository, ConnectionsAcrossDevelopers
from wearable_gateway.connections.wire import connection_user
from wearable_gateway.db.session import Session
from wearable_gateway.db.wakeups import RELEASES
from wearable_gateway.developers import audit
from wearable_gateway.errors import InvalidInputError, NotFoundError
from wearable_gateway.events import catalog, outbox


async def deauthenticate(
    session: Session, dev_id: str, user_id: UUID, *, actor: str, now: datetime, bulk_job: UUID | None = None
) -> None:
    """Remove the connection and its records and tell its developer, audited; raises NotFoundError.

    Other developers' connections to the same grant are not touched. When this was the last one, the grant is
    marked to be given back to the vendor, which a worker does.
    """
    repository = ConnectionRepository(session, dev_id)
    connection = await repository.get(user_id)
    grants = GrantRepository(session)
    grant = await grants.lock(connection.grant_id)
    if not await repository.remove(user_id):
        raise NotFoundError("user")
    if (
        grant
        and grant.state is GrantState.LIVE
        and not await ConnectionsAcrossDevelopers(session).count_linked(grant.id)
    ):
        await grants.request_release(grant.id, now=now)
        session.wake(RELEASES)
    gone = replace(connection, state=ConnectionState.REVOKED)
    await outbox.record(session, [catalog.deauth(dev_id, connection_user(gone))], now=now)
    await audit.record(
        session, dev_id, actor=actor, action="connection.deauthenticated", subject=f"connection:{user_id}",
        before={"reference_id": connection.reference_id, "state": connection.state, "provider": connection.provider},
        after=_of_job(bulk_job) or None,
    )  # fmt: skip


class Keep:
    """The value of a change that was not asked for, where None means "remove it"."""


KEEP = Keep()


async def modify(
    session: Session,
    dev_id: str,
    user_id: UUID,
    *,
    actor: str,
    now: datetime,
    reference_id: str | Keep | None = KEEP,
    active: bool | None = None,
    bulk_job: UUID | None = None,
) -> Connection:
    """Reassign or pause a connection, audited; `bulk_job` is what it is part of. Raises NotFoundError, InvalidInputError."""
    repository = ConnectionRepository(session, dev_id)
    before = await repository.lock(user_id)
    wanted = before.reference_id if isinstance(reference_id, Keep) else check_reference_id(reference_id)
    after = replace(before, reference_id=wanted, state=_state(before, active))
    if after == before:
        return before
    await repository.change(user_id, reference_id=after.reference_id, state=after.state, now=now)
    await audit.record(
        session, dev_id, actor=actor, action="connection.modified", subject=f"connection:{user_id}",
        before={"reference_id": before.reference_id, "state": before.state},
        after={"reference_id": after.reference_id, "state": after.state, **_of_job(bulk_job)},
    )  # fmt: skip
    return after


def _of_job(bulk_job: UUID | None) -> dict[str, str]:
    return {"bulk_job": str(bulk_job)} if bulk_job else {}


def _state(connection: Connection, active: bool | None) -> ConnectionState:
    if active is None:
        return connection.state
    if connection.state is ConnectionState.REVOKED:
        raise InvalidInputError("active", "the end user revoked this connection; they have to connect again")
    return ConnectionState.ACTIVE if active else ConnectionState.PAUSED
