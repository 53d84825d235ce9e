"""From a grant to its vendor: the OAuth calls of its app, and a client that carries its tokens."""

import base64
import hashlib
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import httpx

from wearable_gateway.connections.budgets import CallBudget
from wearable_gateway.connections.models import Grant
from wearable_gateway.connections.tokens import GrantTokens
from wearable_gateway.db.session import Database
from wearable_gateway.developers.models import ProviderApp
from wearable_gateway.developers.provider_apps import ProviderApps
from wearable_gateway.kit.clock import Clock, utc_now
from wearable_gateway.kit.encryption import Keyring
from wearable_gateway.providers import PROVIDERS
from wearable_gateway.providers._base.client import TokenSource, api_client
from wearable_gateway.providers._base.oauth2 import OAuth2Flow
from wearable_gateway.providers._base.reaching import Access, AppAccess, Tokens


def app_access(app: ProviderApp) -> AppAccess:
    hosts = PROVIDERS[app.provider].hosts(app.hosts)
    return AppAccess(app.client_id, app.client_secret, app.notice_secret, hosts, app.extra)


def notice_path(app: ProviderApp) -> str:
    """Where a vendor sends this app's notices; with a secret in it, where nothing else proves who sent them."""
    path = f"/notices/{app.provider.lower()}/{app.id}"
    return path if PROVIDERS[app.provider].notices_are_signed else f"{path}.{notice_key(app)}"


def notice_key(app: ProviderApp) -> str:
    digest = hmac.digest(app.notice_secret.encode(), b"address", hashlib.sha256)
    return base64.urlsafe_b64encode(digest[:24]).decode()


class FreshTokens:
    """The TokenSource of tokens that have no grant yet: just issued, so never refreshed."""

    def __init__(self, access: str) -> None:
        self._access = access

    async def current(self) -> str:
        return self._access

    async def refresh(self, stale: str) -> str:
        return stale


class Vendors:
    """Ways to the vendors, for whoever holds a grant."""

    def __init__(self, db: Database, keyring: Keyring, clock: Clock = utc_now) -> None:
        self.keyring = keyring
        self._db = db
        self._clock = clock

    async def app(self, provider_app_id: UUID) -> ProviderApp:
        return await ProviderApps(self._db.autocommit, self.keyring).get(provider_app_id)

    async def flow(self, grant: Grant) -> OAuth2Flow:
        app = await self.app(grant.provider_app_id)
        return OAuth2Flow(PROVIDERS[grant.provider], app_access(app))

    @asynccontextmanager
    async def access(self, grant: Grant) -> AsyncIterator[Access]:
        """A way to act for `grant`, its tokens refreshed as needed."""
        app = await self.app(grant.provider_app_id)
        async with self._client(self._tokens(grant, app), app, grant.id) as client:
            yield Access(client, app_access(app), grant.provider_account_id, frozenset(grant.scopes))

    async def tokens(self, grant: Grant) -> Tokens:
        """The token set of `grant`, refreshed if it is over. Raises ProviderError."""
        return await self._tokens(grant, await self.app(grant.provider_app_id)).held()

    def _tokens(self, grant: Grant, app: ProviderApp) -> GrantTokens:
        flow = OAuth2Flow(PROVIDERS[grant.provider], app_access(app))
        return GrantTokens(
            self._db, self.keyring, flow=flow, provider=grant.provider, grant_id=grant.id, clock=self._clock
        )

    @asynccontextmanager
    async def fresh_client(self, access_token: str, app: ProviderApp) -> AsyncIterator[httpx.AsyncClient]:
        """A client for tokens that were just issued."""
        async with self._client(FreshTokens(access_token), app, None) as client:
            yield client

    @asynccontextmanager
    async def _client(
        self, tokens: TokenSource, app: ProviderApp, grant_id: UUID | None
    ) -> AsyncIterator[httpx.AsyncClient]:
        provider, access = PROVIDERS[app.provider], app_access(app)
        budget = CallBudget(
            self._db.autocommit, provider, app_id=app.id, grant_id=grant_id, clock=self._clock
        )
        async with api_client(tokens, budget, access.hosts["api"], provider.headers(access)) as client:
            yield client
