"""Provider apps: which OAuth client does a developer's flow use, and where does it stand at the vendor?"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from wearable_gateway.db.session import Row, Session
from wearable_gateway.db.wakeups import UPKEEP
from wearable_gateway.developers.models import Developer, ProviderApp
from wearable_gateway.developers.settings import DeveloperSettings
from wearable_gateway.errors import NotFoundError
from wearable_gateway.kit import json
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.kit.encryption import Keyring
from wearable_gateway.kit.ids import uuid7
from wearable_gateway.providers import PROVIDERS

Seen = dict[tuple[str, str], datetime]
"""Until when it is believed that a provider is set up for a developer, by slug and dev-id."""

_BELIEVED_FOR = timedelta(seconds=10)
_MOST_SEEN = 10_000
UPKEEP_CLAIM = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class AppCondition:
    """`dev_id` None: the operator's shared one. `problem` is why the vendor cannot be asked to tell us."""

    dev_id: str | None
    problem: str | None


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
            "SELECT * FROM provider_apps WHERE provider = $1 AND (dev_id = $2 OR ($3 AND dev_id IS NULL))",
            provider, dev_id, _may_be_shared(provider),
        )  # fmt: skip
        if not rows:
            raise _not_set_up(provider)
        return self._open(min(rows, key=lambda row: row["dev_id"] is None))

    async def enabled_for(self, provider: str, developer: Developer) -> ProviderApp:
        """The same, also for a provider that the developer has switched off."""
        if not DeveloperSettings.of(developer.settings).enables(provider):
            raise _switched_off(provider)
        return await self.for_developer(provider, developer.dev_id)

    async def check_enabled(self, provider: str, developer: Developer, *, now: datetime) -> None:
        """Raises NotFoundError where `enabled_for` would; opens nothing and asks the database now and then.

        An app that was there a moment ago is believed to be there: whoever uses it looks it up.
        """
        if not DeveloperSettings.of(developer.settings).enables(provider):
            raise _switched_off(provider)
        if now < self._seen.get((provider, developer.dev_id), now):
            return
        if not await self._session.fetchval(
            "SELECT count(*) FROM provider_apps WHERE provider = $1 AND (dev_id = $2 OR ($3 AND dev_id IS NULL))",
            provider, developer.dev_id, _may_be_shared(provider),
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

    async def condition(self, app_id: UUID) -> AppCondition | None:
        """How an app fares, without opening its secrets; None when it is gone."""
        row = await self._session.fetchrow(
            "SELECT dev_id, upkeep_error FROM provider_apps WHERE id = $1", app_id
        )
        return AppCondition(row["dev_id"], row["upkeep_error"]) if row else None

    async def available(self, dev_id: str) -> set[str]:
        """The slugs of the providers that have an app for this developer."""
        return set(await self.owned(dev_id))

    async def owned(self, dev_id: str) -> dict[str, bool]:
        """The providers that have an app for this developer, and whether it is the developer's own."""
        rows = await self._session.fetch(
            "SELECT provider, dev_id FROM provider_apps WHERE dev_id = $1 OR dev_id IS NULL", dev_id
        )
        usable = [row for row in rows if row["dev_id"] is not None or _may_be_shared(row["provider"])]
        own = {row["provider"] for row in usable if row["dev_id"] is not None}
        return {row["provider"]: row["provider"] in own for row in usable}

    async def all(self, dev_id: str | None) -> list[ProviderApp]:
        """The apps of one developer, or the operator's shared ones."""
        rows = await self._session.fetch(
            "SELECT * FROM provider_apps WHERE dev_id IS NOT DISTINCT FROM $1 ORDER BY provider", dev_id
        )
        return [self._open(row) for row in rows]

    async def find_own(self, provider: str, dev_id: str | None) -> ProviderApp:
        """The app that this developer, or the operator, has set up. Raises NotFoundError."""
        row = await self._session.fetchrow(
            "SELECT * FROM provider_apps WHERE provider = $1 AND dev_id IS NOT DISTINCT FROM $2",
            provider, dev_id,
        )  # fmt: skip
        if row is None:
            raise NotFoundError("provider app")
        return self._open(row)

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
        extra: Mapping[str, str] | None = None,
        dev_id: str | None = None,
    ) -> ProviderApp:
        """Create or change the app of (`provider`, `dev_id`); its id and notice secret stay when it exists.

        What the vendor returned for an earlier client id is of no use for another one, and goes. An empty value in
        `extra` takes one away.
        """
        # Locked, or what the vendor tells just now would be lost; some of it is told once.
        found = await self._session.fetchrow(
            "SELECT * FROM provider_apps WHERE provider = $1 AND dev_id IS NOT DISTINCT FROM $2 FOR UPDATE",
            provider, dev_id,
        )  # fmt: skip
        before = self._open(found) if found else None
        app_id = before.id if before else uuid7()
        kept = before.extra if before and before.client_id == client_id else {}
        app = ProviderApp(
            app_id, provider, dev_id, client_id, client_secret,
            before.notice_secret if before else secrets.token_urlsafe(32), dict(hosts),
            {name: value for name, value in {**kept, **(extra or {})}.items() if value},
        )  # fmt: skip
        await self._session.execute(
            "INSERT INTO provider_apps (id, provider, dev_id, client_id, client_secret, notice_secret, hosts, extra,"
            " created_at, upkeep_due_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9) ON CONFLICT (id) DO UPDATE SET"
            " client_id = excluded.client_id, client_secret = excluded.client_secret, hosts = excluded.hosts,"
            " extra = excluded.extra, upkeep_due_at = excluded.upkeep_due_at, upkeep_error = NULL",
            app.id, provider, dev_id, client_id, self._seal(app_id, "client_secret", client_secret),
            self._seal(app_id, "notice_secret", app.notice_secret), app.hosts, self._seal_extra(app), utc_now(),
        )  # fmt: skip
        self._session.wake(UPKEEP)
        return app

    async def renew_notice_secret(self, app: ProviderApp) -> None:
        """A new one; the vendor is told of it by the next upkeep, or by hand."""
        sealed = self._seal(app.id, "notice_secret", secrets.token_urlsafe(32))
        await self._session.execute(
            "UPDATE provider_apps SET notice_secret = $2, upkeep_due_at = $3 WHERE id = $1",
            app.id, sealed, utc_now(),
        )  # fmt: skip
        self._session.wake(UPKEEP)

    async def remove(self, app: ProviderApp) -> None:
        await self._session.execute("DELETE FROM provider_apps WHERE id = $1", app.id)

    async def claim_upkeep(self, *, now: datetime) -> ProviderApp | None:
        """One app whose subscriptions are to be looked after, this worker's for a while."""
        row = await self._session.fetchrow(
            "UPDATE provider_apps SET upkeep_due_at = $2 WHERE id = (SELECT id FROM provider_apps"
            " WHERE upkeep_due_at <= $1 ORDER BY upkeep_due_at LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING *",
            now, now + UPKEEP_CLAIM,
        )  # fmt: skip
        return self._open(row) if row else None

    async def finish_upkeep(
        self, app: ProviderApp, added: Mapping[str, str], *, due_at: datetime | None, error: str | None
    ) -> None:
        """Keep what the vendor returned; nothing when the app was changed meanwhile, which is looked after anew."""
        fresh = replace(app, extra={**app.extra, **added})
        await self._session.execute(
            "UPDATE provider_apps SET extra = $3, upkeep_due_at = $4, upkeep_error = $5"
            " WHERE id = $1 AND upkeep_due_at = $2",
            app.id, app.upkeep_due_at, self._seal_extra(fresh), due_at, error,
        )  # fmt: skip

    def _seal_extra(self, app: ProviderApp) -> bytes | None:
        return self._seal(app.id, "extra", json.dump(app.extra).decode()) if app.extra else None

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
            extra=json.load(secret("extra").encode()) if row["extra"] else {},
            upkeep_due_at=row["upkeep_due_at"],
            upkeep_error=row["upkeep_error"],
        )


def _may_be_shared(provider: str) -> bool:
    """Whether the operator's app serves developers who have none of their own."""
    known = PROVIDERS.get(provider)
    return known is not None and not known.own_app_only


def _not_set_up(provider: str) -> NotFoundError:
    return NotFoundError("provider app", f"{provider} is not set up on this gateway")


def _switched_off(provider: str) -> NotFoundError:
    return NotFoundError("provider app", f"{provider} is switched off for this developer")
