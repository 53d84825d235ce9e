"""The one push subscription that an app may have, made by the app itself.

https://developers.strava.com/docs/webhooks/#subscriptions
"""

from urllib.parse import urlsplit

import httpx

from wearable_gateway.errors import ProviderRejectedError, ProviderUnavailableError
from wearable_gateway.providers._base.client import get_json, json_of, send
from wearable_gateway.providers._base.reaching import AppAccess
from wearable_gateway.providers.strava.document import SLUG
from wearable_gateway.providers.strava.fetching import objects

_PATH = "/push_subscriptions"


async def subscribe(client: httpx.AsyncClient, app: AppAccess, notice_url: str) -> str:
    """The number of the subscription for `notice_url`, made when there is none. Raises ProviderError."""
    own = {"client_id": app.client_id, "client_secret": app.client_secret}
    for found in objects(await get_json(SLUG, client, _PATH, **own)):
        url = str(found.get("callback_url"))
        if url == notice_url:
            return str(found.get("id", ""))
        if not _is_an_earlier(url, notice_url):
            raise ProviderRejectedError(
                SLUG, "the app's one push subscription is in use elsewhere", httpx.codes.CONFLICT
            )
        await send(SLUG, client, "DELETE", f"{_PATH}/{found.get('id')}", params=own)
    form = {**own, "callback_url": notice_url, "verify_token": app.notice_secret}
    made = json_of(SLUG, await send(SLUG, client, "POST", _PATH, data=form))
    if not isinstance(made, dict) or not made.get("id"):
        raise ProviderUnavailableError(SLUG, "the subscription has no id")
    return str(made["id"])


def _is_an_earlier(callback_url: str, notice_url: str) -> bool:
    """Whether it is an address of the same app: of a gateway that moved, or with another secret at its end."""
    try:
        earlier, current = (urlsplit(url).path.rpartition(".")[0] for url in (callback_url, notice_url))
    except ValueError:
        return False
    return earlier == current
