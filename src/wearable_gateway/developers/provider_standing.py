"""Can a developer's end users connect a provider now, and why or why not?"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from wearable_gateway.db.session import Session
from wearable_gateway.developers.models import Developer
from wearable_gateway.developers.provider_apps import ProviderApps
from wearable_gateway.developers.settings import DeveloperSettings
from wearable_gateway.kit.encryption import Keyring
from wearable_gateway.providers import PROVIDERS
from wearable_gateway.providers._base.provider import Provider


class Standing(StrEnum):
    OWN_APP = "own_app"
    SHARED_APP = "shared_app"
    SWITCHED_OFF = "switched_off"
    NEEDS_OWN_APP = "needs_own_app"
    NOT_SET_UP = "not_set_up"

    @property
    def connectable(self) -> bool:
        return self in {Standing.OWN_APP, Standing.SHARED_APP}


@dataclass(frozen=True, slots=True)
class ProviderStanding:
    """`has_own_app` and `enabled` hold also where it cannot be connected for another reason."""

    provider: Provider
    standing: Standing
    has_own_app: bool
    enabled: bool


def standing(provider: Provider, owned: Mapping[str, bool], *, enabled: bool) -> Standing:
    """`owned`: the providers that have an app for the developer, and whether it is the developer's own."""
    if provider.slug not in owned:
        return Standing.NEEDS_OWN_APP if provider.own_app_only else Standing.NOT_SET_UP
    if not enabled:
        return Standing.SWITCHED_OFF
    return Standing.OWN_APP if owned[provider.slug] else Standing.SHARED_APP


async def standings(session: Session, keyring: Keyring, developer: Developer) -> dict[str, ProviderStanding]:
    """Of every provider, by slug."""
    owned = await ProviderApps(session, keyring).owned(developer.dev_id)
    settings = DeveloperSettings.of(developer.settings)
    return {
        slug: ProviderStanding(
            provider,
            standing(provider, owned, enabled=settings.enables(slug)),
            has_own_app=owned.get(slug, False),
            enabled=settings.enables(slug),
        )
        for slug, provider in PROVIDERS.items()
    }
