"""From a grant to its vendor: the OAuth calls of its app, and a client that carries its tokens."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import httpx

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
from wearable_gateway.providers._base.provider import AppAccess


def app_access(app: ProviderApp) -> AppAccess:
    return AppAccess(app.client_id, app.client_secret, app.notice_secret, app.hosts)


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
    async def client(self, grant: Grant) -> AsyncIterator[httpx.AsyncClient]:
        """An HTTP client that acts for `grant`, refreshing its tokens as needed."""
        app = await self.app(grant.provider_app_id)
        flow = OAuth2Flow(PROVIDERS[grant.provider], app_access(app))
        tokens = GrantTokens(
            self._db, self.keyring, flow=flow, provider=grant.provider, grant_id=grant.id, clock=self._clock
        )
        async with self.client_with(tokens, app) as client:
            yield client

    @asynccontextmanager
    async def client_with(self, tokens: TokenSource, app: ProviderApp) -> AsyncIterator[httpx.AsyncClient]:
        hosts = {**PROVIDERS[app.provider].default_hosts, **app.hosts}
        async with api_client(tokens, hosts["api"]) as client:
            yield client
