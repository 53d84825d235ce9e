"""The providers there are: every public module of this package has one, found at import."""

import importlib
import pkgutil
from collections.abc import Mapping
from types import MappingProxyType

from wearable_gateway.errors import NotFoundError, SettingsError
from wearable_gateway.providers._base.provider import Provider


def _discover() -> Mapping[str, Provider]:
    found: dict[str, Provider] = {}
    for module in pkgutil.iter_modules(__path__):
        if module.name.startswith("_"):
            continue
        provider = getattr(importlib.import_module(f"{__name__}.{module.name}"), "PROVIDER", None)
        if not isinstance(provider, Provider) or provider.slug.lower() != module.name:
            raise SettingsError(
                f"providers/{module.name}.py must hold PROVIDER, whose slug is the file's name"
            )
        found[provider.slug] = provider
    return MappingProxyType(found)


PROVIDERS = _discover()
_ALIASES = {alias: provider for provider in PROVIDERS.values() for alias in provider.aliases}


def find_provider(resource: str) -> Provider:
    """The provider called `resource`, in any case and by alias. Raises NotFoundError."""
    name = resource.strip().upper()
    provider = PROVIDERS.get(name) or _ALIASES.get(name)
    if provider is None:
        raise NotFoundError("resource", "GET /v2/integrations lists the providers")
    return provider
