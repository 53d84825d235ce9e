"""A vendor is asked to tell of an app's accounts, again and again, and whatever it answers stops nobody."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.fakes.scripted import Said, Scripted, scripted
from wearable_gateway.db.session import Database
from wearable_gateway.developers.models import ProviderApp
from wearable_gateway.developers.provider_apps import ProviderApps
from wearable_gateway.ingestion.app_upkeep import look_after_next
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.kit.encryption import Keyring
from wearable_gateway.providers.polar import PROVIDER

URL = "http://gateway.test"
EVERY = PROVIDER.app_upkeep_every or timedelta()
MADE = {"data": {"id": "abc", "signature_secret_key": "told once"}}
TOLD = {"webhook_secret": "told once", "webhook_id": "abc"}


def makes_a_webhook(method: str, _path: str) -> Said:
    return (201, MADE) if method == "POST" else (200, {"data": []})


@dataclass
class Keeper:
    """A worker, the apps it looks after, and their vendor."""

    db: Database
    keyring: Keyring
    vendor: Scripted

    @property
    def apps(self) -> ProviderApps:
        return ProviderApps(self.db.autocommit, self.keyring)

    async def enter(self, provider: str = "POLAR", **changes: Any) -> ProviderApp:
        given = {"client_id": "client", "client_secret": "secret", "hosts": self.vendor.hosts(), **changes}
        return await self.apps.put(provider, **given)

    async def look_after(self, now: datetime) -> bool:
        return await look_after_next(self.db, self.keyring, URL, clock=lambda: now)


@pytest.fixture
async def keeper(db: Database, keyring: Keyring) -> AsyncIterator[Keeper]:
    async with scripted(makes_a_webhook) as vendor:
        yield Keeper(db, keyring, vendor)


async def test_what_the_vendor_told_is_kept_and_it_is_asked_again_in_time(keeper: Keeper) -> None:
    app, now = await keeper.enter(), utc_now()
    assert await keeper.look_after(now)
    found = await keeper.apps.get(app.id)
    assert (found.extra, found.upkeep_due_at, found.upkeep_error) == (TOLD, now + EVERY, None)
    assert not await keeper.look_after(now + EVERY - timedelta(seconds=1))
    assert await keeper.look_after(now + EVERY)


@pytest.mark.parametrize(
    ("status", "headers", "pause"),
    [
        (503, {}, timedelta(minutes=1)),
        (429, {"retry-after": "900"}, timedelta(minutes=15)),
        (429, {"retry-after": "1"}, timedelta(minutes=1)),
        (403, {}, timedelta(minutes=1)),
    ],
)
async def test_a_failure_is_shown_and_tried_again(
    keeper: Keeper, status: int, headers: dict[str, str], pause: timedelta
) -> None:
    keeper.vendor.says, keeper.vendor.headers = lambda _method, _path: (status, {}), headers
    app, now = await keeper.enter(), utc_now()
    assert await keeper.look_after(now)
    found = await keeper.apps.get(app.id)
    assert (found.upkeep_due_at, found.upkeep_error) == (now + pause, f"answered {status}")
    keeper.vendor.says = makes_a_webhook
    assert await keeper.look_after(now + pause)
    assert (await keeper.apps.get(app.id)).upkeep_error is None


async def test_a_vendor_that_talks_nonsense_keeps_no_other_app_waiting(keeper: Keeper) -> None:
    await keeper.enter()
    other = await keeper.enter("SANDBOX")
    keeper.vendor.says = lambda _method, _path: (200, {"data": [{"id": {}, "events": 7}]})
    now = utc_now()
    assert [await keeper.look_after(now) for _ in range(3)] == [True, True, False]
    assert (await keeper.apps.get(other.id)).upkeep_due_at is None


async def test_who_dies_is_succeeded(keeper: Keeper) -> None:
    app, now = await keeper.enter(), utc_now()
    assert await keeper.apps.claim_upkeep(now=now) is not None
    assert not await keeper.look_after(now + timedelta(minutes=4))
    assert await keeper.look_after(now + timedelta(minutes=5))
    assert (await keeper.apps.get(app.id)).extra == TOLD


async def test_an_app_that_was_changed_meanwhile_is_looked_after_anew(keeper: Keeper) -> None:
    app = await keeper.enter()
    claimed = await keeper.apps.claim_upkeep(now=utc_now())
    assert claimed is not None
    await keeper.enter(client_secret="another", extra={"scopes": "x"})
    await keeper.apps.finish_upkeep(claimed, {"webhook_secret": "old"}, due_at=utc_now() + EVERY, error=None)
    found = await keeper.apps.get(app.id)
    assert (found.client_secret, found.extra) == ("another", {"scopes": "x"})
    assert await keeper.apps.claim_upkeep(now=utc_now()) is not None


async def test_what_was_told_for_another_client_goes_with_it(keeper: Keeper) -> None:
    app = await keeper.enter()
    await keeper.look_after(utc_now())
    await keeper.enter(client_secret="another")
    assert (await keeper.apps.get(app.id)).extra == TOLD
    await keeper.enter(client_id="another")
    assert (await keeper.apps.get(app.id)).extra == {}
