"""What would a developer be given, if the end user agreed?"""

from dataclasses import dataclass

from wearable_gateway.connect.models import Flow, FlowKind
from wearable_gateway.connections.access import app_access
from wearable_gateway.db.session import Session
from wearable_gateway.developers.models import Developer, ProviderApp
from wearable_gateway.developers.provider_apps import ProviderApps
from wearable_gateway.errors import NotFoundError
from wearable_gateway.kit.encryption import Keyring
from wearable_gateway.providers import PROVIDERS, find_provider
from wearable_gateway.providers._base.oauth2 import OAuth2Flow
from wearable_gateway.unified.records import DataType


@dataclass(frozen=True, slots=True)
class Sharing:
    """`reads`: what is asked for and can be delivered; `writes`: what may be added to the end user's account."""

    provider: str
    reads: tuple[DataType, ...]
    writes: tuple[DataType, ...]


async def app_for(
    session: Session, flow: Flow, developer: Developer, resource: str, *, keyring: Keyring
) -> ProviderApp:
    """The OAuth client of a provider that this flow offers. Raises NotFoundError for any other provider."""
    provider = find_provider(resource)
    if flow.provider and flow.kind is FlowKind.AUTH_URL and flow.provider != provider.slug:
        raise NotFoundError("resource", "this link is for another provider")
    if flow.providers and provider.slug not in flow.providers:
        raise NotFoundError("resource", "this session does not offer it")
    return await ProviderApps(session, keyring).enabled_for(provider.slug, developer)


def sharing(app: ProviderApp) -> Sharing:
    """By the scopes that `app` asks for. What the end user then allows may be less."""
    provider = PROVIDERS[app.provider]
    asked = OAuth2Flow(provider, app_access(app)).scopes
    return Sharing(
        provider=app.provider,
        reads=tuple(kind for kind in DataType if provider.allows(kind, asked)),
        writes=tuple(kind for kind in DataType if provider.write_scopes.get(kind) in asked),
    )
