"""Vendors that tell an app of all its accounts: they are asked to, and asked again before they forget."""

from collections.abc import Mapping
from datetime import timedelta

import structlog

from wearable_gateway.connections.access import app_access, notice_path
from wearable_gateway.db.session import Database
from wearable_gateway.developers.models import ProviderApp
from wearable_gateway.developers.provider_apps import ProviderApps
from wearable_gateway.errors import ProviderError, ProviderUnavailableError
from wearable_gateway.kit.clock import Clock, utc_now
from wearable_gateway.kit.encryption import Keyring
from wearable_gateway.providers import PROVIDERS
from wearable_gateway.providers._base.client import plain_client

log = structlog.get_logger()

_AGAIN_AFTER_FAILURE = timedelta(minutes=1)


async def look_after_next(db: Database, keyring: Keyring, public_url: str, *, clock: Clock = utc_now) -> bool:
    """See to the subscriptions of one provider app that is due. False when none is."""
    apps = ProviderApps(db.autocommit, keyring)
    app = await apps.claim_upkeep(now=clock())
    if app is None:
        return False
    provider = PROVIDERS.get(app.provider)
    if provider is None or provider.app_upkeep_every is None:
        await apps.finish_upkeep(app, {}, due_at=None, error=None)
        return True
    added: Mapping[str, str] = {}
    error, pause = None, provider.app_upkeep_every
    try:
        added = await _subscribe(app, public_url + notice_path(app))
    except ProviderError as failure:
        error, pause = failure.detail, _pause_after(failure)
    await apps.finish_upkeep(app, added, due_at=clock() + pause, error=error)
    log.info("provider_app.looked_after", provider=app.provider, app_id=str(app.id), error=error)
    return True


async def _subscribe(app: ProviderApp, notice_url: str) -> Mapping[str, str]:
    access = app_access(app)
    async with plain_client(access.hosts["api"]) as client:
        return await PROVIDERS[app.provider].subscribe_app(client, access, notice_url)


def _pause_after(failure: ProviderError) -> timedelta:
    waits = failure.retry_after if isinstance(failure, ProviderUnavailableError) else None
    return max(_AGAIN_AFTER_FAILURE, timedelta(seconds=waits or 0))
