"""Provider apps: which OAuth client does a developer's flow use, and where does it stand at the vendor?"""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from wearable_gateway.db.session import Row, Session
from wearable_gateway.developers.models import Developer, ProviderApp
from wearable_gateway.developers.settings import DeveloperSettings
from wearable_gateway.errors import NotFoundError
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.kit.encryption import Keyring
from wearable_gateway.kit.ids import uuid7

Seen = dict[tuple[str, str], datetime]
"""Until when it is believed that a provider is set up for a developer, by slug and dev-id."""

_BELIEVED_FOR = timedelta(seconds=10)
_MOST_SEEN = 10_000


class ProviderApps:
    """Shared table: the caller passes the developer in whose name they look."""

    def __init__(self, session: Session, keyring: Keyring, seen: Seen | None = None) -> None:
        """`seen` belongs to the process and its database: see `check_enabled`."""
        self._session = session
        self._keyring = keyring
        self._seen: Seen = {} if seen is None else seen

    async def for_developer(self, provider: str, dev_id: str) -> ProviderApp:
        """The developer's own app, else the operator's shared one. Raises NotFoundError when there is neither."""
        rows = await self._session.fetch(
            "SELECT * FROM provider_apps WHERE provider = $1 AND (dev_id = $2 OR dev_id IS NULL)",
            provider,
            dev_id,
        )
        if not rows:
            raise _not_set_up(provider)
        return self._open(min(rows, key=lambda row: row["dev_id"] is None))

    async def enabled_for(self, provider: str, developer: Developer) -> ProviderApp:
        """The same, where a provider that the developer did not enable is like one that is not set up."""
        if not DeveloperSettings.of(developer.settings).enables(provider):
            raise _not_set_up(provider)
        return await self.for_developer(provider, developer.dev_id)

    async def check_enabled(self, provider: str, developer: Developer, *, now: datetime) -> None:
        """Raises NotFoundError where `enabled_for` would; opens nothing and asks the database now and then.

        An app that was there a moment ago is believed to be there: whoever uses it looks it up.
        """
        if not DeveloperSettings.of(developer.settings).enables(provider):
            raise _not_set_up(provider)
        if now < self._seen.get((provider, developer.dev_id), now):
            return
        if not await self._session.fetchval(
            "SELECT count(*) FROM provider_apps WHERE provider = $1 AND (dev_id = $2 OR dev_id IS NULL)",
            provider, developer.dev_id,
        ):  # fmt: skip
            raise _not_set_up(provider)
        if len(self._seen) >= _MOST_SEEN:
            self._seen.clear()
        self._seen[provider, developer.dev_id] = now + _BELIEVED_FOR

    async def get(self, app_id: UUID) -> ProviderApp:
        """Raises NotFoundError."""
        row = await self._session.fetchrow("SELECT * FROM provider_apps WHERE id = $1", app_id)
        if row is None:
            raise NotFoundError("provider app")
        return self._open(row)

    async def available(self, dev_id: str) -> set[str]:
        """The slugs of the providers that have an app for this developer."""
        rows = await self._session.fetch(
            "SELECT DISTINCT provider FROM provider_apps WHERE dev_id = $1 OR dev_id IS NULL", dev_id
        )
        return {row["provider"] for row in rows}

    async def enabled(self, developer: Developer) -> set[str]:
        """The slugs of the providers this developer's end users can connect."""
        settings = DeveloperSettings.of(developer.settings)
        return {slug for slug in await self.available(developer.dev_id) if settings.enables(slug)}

    async def put(
        self,
        provider: str,
        *,
        client_id: str,
        client_secret: str,
        hosts: Mapping[str, str],
        dev_id: str | None = None,
    ) -> ProviderApp:
        """Create or change the app of (`provider`, `dev_id`); its id and notice secret stay when it exists."""
        found = await self._session.fetchrow(
            "SELECT * FROM provider_apps WHERE provider = $1 AND dev_id IS NOT DISTINCT FROM $2",
            provider,
            dev_id,
        )
        app_id = found["id"] if found else uuid7()
        notice_secret = self._open(found).notice_secret if found else secrets.token_urlsafe(32)
        app = ProviderApp(app_id, provider, dev_id, client_id, client_secret, notice_secret, dict(hosts))
        await self._session.execute(
            "INSERT INTO provider_apps (id, provider, dev_id, client_id, client_secret, notice_secret, hosts, created_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO UPDATE SET"
            " client_id = excluded.client_id, client_secret = excluded.client_secret, hosts = excluded.hosts",
            app.id, provider, dev_id, client_id, self._seal(app_id, "client_secret", client_secret),
            self._seal(app_id, "notice_secret", notice_secret), app.hosts, utc_now(),
        )  # fmt: skip
        return app

    def _seal(self, app_id: UUID, column: str, secret: str) -> bytes:
        return self._keyring.encrypt(secret.encode(), identity=f"provider_apps/{app_id}/{column}")

    def _open(self, row: Row) -> ProviderApp:
        def secret(column: str) -> str:
            return self._keyring.decrypt(row[column], identity=f"provider_apps/{row['id']}/{column}").decode()

        return ProviderApp(
            id=row["id"],
            provider=row["provider"],
            dev_id=row["dev_id"],
            client_id=row["client_id"],
            client_secret=secret("client_secret"),
            notice_secret=secret("notice_secret"),
            hosts=row["hosts"],
        )


def _not_set_up(provider: str) -> NotFoundError:
    return NotFoundError("provider app", f"{provider} is not set up on this gateway")
