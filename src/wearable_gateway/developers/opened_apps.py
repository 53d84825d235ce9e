"""Provider apps as they were opened a moment ago: notices come by the thousand, and each needs its app's secrets."""

from datetime import datetime, timedelta
from uuid import UUID

from wearable_gateway.db.session import Database
from wearable_gateway.developers.models import ProviderApp
from wearable_gateway.developers.provider_apps import UPKEEP_CLAIM, ProviderApps
from wearable_gateway.kit.clock import Clock
from wearable_gateway.kit.encryption import Keyring

_FOR = timedelta(seconds=5)
_MOST = 1000


class OpenedApps:
    """One per process. What it says may be five seconds old: who is refused by it asks again with `anew`."""

    def __init__(self, db: Database, keyring: Keyring, clock: Clock) -> None:
        self._db = db
        self._keyring = keyring
        self._clock = clock
        self._opened: dict[UUID, tuple[ProviderApp, datetime]] = {}

    async def get(self, app_id: UUID) -> ProviderApp:
        """Raises NotFoundError."""
        found = self._opened.get(app_id)
        if found is not None and found[1] > self._clock():
            return found[0]
        return await self.anew(app_id)

    async def anew(self, app_id: UUID) -> ProviderApp:
        """As it is now. Raises NotFoundError."""
        self._opened.pop(app_id, None)
        app = await ProviderApps(self._db.autocommit, self._keyring).get(app_id)
        now = self._clock()
        if app.upkeep_due_at is not None and app.upkeep_due_at <= now + UPKEEP_CLAIM:
            return app  # about to learn something from its vendor, such as the key of its signatures
        if len(self._opened) >= _MOST:
            self._opened.clear()
        self._opened[app_id] = app, now + _FOR
        return app
