"""The authenticated client a provider fetches with: a bearer token, and one refresh when it is refused."""

from collections.abc import AsyncGenerator
from typing import Any, Protocol

import httpx

from wearable_gateway.errors import (
    ProviderError,
    ProviderLimitError,
    ProviderPendingError,
    ProviderRefusedError,
    ProviderRejectedError,
    ProviderUnavailableError,
)
from wearable_gateway.providers._base.oauth2 import TIMEOUT

_ASK_AGAIN_SECONDS = 30.0


class TokenSource(Protocol):
    """Where a provider's client gets its access token; `connections.tokens` is the real one."""

    async def current(self) -> str:
        """A token that is not known to be expired. Raises ProviderError."""

    async def refresh(self, stale: str) -> str:
        """A token that is not `stale`; the vendor is asked once, however many callers there are."""


class BearerAuth(httpx.Auth):
    def __init__(self, tokens: TokenSource) -> None:
        self._tokens = tokens

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        token = await self._tokens.current()
        request.headers["Authorization"] = f"Bearer {token}"
        response = yield request
        if response.status_code == httpx.codes.UNAUTHORIZED:
            token = await self._tokens.refresh(token)
            request.headers["Authorization"] = f"Bearer {token}"
            yield request


def api_client(tokens: TokenSource, base_url: str) -> httpx.AsyncClient:
    """A client for one grant. No proxy settings and no redirects: a bearer token goes to its vendor only."""
    return httpx.AsyncClient(
        base_url=base_url, auth=BearerAuth(tokens), timeout=TIMEOUT, trust_env=False, follow_redirects=False
    )


async def get_json(provider: str, client: httpx.AsyncClient, path: str, **params: str) -> object:
    """GET `path` as JSON. Raises ProviderError, of the kind that says what to do about it."""
    response = await _send(provider, client, "GET", path, params=params)
    return _json(provider, response)


async def post_json(provider: str, client: httpx.AsyncClient, path: str, content: Any) -> object:
    """POST `content` to `path`; what is answered, as JSON. Raises ProviderError."""
    return _json(provider, await _send(provider, client, "POST", path, json=content))


async def delete(provider: str, client: httpx.AsyncClient, path: str) -> None:
    """DELETE `path`. Raises ProviderError."""
    await _send(provider, client, "DELETE", path)


async def _send(
    provider: str, client: httpx.AsyncClient, method: str, path: str, **options: Any
) -> httpx.Response:
    try:
        response = await client.request(method, path, **options)
    except httpx.HTTPError as error:
        raise ProviderUnavailableError(provider, f"no answer ({type(error).__name__})") from error
    fault = _fault(provider, response)
    if fault is not None:
        raise fault
    return response


def _fault(provider: str, response: httpx.Response) -> ProviderError | None:
    """What an answer means that is not the one asked for; None when it is."""
    status, detail = response.status_code, f"answered {response.status_code}"
    if status == httpx.codes.ACCEPTED:
        return ProviderPendingError(provider, _retry_after(response) or _ASK_AGAIN_SECONDS)
    if response.is_success:
        return None
    if status in {401, 403, 412}:
        return ProviderRefusedError(provider, detail, status)
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return ProviderLimitError(provider, detail, _retry_after(response))
    if response.is_client_error and status != httpx.codes.REQUEST_TIMEOUT:
        return ProviderRejectedError(provider, detail, status)
    return ProviderUnavailableError(provider, detail, _retry_after(response))


def _json(provider: str, response: httpx.Response) -> object:
    try:
        body: object = response.json()
    except ValueError as error:
        raise ProviderUnavailableError(provider, "answered something that is not JSON") from error
    return body


def _retry_after(response: httpx.Response) -> float | None:
    value = response.headers.get("retry-after", "")
    return float(value) if value.isascii() and value.isdigit() else None
