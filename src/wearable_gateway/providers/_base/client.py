"""The authenticated client a provider fetches with: a bearer token, and one refresh when it is refused."""

from collections.abc import AsyncGenerator
from typing import Protocol

import httpx

from wearable_gateway.errors import ProviderRefusedError, ProviderUnavailableError
from wearable_gateway.providers._base.oauth2 import TIMEOUT


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
    """GET `path` as JSON. Raises ProviderRefusedError on 401, 403 and 412, ProviderUnavailableError on the rest."""
    try:
        response = await client.get(path, params=params)
    except httpx.HTTPError as error:
        raise ProviderUnavailableError(provider, f"no answer ({type(error).__name__})") from error
    if response.status_code in {401, 403, 412}:
        raise ProviderRefusedError(provider, f"answered {response.status_code}", response.status_code)
    if response.status_code != httpx.codes.OK:
        raise ProviderUnavailableError(provider, f"answered {response.status_code}", _retry_after(response))
    try:
        body: object = response.json()
    except ValueError as error:
        raise ProviderUnavailableError(provider, "answered something that is not JSON") from error
    return body


def _retry_after(response: httpx.Response) -> float | None:
    value = response.headers.get("retry-after", "")
    return float(value) if value.isascii() and value.isdigit() else None
