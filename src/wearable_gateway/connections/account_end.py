"""Whoever runs the gateway ends a grant: every connection of it hears so once, and the vendor is told.

Towards developers it is what an end user's revocation is. Towards the vendor it is what the last deauthentication is: the
grant waits to be given back, which a worker does (`release.py`); its tokens are erased after that and not before, since
the vendor wants to see them. The vendor's echo, or a refresh answered `invalid_grant` meanwhile, finds nobody left to tell.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog

from wearable_gateway.connections.accounts import AccountsAcrossDevelopers, Reached
from wearable_gateway.connections.grants import GrantRepository
from wearable_gateway.connections.models import GrantState
from wearable_gateway.connections.revocation import revoke_connections
from wearable_gateway.db.session import Session
from wearable_gateway.db.wakeups import RELEASES
from wearable_gateway.developers import audit
from wearable_gateway.errors import NotFoundError

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class End:
    """Whom it reaches: each connection with one `access_revoked`. `state` is the grant's before."""

    provider: str
    state: GrantState
    reached: list[Reached]

    @property
    def events(self) -> int:
        return sum(one.connections for one in self.reached)


async def preview_end(session: Session, grant_id: UUID) -> End:
    """What `end_account` would do now. Raises NotFoundError."""
    everyone = AccountsAcrossDevelopers(session)
    account = await everyone.get(grant_id)
    return End(account.provider, account.state, await everyone.reached(grant_id))


async def end_account(session: Session, grant_id: UUID, *, actor: str, now: datetime) -> End:
    """Revoke every connection of the grant and have it given back, audited; a second time it reaches nobody.

    In the caller's transaction. Raises NotFoundError.
    """
    grants = GrantRepository(session)
    grant = await grants.lock(grant_id)
    if grant is None:
        raise NotFoundError("account")
    everyone = AccountsAcrossDevelopers(session)
    end = End(grant.provider, grant.state, await everyone.reached(grant_id))
    revoked = await revoke_connections(session, grant_id, now=now)
    if grant.state is GrantState.LIVE:
        await grants.request_release(grant_id, now=now)
        session.wake(RELEASES)
    elif not revoked:
        return end
    subjects = [(one.dev_id, f"connection:{one.id}") for one in revoked]
    await audit.record_each(
        session, subjects, actor=actor, action="connection.revoked", after={"state": "revoked"}
    )
    await audit.record(
        session, audit.GATEWAY, actor=actor, action="account.revoked", subject=f"account:{grant_id}",
        after={
            "provider": grant.provider, "account_id": grant.provider_account_id,
            "developers": len(end.reached), "connections": len(revoked),
        },
    )  # fmt: skip
    log.info("grant.ended", grant_id=str(grant_id), provider=grant.provider, connections=len(revoked))
    return end
