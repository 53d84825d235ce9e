"""Provider apps as an operator sets them up: entered, tested at the vendor, given new secrets, taken away."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from wearable_gateway.connections.access import app_access, notice_path
from wearable_gateway.db.session import Database, Session
from wearable_gateway.developers import audit
from wearable_gateway.developers.keys import find_developer
from wearable_gateway.developers.models import ProviderApp
from wearable_gateway.developers.provider_apps import ProviderApps
from wearable_gateway.errors import (
    DisallowedError,
    InvalidInputError,
    NotFoundError,
    ProviderError,
    ProviderUnavailableError,
)
from wearable_gateway.kit.encryption import Keyring
from wearable_gateway.providers import find_provider
from wearable_gateway.providers._base.oauth2 import OAuth2Flow
from wearable_gateway.providers._base.provider import Provider

_CALLBACK_PATH = "/connect/callback"
_SCOPES = "scopes"
_LONGEST = 4096
_CHECKED_WITHIN_SECONDS = 15


@dataclass(frozen=True, slots=True)
class AppFields:
    """What is entered of an app; None leaves a field as it is. In `extra` and `hosts` an empty value takes one away."""

    client_id: str | None = None
    client_secret: str | None = None
    hosts: Mapping[str, str] | None = None
    extra: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class AppView:
    """An app without its secrets. `callback_url` and `notice_url` are what the vendor has to be told."""

    app: ProviderApp
    provider: Provider
    callback_url: str
    notice_url: str | None

    @property
    def hosts(self) -> Mapping[str, str]:
        return self.provider.hosts(self.app.hosts)


@dataclass(frozen=True, slots=True)
class AppCheck:
    """Whether the vendor knows the app; `detail` says what it answered otherwise.

    With `answered` False it is not known: the vendor could not be reached, or said nothing that tells.
    """

    works: bool
    detail: str | None
    answered: bool = True


class AppSetup:
    """The apps of one developer, or with `dev_id` None the operator's shared ones; `actor` is who changes them.

    `by_developer`: whoever asks does not run the gateway, and must not choose which hosts it sends requests to.
    """

    def __init__(
        self,
        db: Database,
        keyring: Keyring,
        public_url: str,
        *,
        dev_id: str | None,
        actor: str,
        by_developer: bool = False,
    ) -> None:
        self._db = db
        self._keyring = keyring
        self._public_url = public_url
        self._dev_id = dev_id
        self._actor = actor
        self._by_developer = by_developer

    @staticmethod
    def callback_url(public_url: str) -> str:
        """What each vendor has to be told, before there is an app too."""
        return public_url + _CALLBACK_PATH

    async def all(self) -> list[AppView]:
        await self._check_developer(self._db.autocommit)
        return [self._view(app) for app in await self._apps(self._db.autocommit).all(self._dev_id)]

    async def show(self, resource: str) -> AppView:
        """Raises NotFoundError."""
        return self._view(await self._find(self._db.autocommit, resource))

    async def put(self, resource: str, fields: AppFields) -> AppView:
        """Enter an app, or change what is given of it. Raises NotFoundError, InvalidInputError, DisallowedError."""
        provider = find_provider(resource)
        if provider.own_app_only and self._dev_id is None:
            raise DisallowedError(
                f"{provider.slug} lets no two companies share an app: enter one for each developer"
            )
        if self._by_developer and fields.hosts:
            raise DisallowedError(
                "where a vendor is asked is chosen by those who run the gateway: ask one of them"
            )
        async with self._db.transaction() as session:
            await self._check_developer(session)
            before = await self._before(session, provider)
            chosen = _chosen(provider, before, fields)
            if before is not None and before.client_id != chosen.client_id:
                await _check_unused(session, before, "another client id")
            app = await self._apps(session).put(
                provider.slug,
                client_id=chosen.client_id or "",
                client_secret=chosen.client_secret or "",
                hosts=chosen.hosts or {},
                # Not `chosen`: what the vendor has told since `before` was read must not be undone by it.
                extra=fields.extra,
                dev_id=self._dev_id,
            )
            secret = {"client_secret": "replaced"} if _replaces_secret(before, app) else {}
            await self._audit(
                session, app, "provider_app.entered", _told(before) or None, {**_told(app), **secret}
            )
        return self._view(app)

    async def check(self, resource: str) -> AppCheck:
        """Ask the vendor whether it knows the app, for 15 seconds at most. Raises NotFoundError."""
        app = await self._find(self._db.autocommit, resource)
        flow = OAuth2Flow(find_provider(app.provider), app_access(app))
        try:
            async with asyncio.timeout(_CHECKED_WITHIN_SECONDS):
                await flow.check(redirect_uri=self.callback_url(self._public_url))
        except TimeoutError:
            detail = f"no answer within {_CHECKED_WITHIN_SECONDS} seconds"
            return AppCheck(works=False, detail=detail, answered=False)
        except ProviderUnavailableError as error:
            return AppCheck(works=False, detail=error.detail, answered=False)
        except ProviderError as error:
            return AppCheck(works=False, detail=error.detail)
        return AppCheck(works=True, detail=None)

    async def renew_notice_secret(self, resource: str) -> AppView:
        """Another secret for the vendor's notices, from now on. Raises NotFoundError."""
        async with self._db.transaction() as session:
            app = await self._find(session, resource)
            await self._apps(session).renew_notice_secret(app)
            await self._audit(session, app, "provider_app.notice_secret_renewed", None, None)
        return await self.show(resource)

    async def remove(self, resource: str, *, rehearse: bool = False) -> None:
        """Raises NotFoundError, and DisallowedError while accounts are connected through it. `rehearse`: only that."""
        async with self._db.transaction(rehearse=rehearse) as session:
            app = await self._find(session, resource)
            await _check_unused(session, app, "its removal")
            await self._apps(session).remove(app)
            await self._audit(session, app, "provider_app.removed", _told(app), None)

    def _apps(self, session: Session) -> ProviderApps:
        return ProviderApps(session, self._keyring)

    async def _check_developer(self, session: Session) -> None:
        if self._dev_id is not None:
            await find_developer(session, self._dev_id)

    async def _find(self, session: Session, resource: str) -> ProviderApp:
        await self._check_developer(session)
        return await self._apps(session).find_own(find_provider(resource).slug, self._dev_id)

    async def _before(self, session: Session, provider: Provider) -> ProviderApp | None:
        try:
            return await self._apps(session).find_own(provider.slug, self._dev_id)
        except NotFoundError:
            return None

    def _view(self, app: ProviderApp) -> AppView:
        provider = find_provider(app.provider)
        notice_url = self._public_url + notice_path(app) if provider.takes_notices else None
        return AppView(app, provider, self.callback_url(self._public_url), notice_url)

    async def _audit(
        self, session: Session, app: ProviderApp, action: str, before: object, after: object
    ) -> None:
        await audit.record(
            session, self._dev_id or audit.GATEWAY, actor=self._actor, action=action,
            subject=f"provider_app:{app.provider}", before=before, after=after,
        )  # fmt: skip


