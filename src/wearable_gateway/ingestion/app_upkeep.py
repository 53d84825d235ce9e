"""Vendors that tell an app of all its accounts: they are asked to, and asked again before they forget."""

from datetime import datetime, timedelta

import structlog

from wearable_gateway.connections.access import app_access, notice_path
from wearable_gateway.db.session import Database
from wearable_gateway.developers.models import ProviderApp
from wearable_gateway.developers.provider_apps import ProviderApps
from wearable_gateway.errors import ProviderError
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
    added, error = await _subscribe(app, public_url + notice_path(app))
    every = _AGAIN_AFTER_FAILURE if error else provider.app_upkeep_every
    await apps.finish_upkeep(app, added, due_at=_after(every, clock()), error=error)
    log.info("provider_app.looked_after", provider=app.provider, app_id=str(app.id), error=error)
    return True


async def _subscribe(app: ProviderApp, notice_url: str) -> tuple[dict[str, str], str | None]:
    access = app_access(app)
    async with plain_client(access.hosts["api"]) as client:
        try:
            return dict(await PROVIDERS[app.provider].subscribe_app(client, access, notice_url)), None
        except ProviderError as error:
            return {}, error.detail


def _after(every: timedelta, now: datetime) -> datetime:
    return now + every
