"""The simulated vendor, and the gateway registered with it: one side's app, the other side's client."""

import httpx

from wearable_gateway.db.session import Session
from wearable_gateway.developers.models import ProviderApp
from wearable_gateway.developers.provider_apps import ProviderApps
from wearable_gateway.kit.encryption import Keyring
from wearable_gateway.sandbox.config import VendorClient

CONTROL = "control-token"
_ID, _SECRET = "gateway", "client-secret"


async def register(
    session: Session, keyring: Keyring, *, url: str, vendor_url: str
) -> tuple[ProviderApp, VendorClient]:
    app = await ProviderApps(session, keyring).put(
        "SANDBOX",
        client_id=_ID,
        client_secret=_SECRET,
        hosts=dict.fromkeys(("authorize", "token", "revoke", "api"), vendor_url),
    )
    client = VendorClient(
        client_id=_ID,
        client_secret=_SECRET,
        redirect_uris=(f"{url}/connect/callback",),
        notice_url=f"{url}/notices/sandbox/{app.id}",
        notice_secret=app.notice_secret,
        name="Gateway",
    )
    return app, client


def control(vendor_url: str) -> httpx.AsyncClient:
    """A client that may play the person, the wearable and a failing vendor."""
    headers = {"authorization": f"Bearer {CONTROL}"}
    return httpx.AsyncClient(base_url=vendor_url, headers=headers, timeout=30, trust_env=False)
