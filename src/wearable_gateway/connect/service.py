"""A flow begins: asked for by the developer, opened by the end user, who then leaves for the provider."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from wearable_gateway.connect.consent import app_for
from wearable_gateway.connect.models import Flow, FlowKind, FlowState, Trip
from wearable_gateway.connect.redirects import check_redirect_url
from wearable_gateway.connect.repository import FlowRepository, verifier_identity
from wearable_gateway.connect.tokens import browser_hash, new_flow_token, read_flow_token
from wearable_gateway.connect.user_limit import check_room
from wearable_gateway.connections.access import app_access
from wearable_gateway.connections.grants import GrantRepository
from wearable_gateway.connections.reference_ids import check_reference_id
from wearable_gateway.connections.repository import ConnectionRepository
from wearable_gateway.db.session import Session
from wearable_gateway.developers.keys import find_developer
from wearable_gateway.developers.models import Developer
from wearable_gateway.developers.provider_apps import ProviderApps
from wearable_gateway.developers.settings import DeveloperSettings
from wearable_gateway.errors import FlowRefusedError, InvalidInputError, NotFoundError
from wearable_gateway.kit.encryption import Keyring
from wearable_gateway.kit.ids import uuid7
from wearable_gateway.providers import PROVIDERS, find_provider
from wearable_gateway.providers._base.oauth2 import OAuth2Flow

LIFETIME = timedelta(minutes=15)
CALLBACK_PATH = "/connect/callback"
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([_-][A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class FlowRequest:
    """What a developer asks for, as it came in. `resource` None: the end user chooses in the widget."""

    resource: str | None = None
    providers: str | None = None
    reference_id: str | None = None
    success_url: str | None = None
    failure_url: str | None = None
    language: str | None = None
    reconnect_user_id: UUID | None = None
    show_disconnect: bool = False


async def begin(
    session: Session, apps: ProviderApps, developer: Developer, wanted: FlowRequest, *, now: datetime
) -> tuple[Flow, str]:
    """A new flow and the secret its link carries. Raises InvalidInputError, NotFoundError, DisallowedError."""
    dev_id = developer.dev_id
    allowed = DeveloperSettings.of(developer.settings).redirect_urls
    provider = find_provider(wanted.resource).slug if wanted.resource is not None else None
    if provider:
        await apps.check_enabled(provider, developer, now=now)
    flow = Flow(
        dev_id=dev_id,
        id=uuid7(),
        kind=FlowKind.AUTH_URL if provider else FlowKind.WIDGET,
        state=FlowState.OPEN,
        reason=None,
        user_id=uuid7(),
        provider=provider,
        providers=_choice(wanted.providers),
        reference_id=check_reference_id(wanted.reference_id),
        success_url=check_redirect_url("auth_success_redirect_url", wanted.success_url, allowed),
        failure_url=check_redirect_url("auth_failure_redirect_url", wanted.failure_url, allowed),
        language=_language(wanted.language),
        show_disconnect=wanted.show_disconnect,
        provider_app_id=None,
        expected_account=await _expected_account(session, dev_id, wanted.reconnect_user_id),
        pending_tokens=None,
        opened_at=None,
        claimed_at=None,
        created_at=now,
        expires_at=now + LIFETIME,
    )
    await check_room(session, developer, flow, reconnect_user_id=wanted.reconnect_user_id)
    token, token_hash = new_flow_token(dev_id)
    await FlowRepository(session, dev_id).add(flow, token_hash)
    return flow, token


def _choice(providers: str | None) -> tuple[str, ...] | None:
    names = [name for name in (providers or "").split(",") if name.strip()]
    try:
        return tuple(dict.fromkeys(find_provider(name).slug for name in names)) or None
    except NotFoundError as error:
        raise InvalidInputError(
            "providers", "names from GET /v2/integrations, separated by commas"
        ) from error


def _language(language: str | None) -> str | None:
    if language and not (len(language) <= 35 and _LANGUAGE.fullmatch(language)):  # noqa: PLR2004 - RFC 5646 §4.4.1
        raise InvalidInputError("language", "a language tag such as en or pt-BR")
    return language or None


async def _expected_account(session: Session, dev_id: str, user_id: UUID | None) -> str | None:
    """The wearable account that a reconnect of `user_id` must come back with."""
    if user_id is None:
        return None
    connection = await ConnectionRepository(session, dev_id).get(user_id)
    grant = await GrantRepository(session).find(connection.grant_id)
    return grant.provider_account_id if grant else None


async def find(session: Session, token: str) -> Flow:
    """The flow a link leads to, in whatever state. Raises FlowRefusedError when there is none."""
    read = read_flow_token(token)
    flow = await FlowRepository(session, read.dev_id).find_by_token(read.hash) if read else None
    if flow is None:
        raise FlowRefusedError(
            "unknown_link", "This link is not valid. Please go back to the app and start again."
        )
    return flow


async def offered(session: Session, flow: Flow, *, keyring: Keyring) -> list[str]:
    """The slugs of the providers the end user may choose from, by name."""
    developer = await find_developer(session, flow.dev_id)
    available = await ProviderApps(session, keyring).enabled(developer)
    chosen = flow.providers or tuple(PROVIDERS)
    slugs = [slug for slug in chosen if slug in available and slug in PROVIDERS]
    return sorted(slugs, key=lambda slug: PROVIDERS[slug].name)


async def leave(
    session: Session,
    flow: Flow,
    resource: str,
    *,
    browser: str,
    public_url: str,
    keyring: Keyring,
    now: datetime,
) -> str:
    """Send the end user of an open flow to a provider; returns the vendor's URL.

    The state is bound to `browser`, the secret in this browser's cookie. Raises NotFoundError for a provider
    that this flow does not offer.
    """
    developer = await find_developer(session, flow.dev_id)
    app = await app_for(session, flow, developer, resource, keyring=keyring)
    provider = PROVIDERS[app.provider]
    state, state_hash = new_flow_token(flow.dev_id)
    verifier = secrets.token_urlsafe(48)
    repository = FlowRepository(session, flow.dev_id)
    await repository.set_left(flow.id, provider=provider.slug, provider_app_id=app.id, now=now)
    await repository.add_trip(
        Trip(flow.id, verifier, provider.slug, app.id),
        state_hash=state_hash,
        browser_hash=browser_hash(browser),
        verifier=keyring.encrypt(verifier.encode(), identity=verifier_identity(flow.dev_id, state_hash)),
        now=now,
        expires_at=now + LIFETIME,
    )
    return OAuth2Flow(provider, app_access(app)).authorize_url(
        redirect_uri=public_url + CALLBACK_PATH, state=state, verifier=verifier
    )