def _chosen(provider: Provider, before: ProviderApp | None, fields: AppFields) -> AppFields:
    """The whole app with what was given put in. Raises InvalidInputError."""
    client_id = _text("client_id", fields.client_id or (before.client_id if before else None))
    client_secret = _text("client_secret", fields.client_secret or (before.client_secret if before else None))
    hosts = {**(before.hosts if before else {}), **_hosts(provider, fields.hosts or {})}
    kept = before.extra if before is not None and before.client_id == client_id else {}
    extra = {**kept, **_extra(provider, fields.extra or {})}
    for field in provider.app_fields:
        if field.required and not extra.get(field.name):
            raise InvalidInputError(f"extra.{field.name}", f"{provider.slug} needs it: {field.description}")
    return AppFields(
        client_id,
        client_secret,
        {name: url for name, url in hosts.items() if url},
        extra,
    )


def _text(name: str, value: str | None) -> str:
    if not value:
        raise InvalidInputError(name, "what the vendor gave the app")
    if len(value) > _LONGEST or not (value.isascii() and value.isprintable()):
        raise InvalidInputError(name, f"at most {_LONGEST} printable ASCII characters")
    return value


def _hosts(provider: Provider, hosts: Mapping[str, str]) -> Mapping[str, str]:
    for name, url in hosts.items():
        if name not in provider.default_hosts:
            raise InvalidInputError("hosts", f"names among {', '.join(sorted(provider.default_hosts))}")
        if url and not _is_base(url):
            raise InvalidInputError(
                f"hosts.{name}", "the beginning of a URL, such as https://api.example.com"
            )
    return {name: url.rstrip("/") for name, url in hosts.items()}


def _is_base(url: str) -> bool:
    try:
        parts = urlsplit(url)
        port_is_one = parts.port is None or parts.port > 0
    except ValueError:
        return False
    plain = not (parts.username or parts.password or parts.query or parts.fragment)
    return (
        parts.scheme in {"http", "https"} and bool(parts.hostname) and port_is_one and plain
        and url.isascii() and url.isprintable() and not set(url) & set(" ?#")
    )  # fmt: skip


def _extra(provider: Provider, extra: Mapping[str, str]) -> Mapping[str, str]:
    names = sorted({field.name for field in provider.app_fields} | {_SCOPES})
    for name, value in extra.items():
        if name not in names:
            raise InvalidInputError("extra", f"names among {', '.join(names)}")
        # Some stand in headers; a key file is JSON of several lines.
        is_plain = value.isascii() and all(one.isprintable() or one in "\r\n\t" for one in value)
        if len(value) > _LONGEST or not is_plain:
            raise InvalidInputError(f"extra.{name}", f"at most {_LONGEST} ASCII characters")
    return extra


def _replaces_secret(before: ProviderApp | None, after: ProviderApp) -> bool:
    return before is not None and before.client_secret != after.client_secret


def _told(app: ProviderApp | None) -> dict[str, object]:
    """What the audit log may hold: no secret."""
    if app is None:
        return {}
    return {"client_id": app.client_id, "hosts": app.hosts, "extra": sorted(app.extra)}


async def _check_unused(session: Session, app: ProviderApp, what: str) -> None:
    connected = await session.fetchval(
        "SELECT count(*) FROM grants WHERE provider_app_id = $1 AND state <> 'revoked'", app.id
    )
    if connected:
        raise DisallowedError(
            f"{connected} wearable accounts are connected through this app and would be lost by {what}:"
            " deauthenticate them first"
        )
