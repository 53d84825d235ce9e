"""Which providers are there? (https://docs.tryterra.co/reference/rest-api/integrations). Needs no key."""

from typing import Annotated

from fastapi import Header, Query, Response

from wearable_gateway.developers.keys import check_dev_id, find_developer
from wearable_gateway.developers.provider_apps import ProviderApps
from wearable_gateway.developers.settings import DeveloperSettings
from wearable_gateway.errors import InvalidInputError, NotFoundError
from wearable_gateway.providers import PROVIDERS
from wearable_gateway.web.answers.integrations import DetailedIntegrations, Integrations
from wearable_gateway.web.bodies import json_answer
from wearable_gateway.web.deps import Services, Svc
from wearable_gateway.web.routing import described

router = described("/v2", tag="integrations")

_TYPES = ("activity", "body", "daily", "menstruation", "nutrition", "sleep")

Sdk = Annotated[bool, Query(description="Providers that only a phone's SDK reads; there are none.")]
DevId = Annotated[str | None, Header(alias="dev-id", description="Whose end users?", examples=["acme"])]


@router.get("/integrations", summary="List the providers", responses={200: {"model": Integrations}})
async def integrations() -> Response:
    """All that this gateway knows."""
    # Terra's two generations name the phone-SDK list differently; there are none here.
    return json_answer(
        {"status": "success", "providers": sorted(PROVIDERS), "sdk_resource": [], "sdk_providers": []}
    )


@router.get(
    "/integrations/detailed",
    summary="List the providers with what they deliver",
    responses={200: {"model": DetailedIntegrations}},
)
async def integrations_detailed(svc: Svc, sdk: Sdk = False, dev_id: DevId = None) -> Response:
    """With `dev-id` only what that developer's end users can connect; without, everything."""
    available = await _available(svc, dev_id) if dev_id else dict.fromkeys(PROVIDERS, False)
    entries = [
        {
            "provider": provider.slug,
            "name": provider.name,
            "icon": f"{svc.public_url}/static/icon.svg",
            "setup": "API_KEYS_OWN" if available[slug] or provider.own_app_only else "API_KEYS_MANAGED",
            "enabled": True,
            "types": {name: name in set(provider.data_scopes) for name in _TYPES},
        }
        for slug, provider in sorted(PROVIDERS.items())
        if slug in available and not sdk
    ]
    return json_answer({"status": "success", "providers": entries})


async def _available(svc: Services, dev_id: str) -> dict[str, bool]:
    """What the developer's end users can connect, and whether through an app of the developer's own."""
    apps = ProviderApps(svc.db.autocommit, svc.keyring)
    try:
        developer = await find_developer(svc.db.autocommit, check_dev_id(dev_id))
    except (InvalidInputError, NotFoundError):
        # Nobody proved who they are here: an unknown developer is answered like one who chose nothing.
        return await apps.owned("")
    settings = DeveloperSettings.of(developer.settings)
    return {slug: own for slug, own in (await apps.owned(developer.dev_id)).items() if settings.enables(slug)}
