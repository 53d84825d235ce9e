"""The subscriber through which the vendor tells the app of all its accounts, seen to by a service account.

https://developers.google.com/health/webhooks: project-level, with the scope `cloud-platform` and the role
`roles/health.editor`; with the policy AUTOMATIC there is nothing to do for single accounts.
"""

import base64
import hashlib
import time
from collections.abc import Mapping
from typing import Any

import httpx
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from wearable_gateway.errors import ProviderError, ProviderRejectedError, ProviderUnavailableError
from wearable_gateway.kit import json
from wearable_gateway.providers._base.client import json_of, send
from wearable_gateway.providers._base.reaching import AppAccess
from wearable_gateway.providers.google_health.changes import KINDS
from wearable_gateway.providers.google_health.document import SLUG

KEYSET_PATH = "/googlehealthapi/webhooks/webhooks_public_keyset.json"
TOKEN_PATH = "/token"  # noqa: S105 - a path
_SCOPE = "https://www.googleapis.com/auth/cloud-platform"
_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_SECONDS = 600
_SILENT = frozenset({"UNVERIFIED", "INACTIVE"})
"""States in which nothing is told; a change has the vendor look at the address again."""
_MASK = "endpointUri,endpointAuthorization,subscriberConfigs"


class _ServiceAccount(BaseModel):
    """The key file of a service account, as the console hands it out."""

    model_config = ConfigDict(hide_input_in_errors=True)

    client_email: str
    private_key: SecretStr
    project_id: str


def authorization(app: AppAccess) -> str:
    """What the vendor sends with each notice, as its `Authorization`."""
    return f"Bearer {app.notice_secret}"


async def keep_subscribed(client: httpx.AsyncClient, app: AppAccess, notice_url: str) -> dict[str, str]:
    """Make or mend the subscriber; what to remember of it. Raises ProviderError."""
    account = _service_account(app)
    subscribers = f"/v4/projects/{account.project_id}/subscribers"
    headers = {"Authorization": f"Bearer {await _token(client, app, account)}"}
    wanted = {
        "endpointUri": notice_url,
        "endpointAuthorization": {"secret": authorization(app)},
        "subscriberConfigs": [{"dataTypes": sorted(KINDS), "subscriptionCreatePolicy": "AUTOMATIC"}],
    }
    # The vendor does not tell the secret it has; what was last told it is known by its fingerprint.
    told = hashlib.sha256(json.dump(wanted)).hexdigest()
    found = _ours(await _listed(client, subscribers, headers), app, notice_url)
    if found is None:
        made = await send(SLUG, client, "POST", subscribers, headers=headers, json=wanted)
        return {"subscriber": _done(made), "subscriber_told": told}
    name = str(found["name"])
    is_known = app.extra.get("subscriber_told") == told and found.get("endpointUri") == notice_url
    if not is_known or found.get("state") in _SILENT:
        changed = await send(
            SLUG, client, "PATCH", f"/v4/{name}", headers=headers, params={"updateMask": _MASK}, json=wanted
        )
        _done(changed)
    return {"subscriber": name, "subscriber_told": told}


async def public_keys(client: httpx.AsyncClient, app: AppAccess) -> dict[str, str]:
    """The keys the vendor signs with now; nothing when it does not say, and what was known stays."""
    try:
        answer = await send(SLUG, client, "GET", app.hosts["keys"] + KEYSET_PATH)
    except ProviderError:
        return {}
    return {"keyset": answer.text}


def _service_account(app: AppAccess) -> _ServiceAccount:
    try:
        return _ServiceAccount.model_validate_json(app.extra["service_account"])
    except ValidationError:
        # What Pydantic says of it could quote the key.
        detail = "`service_account` is not the JSON key file of one"
        raise ProviderRejectedError(SLUG, detail, httpx.codes.BAD_REQUEST) from None


async def _listed(
    client: httpx.AsyncClient, subscribers: str, headers: Mapping[str, str]
) -> list[Mapping[str, Any]]:
    answer = json_of(
        SLUG, await send(SLUG, client, "GET", subscribers, headers=headers, params={"pageSize": "100"})
    )
    listed = answer.get("subscribers", []) if isinstance(answer, dict) else None
    if not isinstance(listed, list):
        raise ProviderUnavailableError(SLUG, "the subscribers are no list")
    return [one for one in listed if isinstance(one, dict) and isinstance(one.get("name"), str)]


def _ours(listed: list[Mapping[str, Any]], app: AppAccess, notice_url: str) -> Mapping[str, Any] | None:
    """By the name it was made with, or by our address where it was not told at once."""
    name = app.extra.get("subscriber")
    by_name = next((one for one in listed if one["name"] == name), None)
    return by_name or next((one for one in listed if one.get("endpointUri") == notice_url), None)


def _done(answer: httpx.Response) -> str:
    """The name of a subscriber that was made or changed; empty while the vendor is still at it."""
    operation = json_of(SLUG, answer)
    if not isinstance(operation, dict):
        raise ProviderUnavailableError(SLUG, "the answer is no operation")
    if operation.get("error"):
        raise ProviderUnavailableError(SLUG, "the vendor could not verify the address for notices")
    made = operation.get("response")
    return str(made.get("name") or "") if isinstance(made, dict) else ""


async def _token(client: httpx.AsyncClient, app: AppAccess, account: _ServiceAccount) -> str:
    """An access token of the service account's (RFC 7523). Raises ProviderError."""
    url = app.hosts["token"] + TOKEN_PATH
    form = {"grant_type": _BEARER, "assertion": _assertion(account, url)}
    answer = json_of(SLUG, await send(SLUG, client, "POST", url, data=form))
    if not isinstance(answer, dict) or not isinstance(answer.get("access_token"), str):
        raise ProviderUnavailableError(SLUG, "the service account was given no token")
    return str(answer["access_token"])


def _assertion(account: _ServiceAccount, audience: str) -> str:
    now = int(time.time())
    claims = {
        "iss": account.client_email,
        "scope": _SCOPE,
        "aud": audience,
        "iat": now,
        "exp": now + _SECONDS,
    }
    signed = b".".join(_base64(json.dump(part)) for part in ({"alg": "RS256", "typ": "JWT"}, claims))
    try:
        key = serialization.load_pem_private_key(account.private_key.get_secret_value().encode(), None)
    except (TypeError, ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, rsa.RSAPrivateKey):
        detail = "`service_account` holds no RSA private key"
        raise ProviderRejectedError(SLUG, detail, httpx.codes.BAD_REQUEST)
    return (signed + b"." + _base64(key.sign(signed, padding.PKCS1v15(), SHA256()))).decode()


def _base64(part: bytes) -> bytes:
    return base64.urlsafe_b64encode(part).rstrip(b"=")
