"""The end user comes back from the provider: the state is used up, the code redeemed, the account linked.

Three short transactions with the vendor's calls between them. What each one commits is what a worker needs to go
on if this process dies (`connect.recovery`).
"""

import asyncio
from dataclasses import replace
from datetime import datetime

import structlog

from wearable_gateway.connect.closing import Ending, fail
from wearable_gateway.connect.models import Flow, FlowKind, FlowState, Returned, Trip
from wearable_gateway.connect.repository import FlowRepository
from wearable_gateway.connect.service import CALLBACK_PATH
from wearable_gateway.connect.tokens import browser_hash, read_flow_token
from wearable_gateway.connect.user_limit import has_room_for
from wearable_gateway.connections.access import Vendors, app_access
from wearable_gateway.connections.grants import GrantRepository, grant_id_of, tokens_from_text, tokens_to_text
from wearable_gateway.connections.linking import Consent, DuplicateAccount, keep_tokens, link
from wearable_gateway.connections.models import GrantState
from wearable_gateway.connections.release import CLAIM
from wearable_gateway.db.session import Database, Session
from wearable_gateway.developers.keys import find_developer
from wearable_gateway.developers.models import ProviderApp
from wearable_gateway.developers.settings import DeveloperSettings
from wearable_gateway.errors import (
    FlowRefusedError,
    GrantBusyError,
    ProviderError,
    ProviderUnavailableError,
)
from wearable_gateway.kit.clock import Clock, utc_now
from wearable_gateway.providers import PROVIDERS
from wearable_gateway.providers._base.oauth2 import OAuth2Flow, read_scopes
from wearable_gateway.providers._base.reaching import Access, Account, Tokens

log = structlog.get_logger()

_BUSY_PAUSE_SECONDS = 0.2
_BUSY_TRIES = 3
_ACCOUNT_PAUSES_SECONDS = (0.3, 1.0, 2.0)


