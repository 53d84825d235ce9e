"""The end user took a grant back at the provider: every connection of it hears so once.

One transaction under the grant's lock: tokens erased, connections revoked, events and deliveries written.
"""

from datetime import datetime, timedelta
from enum import Enum, auto
from uuid import UUID

import structlog

from wearable_gateway.connections.grants import GrantRepository
from wearable_gateway.connections.models import Connection, GrantState
from wearable_gateway.connections.repository import ConnectionsAcrossDevelopers
from wearable_gateway.connections.wire import connection_user
from wearable_gateway.db.session import Session
from wearable_gateway.events import catalog, outbox

log = structlog.get_logger()

_CLOCKS_DIFFER_BY = timedelta(minutes=5)


_REFUSALS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 10, 20))


def next_doubt(refusals: int) -> timedelta | None:
    """When a token that cannot be refreshed is tried again after so many refusals in a row; None: it is dead.

    A vendor whose tokens have no refresh token never says `invalid_grant`, and may refuse all of them for a while.
    """
    return _REFUSALS[refusals - 1] if refusals <= len(_REFUSALS) else None


class Belief(Enum):
    """What to do with a vendor's word that a grant was revoked."""

    BELIEVE = auto()
    CONFIRM = auto()


def judge(*, signed: bool, occurred_at: datetime | None, consented_at: datetime) -> Belief:
    """A signed notice that is clearly younger than the newest consent is believed; all else is first confirmed.

    A late notice about an older consent, the echo of our own revocation among them, must not end a newer one.
    """
    if signed and occurred_at is not None and occurred_at > consented_at + _CLOCKS_DIFFER_BY:
        return Belief.BELIEVE
    return Belief.CONFIRM


async def revoke_grant(
    session: Session, grant_id: UUID, *, now: datetime, token_version: int | None = None
) -> bool:
    """Whether the grant is dead now. False: `token_version` has been superseded, so the verdict on it is void.

    Raises nothing for a grant that is unknown or dead already: there is nobody left to tell.
    """
    grants = GrantRepository(session)
    grant = await grants.lock(grant_id)
    if grant is None or grant.state is GrantState.REVOKED:
        return True
    if token_version is not None and grant.token_version != token_version:
        return False
    revoked = await revoke_connections(session, grant_id, now=now)
    await grants.set_revoked(grant_id)
    log.info("grant.revoked", grant_id=str(grant_id), provider=grant.provider, connections=len(revoked))
    return True


async def revoke_connections(session: Session, grant_id: UUID, *, now: datetime) -> list[Connection]:
    """Mark every connection of a locked grant revoked and tell each of it; those that were not so before."""
    revoked = await ConnectionsAcrossDevelopers(session).revoke_all(grant_id, now=now)
    await outbox.record(
        session,
        [catalog.access_revoked(connection.dev_id, connection_user(connection)) for connection in revoked],
        now=now,
    )
    return revoked
