"""Access tokens of one grant, refreshed once however many processes ask.

The grant's row says who refreshes: a claim with an end is committed, the vendor is called with no transaction
open, the answer is committed. Whoever finds the claim taken waits and reads again.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from wearable_gateway.connections.grants import GrantRepository, open_tokens, seal_tokens
from wearable_gateway.connections.models import Grant
from wearable_gateway.connections.revocation import revoke_grant
from wearable_gateway.connections.scopes import change_scopes
from wearable_gateway.connections.upkeep import bring_probe_forward
from wearable_gateway.db.session import Database
from wearable_gateway.errors import GrantRevokedError, ProviderError, ProviderUnavailableError
from wearable_gateway.kit.clock import Clock, utc_now
from wearable_gateway.kit.encryption import Keyring
from wearable_gateway.providers._base.oauth2 import OAuth2Flow
from wearable_gateway.providers._base.reaching import Tokens

log = structlog.get_logger()

_CALL_SECONDS = 10
# Above the longest call, and well below the half minute for which vendors that rotate refresh tokens answer a
# spent one again: whoever takes over from a process that died must come in time for that.
_CLAIM = timedelta(seconds=15)
_WAITS_AT_MOST = timedelta(seconds=20)
_PAUSE_SECONDS = 0.03


@dataclass(frozen=True, slots=True)
class _Claim:
    """This caller refreshes `tokens`, which are version `version` of the grant's, until somebody takes over."""

    version: int
    tokens: Tokens
    until: datetime

    def is_held(self, grant: Grant | None) -> bool:
        return (
            grant is not None and grant.token_version == self.version and grant.refreshing_until == self.until
        )


def can_be_refreshed(keyring: Keyring, grant: Grant) -> bool:
    return grant.tokens is not None and open_tokens(keyring, grant.id, grant.tokens).refresh is not None


class GrantTokens:
    """The TokenSource of one grant."""

    def __init__(
        self,
        db: Database,
        keyring: Keyring,
        *,
        flow: OAuth2Flow,
        provider: str,
        grant_id: UUID,
        clock: Clock = utc_now,
    ) -> None:
        self._db = db
        self._keyring = keyring
        self._flow = flow
        self._provider = provider
        self._grant_id = grant_id
        self._clock = clock
        self._refreshing: set[asyncio.Task[str | None]] = set()

    async def current(self) -> str:
        """An access token that does not expire at once. Raises ProviderError."""
        tokens = self._open(await GrantRepository(self._db.autocommit).find(self._grant_id))
        if self._is_over(tokens):
            return await self.refresh(tokens.access)
        return tokens.access

    async def held(self) -> Tokens:
        """The whole set that `current` is of. Raises ProviderError."""
        await self.current()
        return self._open(await GrantRepository(self._db.autocommit).find(self._grant_id))

    async def refresh(self, stale: str) -> str:
        """Raises GrantRevokedError after everybody linked was told, another ProviderError."""
        give_up_at = self._clock() + _WAITS_AT_MOST
        while self._clock() < give_up_at:
            claimed = await self._claim(stale)
            if isinstance(claimed, str):
                return claimed
            if claimed is not None:
                token = await self._finish(claimed)
                if token is not None:
                    return token
            else:
                await asyncio.sleep(_PAUSE_SECONDS)
        raise ProviderUnavailableError(self._provider, "another refresh of this grant does not end")

    async def _claim(self, stale: str) -> _Claim | str | None:
        """A newer token, or the right to fetch one, or None while somebody else has that right."""
        now = self._clock()
        async with self._db.transaction() as session:
            grants = GrantRepository(session)
            grant = await grants.lock(self._grant_id)
            tokens = self._open(grant)
            if tokens.access != stale:
                return tokens.access
            assert grant is not None  # noqa: S101 - _open raises for none
            if grant.refreshing_until is not None and grant.refreshing_until > now:
                return None
            if tokens.refresh is None and not self._is_over(tokens):
                # There is nothing to refresh it with, and one refusal is no proof that it is dead: probes find out.
                await bring_probe_forward(session, self._grant_id, now=now)
                return stale
            until = now + _CLAIM
            await grants.set_refreshing(self._grant_id, until)
            return _Claim(grant.token_version, tokens, until)

    async def _finish(self, claim: _Claim) -> str | None:
        """Refresh and store, also when the caller is cancelled: a rotated token must reach the database."""
        task = asyncio.create_task(self._refresh_and_store(claim))
        self._refreshing.add(task)
        task.add_done_callback(self._forget)
        return await asyncio.shield(task)

    def _forget(self, task: "asyncio.Task[str | None]") -> None:
        self._refreshing.discard(task)
        if not task.cancelled():
            task.exception()  # looked at, since whoever asked may have been cancelled meanwhile

    async def _refresh_and_store(self, claim: _Claim) -> str | None:
        """The new access token, or None when a newer consent or another refresh overtook this one."""
        try:
            async with asyncio.timeout(_CALL_SECONDS):
                fresh = await self._flow.refresh(claim.tokens)
        except TimeoutError as error:
            await self._give_back(claim)
            raise ProviderUnavailableError(self._provider, "the token endpoint does not answer") from error
        except GrantRevokedError:
            if await self._end(claim):
                raise
            return None
        except ProviderError:
            await self._give_back(claim)
            raise
        return await self._store(claim, fresh)

    async def _store(self, claim: _Claim, fresh: Tokens) -> str | None:
        async with self._db.transaction() as session:
            grants = GrantRepository(session)
            grant = await grants.lock(self._grant_id)
            if grant is None or grant.token_version != claim.version:
                return None
            sealed = seal_tokens(self._keyring, self._grant_id, fresh)
            await grants.set_tokens(self._grant_id, tokens=sealed, refreshed_at=self._clock())
            if fresh.scopes and set(fresh.scopes) != set(grant.scopes):
                await change_scopes(session, grant, fresh.scopes, now=self._clock())
        log.info("grant.refreshed", grant_id=str(self._grant_id), provider=self._provider)
        return fresh.access

    async def _end(self, claim: _Claim) -> bool:
        """Whether the grant is dead now. Of a claim that was taken over, the successor has spent the refresh token."""
        async with self._db.transaction() as session:
            grant = await GrantRepository(session).lock(self._grant_id)
            if grant is not None and grant.tokens is not None and not claim.is_held(grant):
                return False
            return await revoke_grant(session, self._grant_id, now=self._clock(), token_version=claim.version)

    async def _give_back(self, claim: _Claim) -> None:
        async with self._db.transaction() as session:
            if claim.is_held(await GrantRepository(session).lock(self._grant_id)):
                await GrantRepository(session).set_refreshing(self._grant_id, None)

    def _is_over(self, tokens: Tokens) -> bool:
        return tokens.expires_at is not None and tokens.expires_at - self._flow.refresh_early <= self._clock()

    def _open(self, grant: Grant | None) -> Tokens:
        if grant is None or grant.tokens is None:
            raise GrantRevokedError(self._provider, "the grant was revoked")
        return open_tokens(self._keyring, self._grant_id, grant.tokens)