class Callback:
    """Ends flows. One per process; it keeps no state."""

    def __init__(self, db: Database, vendors: Vendors, public_url: str, clock: Clock = utc_now) -> None:
        self._db = db
        self._vendors = vendors
        self._redirect_uri = public_url + CALLBACK_PATH
        self._clock = clock

    async def finish(self, returned: Returned) -> Ending:
        """How the flow ended. Raises FlowRefusedError for a state that is used, foreign or expired."""
        given_at = self._clock()
        flow, trip = await self._claim(returned, now=given_at)
        if flow.state is not FlowState.EXCHANGING:
            return Ending(flow, flow.reason)
        try:
            tokens = await self._exchange(trip, returned)
        except ProviderUnavailableError:
            return await self._fail(flow, "provider_unavailable")
        except ProviderError as error:
            log.warning("flow.code_refused", provider=flow.provider, detail=error.detail)
            return await self._fail(flow, "provider_error")
        await self._keep(flow, tokens)
        return await self.complete(flow, tokens, given_at=given_at)

    async def complete(self, flow: Flow, tokens: Tokens, *, given_at: datetime) -> Ending:
        """Link the account of tokens that are kept on `flow`; also how a worker finishes an interrupted flow."""
        assert flow.provider is not None  # noqa: S101 - set before the end user left
        assert flow.provider_app_id is not None  # noqa: S101
        try:
            app = await self._vendors.app(flow.provider_app_id)
            account = await self._account(app, tokens)
        except ProviderUnavailableError:
            return await self._fail(flow, "provider_unavailable")
        except ProviderError:
            return await self._fail(flow, "provider_error")
        consent = Consent(
            dev_id=flow.dev_id,
            user_id=flow.user_id,
            provider=flow.provider,
            provider_app_id=flow.provider_app_id,
            provider_account_id=account.id,
            reference_id=flow.reference_id,
            tokens=tokens,
            scopes=self._scopes(app, account, tokens),
            given_at=given_at,
            flow_id=flow.id,
            widget_session_id=flow.id if flow.kind is FlowKind.WIDGET else None,
        )
        return await self._link_when_free(flow, consent)

    async def _claim(self, returned: Returned, *, now: datetime) -> tuple[Flow, Trip]:
        """Use up the state. The flow comes back `exchanging`, or failed when the vendor sent no code."""
        read = read_flow_token(returned.state)
        if read is None:
            raise _unusable_state()
        async with self._db.transaction() as session:
            repository = FlowRepository(session, read.dev_id)
            trip = await repository.take_trip(
                read.hash, browser_hash(returned.browser), keyring=self._vendors.keyring, now=now
            )
            flow = await repository.lock(trip.flow_id) if trip else None
            if trip is None or flow is None or flow.state is not FlowState.OPEN:
                raise _unusable_state()
            flow = replace(flow, provider=trip.provider, provider_app_id=trip.provider_app_id)
            if returned.error or not returned.code:
                refused = returned.error == "access_denied"
                ending = await fail(session, flow, "access_denied" if refused else "provider_error", now=now)
                return ending.flow, trip
            await repository.set_left(
                flow.id, provider=trip.provider, provider_app_id=trip.provider_app_id, now=now
            )
            await repository.set_state(flow.id, FlowState.EXCHANGING, claimed_at=now)
        return replace(flow, state=FlowState.EXCHANGING, claimed_at=now), trip

    async def _exchange(self, trip: Trip, returned: Returned) -> Tokens:
        app = await self._vendors.app(trip.provider_app_id)
        flow = OAuth2Flow(PROVIDERS[trip.provider], app_access(app))
        tokens = await flow.exchange(
            code=returned.code or "", redirect_uri=self._redirect_uri, verifier=trip.verifier
        )
        return tokens if tokens.scopes else replace(tokens, scopes=read_scopes(returned.scope))

    def _scopes(self, app: ProviderApp, account: Account, tokens: Tokens) -> tuple[str, ...]:
        """What the vendor says was granted, wherever it says so; else what was asked for (RFC 6749 §5.1)."""
        if account.scopes is not None:
            return account.scopes
        return tokens.scopes or OAuth2Flow(PROVIDERS[app.provider], app_access(app)).scopes

    async def _keep(self, flow: Flow, tokens: Tokens) -> None:
        """From here on the tokens survive this process."""
        sealed = self._vendors.keyring.encrypt(tokens_to_text(tokens), identity=pending_identity(flow))
        await FlowRepository(self._db.autocommit, flow.dev_id).set_state(
            flow.id, FlowState.EXCHANGED, claimed_at=flow.claimed_at, pending_tokens=sealed
        )

    async def _account(self, app: ProviderApp, tokens: Tokens) -> Account:
        provider, access = PROVIDERS[app.provider], app_access(app)
        async with self._vendors.fresh_client(tokens.access, app) as client:
            for pause in _ACCOUNT_PAUSES_SECONDS:
                try:
                    return await provider.account(client, access, tokens)
                except ProviderUnavailableError as error:
                    log.info("flow.account_unknown_yet", provider=app.provider, detail=error.detail)
                    await asyncio.sleep(pause)
            return await provider.account(client, access, tokens)

    async def _link_when_free(self, flow: Flow, consent: Consent) -> Ending:
        """Link; when an earlier grant of the same account is just being given back, first wait for that to end."""
        for _ in range(_BUSY_TRIES):
            try:
                async with self._db.transaction() as session:
                    return await self._link(session, flow, consent)
            except GrantBusyError:
                await self._until_given_back(consent)
            if not await self._still_works(consent):
                return await self._fail(flow, "provider_error")
        return await self._fail(flow, "provider_unavailable")

    async def _until_given_back(self, consent: Consent) -> None:
        grant_id = grant_id_of(consent.provider_app_id, consent.provider_account_id)
        give_up_at = self._clock() + CLAIM
        while self._clock() < give_up_at:
            grant = await GrantRepository(self._db.autocommit).find(grant_id)
            if grant is None or grant.state is not GrantState.REVOKING:
                return
            await asyncio.sleep(_BUSY_PAUSE_SECONDS)

    async def _still_works(self, consent: Consent) -> bool:
        """At many vendors, giving an older grant back also kills the tokens issued meanwhile."""
        app = await self._vendors.app(consent.provider_app_id)
        async with self._vendors.fresh_client(consent.tokens.access, app) as client:
            access = Access(client, app_access(app), consent.provider_account_id, frozenset(consent.scopes))
            try:
                await PROVIDERS[consent.provider].probe(access)
            except ProviderError:
                return False
        return True

    async def _link(self, session: Session, flow: Flow, consent: Consent) -> Ending:
        now = self._clock()
        repository = FlowRepository(session, flow.dev_id)
        locked = await repository.lock(flow.id)
        if locked is None or locked.state not in {FlowState.EXCHANGING, FlowState.EXCHANGED}:
            return Ending(locked or flow, locked.reason if locked else "expired")  # a worker was faster
        keyring = self._vendors.keyring
        if flow.expected_account not in {None, consent.provider_account_id}:
            await keep_tokens(session, consent, keyring=keyring, now=now)
            return await fail(session, flow, "wrong_account", now=now)
        developer = await find_developer(session, flow.dev_id)
        policy = DeveloperSettings.of(developer.settings).duplicate_policy
        if not await has_room_for(session, developer, consent, policy):
            await keep_tokens(session, consent, keyring=keyring, now=now)
            return await fail(session, flow, "user_limit", now=now)
        made = await link(session, consent, policy=policy, keyring=keyring, now=now)
        if isinstance(made, DuplicateAccount):
            return await fail(session, flow, "duplicate_account", now=now)
        await repository.set_state(flow.id, FlowState.COMPLETED)
        log.info("flow.completed", flow_id=str(flow.id), provider=flow.provider)
        return Ending(replace(flow, state=FlowState.COMPLETED), None)

    async def _fail(self, flow: Flow, reason: str) -> Ending:
        async with self._db.transaction() as session:
            locked = await FlowRepository(session, flow.dev_id).lock(flow.id)
            if locked is None or locked.state not in {FlowState.EXCHANGING, FlowState.EXCHANGED}:
                return Ending(locked or flow, locked.reason if locked else reason)
            return await fail(session, flow, reason, now=self._clock())


def pending_identity(flow: Flow) -> str:
    return f"flows/{flow.dev_id}/{flow.id}/pending_tokens"


def read_pending(vendors: Vendors, flow: Flow) -> Tokens | None:
    if flow.pending_tokens is None:
        return None
    return tokens_from_text(vendors.keyring.decrypt(flow.pending_tokens, identity=pending_identity(flow)))


def _unusable_state() -> FlowRefusedError:
    return FlowRefusedError(
        "state_invalid",
        "This sign-in was already used, took too long, or was started in another browser."
        " Please go back to the app and start again.",
    )
