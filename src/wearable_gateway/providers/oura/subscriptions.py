"""What the vendor tells an app about: one subscription for each kind of event and of data, renewed before it ends."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from wearable_gateway.errors import ProviderUnavailableError
from wearable_gateway.providers._base.client import json_of, send
from wearable_gateway.providers._base.reaching import AppAccess

_PATH = "/v2/webhook/subscription"
_EVENTS = ("create", "update", "delete")
_DATA = (
    "workout", "session", "sleep", "daily_sleep", "daily_readiness", "daily_activity", "daily_spo2",
    "daily_stress", "vo2_max", "enhanced_tag",
)  # fmt: skip
SUBSCRIBED = tuple((event, data) for data in _DATA for event in _EVENTS)
_RENEW_BEFORE = timedelta(days=7)


async def subscribe_all(provider: str, client: httpx.AsyncClient, app: AppAccess, notice_url: str) -> None:
    """Make what is missing, move what points elsewhere, renew what ends soon. Raises ProviderError."""
    headers = {"x-client-id": app.client_id, "x-client-secret": app.client_secret}
    listed = json_of(provider, await send(provider, client, "GET", _PATH, headers=headers))
    if not isinstance(listed, list):
        raise ProviderUnavailableError(provider, "the subscriptions are no list")
    known = {(one.get("event_type"), one.get("data_type")): one for one in listed if isinstance(one, dict)}
    for event, data in SUBSCRIBED:
        wanted = {
            "callback_url": notice_url,
            "verification_token": app.notice_secret,
            "event_type": event,
            "data_type": data,
        }
        found = known.get((event, data))
        if found is None:
            await send(provider, client, "POST", _PATH, headers=headers, json=wanted)
        elif found.get("callback_url") != notice_url:
            await send(provider, client, "PUT", f"{_PATH}/{found['id']}", headers=headers, json=wanted)
        elif _ends_soon(found):
            await send(provider, client, "PUT", f"{_PATH}/renew/{found['id']}", headers=headers)


def _ends_soon(subscription: Mapping[str, Any]) -> bool:
    try:
        ends = datetime.fromisoformat(str(subscription.get("expiration_time")))
    except ValueError:
        return True
    return (ends if ends.tzinfo else ends.replace(tzinfo=UTC)) < datetime.now(UTC) + _RENEW_BEFORE
