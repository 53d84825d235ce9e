"""The last connection of a grant went: give the grant back to the vendor, once and durably.

The request is a row; a worker claims it, calls the vendor with no transaction open, and records the end. A new
consent at any moment takes the request off, because `set_consent` changes the state and the token version.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from wearable_gateway.connections.access import Vendors
from wearable_gateway.connections.grants import GrantRepository, open_tokens, read_grant
from wearable_gateway.connections.models import Grant, GrantState
from wearable_gateway.connections.repository import ConnectionsAcrossDevelopers
from wearable_gateway.db.session import Database, Session
from wearable_gateway.errors import (
    GrantRevokedError,
    ProviderError,
    ProviderRefusedError,
    ProviderRejectedError,
)
from wearable_gateway.kit.clock import Clock, utc_now
from wearable_gateway.providers import PROVIDERS

log = structlog.get_logger()

CLAIM = timedelta(seconds=30)
_POSTPONED_BY = timedelta(seconds=1)
_UNAUTHORIZED = 401
SCHEDULE = tuple(timedelta(seconds=s) for s in (2, 10, 60, 300, 1800, 7200, 21600))

FlowInProgress = Callable[[Session, UUID, datetime], Awaitable[bool]]
"""Whether an end user who left for this provider app before that moment may still come back."""


def retry_after(attempts: int) -> timedelta | None:
    """The pause after attempt number `attempts` (from 1), or None when it is time to give up."""
    return SCHEDULE[attempts - 1] if attempts <= len(SCHEDULE) else None


async def release_next(
    db: Database, vendors: Vendors, flow_in_progress: FlowInProgress, *, clock: Clock = utc_now
) -> bool:
    """Give back one grant that is due. False when none is."""
    async with db.transaction() as session:
        grant = await _claim(session, flow_in_progress, now=clock())
    if grant is None:
        return False
    if grant.state is not GrantState.REVOKING:
        return True
    try:
        await _give_back(vendors, grant)
    except (GrantRevokedError, ProviderRejectedError) as error:
        log.info("grant.gone_already", grant_id=str(grant.id), provider=grant.provider, detail=error.detail)
    except ProviderRefusedError as error:
        # 401 after a refresh: nothing is left to take back.
        if error.status != _UNAUTHORIZED:
            await _retry_later(db, grant, detail=error.detail, now=clock())
            return True
    except ProviderError as error:
        await _retry_later(db, grant, detail=error.detail, now=clock())
        return True
    await _record_end(db, grant)
    return True


async def _give_back(vendors: Vendors, grant: Grant) -> None:
    provider = PROVIDERS[grant.provider]
    if grant.tokens is None:
        return
    if provider.oauth.revoke_path is not None:
        flow = await vendors.flow(grant)
        await flow.revoke(open_tokens(vendors.keyring, grant.id, grant.tokens))
        return
    # Fresh ones: a call may carry the token in its form as well, where nobody would replace it.
    tokens = await vendors.tokens(grant)
    async with vendors.access(grant) as access:
        await provider.revoke(access, tokens)


async def _claim(session: Session, flow_in_progress: FlowInProgress, *, now: datetime) -> Grant | None:
    """The grant to give back, now `revoking`; or one that was looked at and needs nothing, in another state."""
    row = await session.fetchrow(
        "SELECT * FROM grants WHERE release_due_at <= $1 ORDER BY release_due_at LIMIT 1 FOR UPDATE SKIP LOCKED",
        now,
    )
    if row is None:
        return None
    grant = read_grant(row)
    if await ConnectionsAcrossDevelopers(session).count_linked(grant.id):
        await _set(session, grant, GrantState.LIVE, due_at=None)
        return grant
    asked_at = grant.release_requested_at or now
    if grant.state is GrantState.RELEASING and await flow_in_progress(
        session, grant.provider_app_id, asked_at
    ):
        await _set(session, grant, GrantState.RELEASING, due_at=now + _POSTPONED_BY)
        return grant
    await _set(session, grant, GrantState.REVOKING, due_at=now + CLAIM)
    await session.execute("UPDATE grants SET release_attempts = release_attempts + 1 WHERE id = $1", grant.id)
    claimed = await GrantRepository(session).find(grant.id)
    return claimed or grant


async def _set(session: Session, grant: Grant, state: GrantState, *, due_at: datetime | None) -> None:
    await session.execute(
        "UPDATE grants SET state = $2, release_due_at = $3 WHERE id = $1", grant.id, state.value, due_at
    )


async def _record_end(db: Database, grant: Grant) -> None:
    async with db.transaction() as session:
        current = await GrantRepository(session).lock(grant.id)
        if current and current.state is GrantState.REVOKING and current.consented_at == grant.consented_at:
            await GrantRepository(session).set_revoked(grant.id)
            log.info("grant.released", grant_id=str(grant.id), provider=grant.provider)


async def _retry_later(db: Database, grant: Grant, *, detail: str, now: datetime) -> None:
    async with db.transaction() as session:
        current = await GrantRepository(session).lock(grant.id)
        if (
            current is None
            or current.state is not GrantState.REVOKING
            or current.consented_at != grant.consented_at
        ):
            return
        attempts = await session.fetchval("SELECT release_attempts FROM grants WHERE id = $1", grant.id)
        pause = retry_after(attempts)
        if pause is None:
            await GrantRepository(session).set_revoked(grant.id)
            log.warning(
                "grant.release_given_up", grant_id=str(grant.id), provider=grant.provider, detail=detail
            )
            return
        await _set(session, grant, GrantState.RELEASING, due_at=now + pause)
        log.info("grant.release_postponed", grant_id=str(grant.id), attempts=attempts, detail=detail)
