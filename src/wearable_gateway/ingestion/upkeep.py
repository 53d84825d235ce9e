"""What becomes of a due task of a grant: a poll, a subscription looked after, a probe."""

from collections.abc import Sequence
from datetime import timedelta

import structlog

from wearable_gateway.connections import upkeep
from wearable_gateway.connections.access import Vendors, notice_path
from wearable_gateway.connections.faults import clear_fault, record_fault
from wearable_gateway.connections.grants import GrantRepository
from wearable_gateway.connections.models import Grant, GrantState
from wearable_gateway.connections.revocation import next_doubt, revoke_grant
from wearable_gateway.connections.tokens import can_be_refreshed
from wearable_gateway.connections.upkeep import Due
from wearable_gateway.db.session import Database
from wearable_gateway.errors import (
    GrantRevokedError,
    ProviderError,
    ProviderLimitError,
    ProviderPendingError,
    ProviderRefusedError,
    ProviderRejectedError,
    ProviderUnavailableError,
)
from wearable_gateway.ingestion.fetching import fetch
from wearable_gateway.ingestion.keeping import Fetched
from wearable_gateway.ingestion.schedule import PROVIDER_FAILS, limit_pause, next_try
from wearable_gateway.ingestion.sharing import share
from wearable_gateway.kit.clock import Clock, utc_now
from wearable_gateway.providers import PROVIDERS
from wearable_gateway.providers._base.facts import Poll
from wearable_gateway.unified.records import DataType, Record

log = structlog.get_logger()

_UNAUTHORIZED = 401
_PROBE_AGAIN = timedelta(minutes=10)
"""A vendor that is down says nothing of the grant, so it does not count between refusals."""


class Upkeep:
    """Looks after grants, whoever is linked to them."""

    def __init__(self, db: Database, vendors: Vendors, public_url: str, *, clock: Clock = utc_now) -> None:
        self._db = db
        self._vendors = vendors
        self._public_url = public_url
        self._clock = clock

    async def work_next(self) -> bool:
        """Take one due task as far as it goes now. False when none is due."""
        due = await upkeep.claim(self._db.autocommit, now=self._clock())
        if due is None:
            return False
        grant = await GrantRepository(self._db.autocommit).find(due.grant_id)
        provider = PROVIDERS.get(grant.provider) if grant else None
        every = upkeep.tasks(provider).get(due.task) if provider else None
        if grant is None or grant.state is not GrantState.LIVE or every is None:
            await upkeep.drop(self._db.autocommit, due)
            return True
        await self._work(due, grant, every)
        return True

    async def _work(self, due: Due, grant: Grant, every: timedelta) -> None:
        pause: timedelta | None = None
        outcome, failed = "done", False
        try:
            await self._do(due, grant)
        except GrantRevokedError:
            await upkeep.drop(self._db.autocommit, due)
            return
        except ProviderLimitError as error:
            outcome, pause = "provider_limit", limit_pause(error.retry_after)
        except ProviderUnavailableError as error:
            outcome, failed = "provider_unavailable", due.task != upkeep.PROBE
            pause = next_try(due.attempts, PROVIDER_FAILS, error.retry_after) if failed else _PROBE_AGAIN
        except ProviderPendingError as error:
            outcome, failed = "provider_pending", True
            pause = next_try(due.attempts, PROVIDER_FAILS, error.retry_after)
        except ProviderRefusedError as error:
            outcome = await self._refused(grant, error)
            if self._is_doubtful(due, grant, error):
                failed, pause = True, next_doubt(due.attempts)
                if pause is None and await self._end(grant):
                    outcome = "revoked"
        except ProviderError:
            outcome = "provider_rejected"
        again_at = upkeep.next_time(every, self._clock())
        if pause is not None:
            again_at = min(again_at, self._clock() + pause) if failed else self._clock() + pause
        await upkeep.finish(self._db.autocommit, due, again_at=again_at, failed=failed)
        log.info("grant.looked_after", provider=grant.provider, task=due.task, outcome=outcome)

    async def _refused(self, grant: Grant, error: ProviderRefusedError) -> str:
        """The vendor will refuse as long as nothing changes there: it is asked again when it is time anyway."""
        async with self._db.transaction() as session:
            await record_fault(session, grant.id, error.detail, now=self._clock())
        return "provider_refused"

    def _is_doubtful(self, due: Due, grant: Grant, error: ProviderRefusedError) -> bool:
        """Whether only more refusals can tell if the grant lives; elsewhere a refresh does."""
        refused = due.task == upkeep.PROBE and error.status == _UNAUTHORIZED
        return refused and not can_be_refreshed(self._vendors.keyring, grant)

    async def _end(self, grant: Grant) -> bool:
        async with self._db.transaction() as session:
            return await revoke_grant(session, grant.id, now=self._clock(), token_version=grant.token_version)

    async def _do(self, due: Due, grant: Grant) -> None:
        provider = PROVIDERS[grant.provider]
        poll = upkeep.poll_of(provider, due.task)
        if poll is not None:
            await self._poll(grant, poll)
            return
        async with self._vendors.access(grant) as access:
            if due.task == upkeep.SUBSCRIBE:
                app = await self._vendors.app(grant.provider_app_id)
                await provider.subscribe(access, self._public_url + notice_path(app))
            else:
                await provider.probe(access)

    async def _poll(self, grant: Grant, poll: Poll) -> None:
        """The last days once, for everybody linked."""
        fetched = Fetched(await GrantRepository(self._db.autocommit).begin_fetch(grant.id), self._clock())
        today = fetched.at.date()
        # The end user's day may be one ahead of ours.
        first, last = today - timedelta(days=poll.days), today + timedelta(days=1)
        found: dict[DataType, Sequence[Record]] = {}
        fault: ProviderRefusedError | ProviderRejectedError | None = None
        for kind in poll.kinds:
            try:
                found.update(await fetch(self._vendors, grant, [kind], first, last))
            except (ProviderRefusedError, ProviderRejectedError) as error:
                # One kind refused does not cost the others; a token refused is refused for all.
                fault = fault or error
                if error.status == _UNAUTHORIZED:
                    break
        await share(self._db, grant.id, found, fetched=fetched, clock=self._clock)
        if fault is not None:
            raise fault
        await clear_fault(self._db.autocommit, grant.id)
