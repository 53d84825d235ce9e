"""The one webhook of an app: made once, kept pointing here, woken when the vendor put it to sleep.

https://www.polar.com/accesslink-api/#webhooks
"""

from collections.abc import Mapping
from typing import Any

import httpx

from wearable_gateway.errors import ProviderUnavailableError
from wearable_gateway.providers._base.client import json_of, send
from wearable_gateway.providers._base.reaching import AppAccess
from wearable_gateway.providers.polar.document import SLUG
from wearable_gateway.providers.polar.notices import EVENTS

SECRET = "webhook_secret"  # noqa: S105 - the name it is kept under
_ID = "webhook_id"
_PATH = "/v3/webhooks"


async def look_after(client: httpx.AsyncClient, app: AppAccess, notice_url: str) -> Mapping[str, str]:
    """See to it that there is a webhook whose secret we know; the secret, when it is a new one.

    The vendor tells the secret once. A webhook whose secret nobody here knows cannot be verified: it is replaced.
    Raises ProviderError.
    """
    auth = httpx.BasicAuth(app.client_id, app.client_secret)
    wanted = {"events": list(EVENTS), "url": notice_url}
    found = await _find(client, auth)
    if found is not None and not _is_ours(found, app):
        await send(SLUG, client, "DELETE", f"{_PATH}/{found['id']}", auth=auth)
        found = None
    if found is None:
        made = _made(await _json(client, auth, "POST", _PATH, json=wanted))
        return {SECRET: _secret(made), _ID: str(made.get("id", ""))}
    if found.get("url") != notice_url or not _tells_all(found):
        await send(SLUG, client, "PATCH", f"{_PATH}/{found['id']}", auth=auth, json=wanted)
    if found.get("active") is False:
        # What has failed for seven days is put to sleep.
        await send(SLUG, client, "POST", f"{_PATH}/activate", auth=auth)
    return {}


async def _find(client: httpx.AsyncClient, auth: httpx.Auth) -> Mapping[str, Any] | None:
    answer = await _json(client, auth, "GET", _PATH)
    data = answer.get("data") if isinstance(answer, dict) else None
    listed = data if isinstance(data, list) else [data]
    return next((one for one in listed if isinstance(one, dict) and one.get("id")), None)


def _is_ours(webhook: Mapping[str, Any], app: AppAccess) -> bool:
    """Whether we were told its secret; somebody else may have made it in the place of ours."""
    return bool(app.extra.get(SECRET)) and app.extra.get(_ID) in {None, "", str(webhook["id"])}


def _tells_all(webhook: Mapping[str, Any]) -> bool:
    events = webhook.get("events")
    return isinstance(events, list) and all(event in events for event in EVENTS)


def _made(answer: object) -> Mapping[str, Any]:
    data = answer.get("data") if isinstance(answer, dict) else None
    return data if isinstance(data, dict) else {}


def _secret(webhook: Mapping[str, Any]) -> str:
    secret = webhook.get("signature_secret_key")
    if not isinstance(secret, str) or not secret:
        raise ProviderUnavailableError(SLUG, "the new webhook has no secret")
    return secret


async def _json(
    client: httpx.AsyncClient, auth: httpx.Auth, method: str, path: str, **options: Any
) -> object:
    return json_of(SLUG, await send(SLUG, client, method, path, auth=auth, **options))
