"""Which providers are there? (https://docs.tryterra.co/reference/rest-api/integrations). Needs no key."""

from typing import Annotated, Any

from fastapi import APIRouter, Header

from wearable_gateway.developers.keys import find_developer
from wearable_gateway.developers.provider_apps import ProviderApps
from wearable_gateway.errors import NotFoundError
from wearable_gateway.providers import PROVIDERS
from wearable_gateway.web.deps import Services, Svc

router = APIRouter(tags=["integrations"])

_TYPES = ("activity", "body", "daily", "menstruation", "nutrition", "sleep")


@router.get("/integrations")
async def integrations() -> dict[str, Any]:
    # Terra's two generations name the phone-SDK list differently; there are none here.
    return {"status": "success", "providers": sorted(PROVIDERS), "sdk_resource": [], "sdk_providers": []}


@router.get("/integrations/detailed")
async def integrations_detailed(
    svc: Svc, sdk: bool = False, dev_id: Annotated[str | None, Header(alias="dev-id")] = None
) -> dict[str, Any]:
    """With `dev-id` only what that developer's end users can connect; without, everything."""
    available = await _available(svc, dev_id) if dev_id else set(PROVIDERS)
    entries = [
        {
            "provider": provider.slug,
            "name": provider.name,
            "icon": f"{svc.public_url}/static/icon.svg",
            "setup": "API_KEYS_MANAGED",
            "enabled": True,
            "types": {name: name in set(provider.data_scopes) for name in _TYPES},
        }
        for slug, provider in sorted(PROVIDERS.items())
        if slug in available and not sdk
    ]
    return {"status": "success", "providers": entries}


async def _available(svc: Services, dev_id: str) -> set[str]:
    apps = ProviderApps(svc.db.autocommit, svc.keyring)
    try:
        return await apps.enabled(await find_developer(svc.db.autocommit, dev_id))
    except NotFoundError:
        # Nobody proved who they are here: an unknown developer is answered like one who chose nothing.
        return await apps.available(dev_id)
