"""What becomes of a notice: looked at once it is stored, by a worker, as often as it takes."""

from datetime import timedelta
from uuid import UUID

import structlog

from wearable_gateway.connections.access import Vendors
from wearable_gateway.connections.faults import clear_fault, record_fault
from wearable_gateway.connections.grants import GrantRepository, grant_id_of
from wearable_gateway.connections.models import Grant, GrantState
from wearable_gateway.connections.revocation import Belief, judge, revoke_grant
from wearable_gateway.connections.scopes import change_scopes
from wearable_gateway.db.session import Database
from wearable_gateway.errors import (
    GrantRevokedError,
    ProviderLimitError,
    ProviderPendingError,
    ProviderRefusedError,
    ProviderRejectedError,
    ProviderUnavailableError,
)
from wearable_gateway.ingestion import inbox
from wearable_gateway.ingestion.fetching import fetch_noticed
from wearable_gateway.ingestion.forgetting import forget
from wearable_gateway.ingestion.keeping import Fetched
from wearable_gateway.ingestion.models import StoredNotice
from wearable_gateway.ingestion.schedule import PROVIDER_FAILS, UNKNOWN_ACCOUNT, limit_pause, next_try
from wearable_gateway.ingestion.sharing import share
from wearable_gateway.kit.clock import Clock, utc_now
from wearable_gateway.providers import PROVIDERS
from wearable_gateway.providers._base.notices import NoticeKind

log = structlog.get_logger()

_UNAUTHORIZED = 401
_MOST_ATTEMPTS = 20
"""More than any schedule has: only what fails in a way nobody foresaw gets there."""


async def process_next(db: Database, vendors: Vendors, *, clock: Clock = utc_now) -> bool:
    """Take one due notice to its end or to its next try. False when none is due."""
    async with db.transaction() as session:
        stored = await inbox.claim(session, now=clock())
    if stored is None:
        return False
    if stored.attempts > _MOST_ATTEMPTS:
        await _end(db, stored, "given_up", None, clock)
        return True
    pause: timedelta | None = None
    counted = True
    try:
        outcome = await _process(db, vendors, stored, clock)
        if outcome is None:
            outcome, pause = "not_linked", next_try(stored.attempts, UNKNOWN_ACCOUNT)
    except ProviderLimitError as error:
        outcome, pause, counted = "provider_limit", limit_pause(error.retry_after), False
    except ProviderUnavailableError as error:
        outcome, pause = "provider_unavailable", next_try(stored.attempts, PROVIDER_FAILS, error.retry_after)
    except ProviderRefusedError as error:
        outcome, pause = "provider_refused", next_try(stored.attempts, PROVIDER_FAILS)
        await _record_fault(db, stored, error.detail, clock)
    except GrantRevokedError:
        outcome = "revoked"
    except ProviderPendingError as error:
        outcome, pause = "provider_pending", next_try(stored.attempts, PROVIDER_FAILS, error.retry_after)
    except ProviderRejectedError:
        # Asked wrongly, by us: shown in the log, and asked again in case it is mended by then.
        outcome, pause = "provider_rejected", next_try(stored.attempts, PROVIDER_FAILS)
    await _end(db, stored, outcome, pause, clock, counted=counted)
    return True


async def _end(
    db: Database,
    stored: StoredNotice,
    outcome: str,
    pause: timedelta | None,
    clock: Clock,
    *,
    counted: bool = True,
) -> None:
    if pause is None:
        await inbox.finish(db.autocommit, stored.id, outcome)
    else:
        await inbox.retry(db.autocommit, stored.id, outcome, due_at=clock() + pause, counted=counted)
    log.info(
        "notice.processed", provider=stored.provider, kind=stored.notice.kind, outcome=outcome,
        attempt=stored.attempts, again_in_seconds=pause.total_seconds() if pause else None,
    )  # fmt: skip


def _grant_id(stored: StoredNotice) -> UUID:
    return grant_id_of(stored.provider_app_id, stored.notice.account_id or "")


async def _process(db: Database, vendors: Vendors, stored: StoredNotice, clock: Clock) -> str | None:
    """A word for what was done, or None while nobody is linked to the account."""
    kind = stored.notice.kind
    if kind is NoticeKind.PING:
        return "ping"
    grant = await GrantRepository(db.autocommit).find(_grant_id(stored))
    if grant is None or grant.state is not GrantState.LIVE:
        # Nobody's account, or the echo of a revocation; or the notice overtook the flow that links the account.
        return None
    if kind is NoticeKind.REVOKED:
        return await _revoked(db, vendors, grant, stored, clock)
    if kind is NoticeKind.SCOPES_CHANGED:
        return await _scopes_changed(db, grant, stored, clock)
    if kind is NoticeKind.DATA_DELETED:
        await forget(db, grant.id, stored.notice.data_types, stored.notice.record_keys, clock=clock)
        return "forgotten"
    return await _data_changed(db, vendors, grant, stored, clock)


async def _revoked(
    db: Database, vendors: Vendors, grant: Grant, stored: StoredNotice, clock: Clock
) -> str | None:
    provider = PROVIDERS[grant.provider]
    belief = judge(
        signed=provider.notices_are_signed,
        occurred_at=stored.notice.occurred_at,
        consented_at=grant.consented_at,
    )
    if belief is Belief.CONFIRM:
        try:
            async with vendors.access(grant) as access:
                await provider.probe(access)
        except ProviderRefusedError as error:
            # Not even a token that was just refreshed is good: it is as the notice says.
            if error.status != _UNAUTHORIZED:
                raise
            current = await GrantRepository(db.autocommit).find(grant.id)
            version = current.token_version if current else None
        else:
            return "not_confirmed"
    else:
        version = grant.token_version
    async with db.transaction() as session:
        dead = await revoke_grant(session, grant.id, now=clock(), token_version=version)
    # Refreshed or consented to anew since it was read: then the notice is judged anew too.
    return "revoked" if dead else await _process(db, vendors, stored, clock)


async def _scopes_changed(db: Database, grant: Grant, stored: StoredNotice, clock: Clock) -> str:
    notice = stored.notice
    async with db.transaction() as session:
        locked = await GrantRepository(session).lock(grant.id)
        stale = locked is None or (
            notice.occurred_at is not None and notice.occurred_at <= locked.consented_at
        )
        if locked is None or stale or notice.scopes is None:
            return "stale"
        await change_scopes(session, locked, notice.scopes, now=clock())
    return "scopes_changed"


async def _data_changed(
    db: Database, vendors: Vendors, grant: Grant, stored: StoredNotice, clock: Clock
) -> str:
    """One fetch for the grant, whoever is linked to it."""
    fetched = Fetched(await GrantRepository(db.autocommit).begin_fetch(grant.id), clock())
    records = await fetch_noticed(vendors, grant, stored.notice, today=fetched.at.date())
    await share(db, grant.id, records, fetched=fetched, clock=clock)
    await clear_fault(db.autocommit, grant.id)
    return "shared"


async def _record_fault(db: Database, stored: StoredNotice, detail: str, clock: Clock) -> None:
    async with db.transaction() as session:
        await record_fault(session, _grant_id(stored), detail, now=clock())
