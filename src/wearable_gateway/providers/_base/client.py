"""The authenticated client a provider fetches with: a bearer token, one refresh when it is refused, a budget."""

from collections.abc import AsyncGenerator, Mapping
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
from wearable_gateway.providers._base.oauth2 import TIMEOUT, TLS

_ASK_AGAIN_SECONDS = 30.0
_LONGEST_WAIT_SECONDS = 24 * 3600.0


class TokenSource(Protocol):
    """Where a provider's client gets its access token; `connections.tokens` is the real one."""

    async def current(self) -> str:
        """A token that is not known to be expired. Raises ProviderError."""

    async def refresh(self, stale: str) -> str:
        """A token that is not `stale`; the vendor is asked once, however many callers there are."""


class Budget(Protocol):
    """How many calls a vendor still takes; `connections.budgets` is the real one."""

    async def take(self) -> None:
        """One call is about to be made. Raises ProviderLimitError when it is better not made."""

    async def learn(self, status: int, headers: Mapping[str, str]) -> None:
        """What an answer says about the limits."""


class VendorAuth(httpx.Auth):
    def __init__(self, tokens: TokenSource, budget: Budget) -> None:
        self._tokens = tokens
        self._budget = budget

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        token = await self._tokens.current()
        response = yield await self._ready(request, token)
        await self._budget.learn(response.status_code, response.headers)
        if response.status_code == httpx.codes.UNAUTHORIZED:
            response = yield await self._ready(request, await self._tokens.refresh(token))
            await self._budget.learn(response.status_code, response.headers)

    async def _ready(self, request: httpx.Request, token: str) -> httpx.Request:
        await self._budget.take()
        request.headers["Authorization"] = f"Bearer {token}"
        return request


def api_client(
    tokens: TokenSource, budget: Budget, base_url: str, headers: Mapping[str, str]
) -> httpx.AsyncClient:
    """A client for one grant. No proxy settings and no redirects: a bearer token goes to its vendor only."""
    return httpx.AsyncClient(
        base_url=base_url,
        headers=headers,
        auth=VendorAuth(tokens, budget),
        timeout=TIMEOUT,
        verify=TLS,
        trust_env=False,
        follow_redirects=False,
    )


def plain_client(base_url: str) -> httpx.AsyncClient:
    """A client that carries no token, for what an app does in its own name."""
    return httpx.AsyncClient(
        base_url=base_url, timeout=TIMEOUT, verify=TLS, trust_env=False, follow_redirects=False
    )


async def get_json(provider: str, client: httpx.AsyncClient, path: str, **params: str) -> object:
    """GET `path` as JSON; None for an answer without a body. Raises ProviderError, of the kind that says what to do."""
    return json_of(provider, await send(provider, client, "GET", path, params=params))


async def post_json(provider: str, client: httpx.AsyncClient, path: str, content: Any) -> object:
    """POST `content` to `path`; what is answered, as JSON. Raises ProviderError."""
    return json_of(provider, await send(provider, client, "POST", path, json=content))


async def delete(provider: str, client: httpx.AsyncClient, path: str) -> None:
    """DELETE `path`. Raises ProviderError."""
    await send(provider, client, "DELETE", path)


async def send(
    provider: str, client: httpx.AsyncClient, method: str, path: str, **options: Any
) -> httpx.Response:
    """One call, with httpx's `options`; an answer of success other than 202. Raises ProviderError."""
    try:
        response = await client.request(method, path, **options)
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
        # UnicodeError: a token that no header can hold.
        raise ProviderUnavailableError(provider, f"no answer ({type(error).__name__})") from error
    fault = _fault(provider, response)
    if fault is not None:
        raise fault
    return response


def _fault(provider: str, response: httpx.Response) -> ProviderError | None:
    """What an answer means that is not the one asked for; None when it is."""
    status, detail = response.status_code, f"answered {response.status_code}"
    if status == httpx.codes.ACCEPTED:
        return ProviderPendingError(provider, retry_after(response.headers) or _ASK_AGAIN_SECONDS)
    if response.is_success:
        return None
    if status in {401, 403, 412}:
        return ProviderRefusedError(provider, detail, status)
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return ProviderLimitError(provider, detail, retry_after(response.headers))
    if response.is_client_error and status != httpx.codes.REQUEST_TIMEOUT:
        return ProviderRejectedError(provider, detail, status)
    return ProviderUnavailableError(provider, detail, retry_after(response.headers))


def json_of(provider: str, response: httpx.Response) -> object:
    """The body of an answer; None when there is none. Raises ProviderUnavailableError for what is no JSON."""
    if response.status_code == httpx.codes.NO_CONTENT or not response.content:
        return None
    try:
        body: object = response.json()
    except (ValueError, RecursionError) as error:
        raise ProviderUnavailableError(provider, "answered something that is not JSON") from error
    return body


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds of a Retry-After header, a day at most; None where there is none, or a date."""
    value = headers.get("retry-after", "")
    return min(float(value), _LONGEST_WAIT_SECONDS) if value.isascii() and value.isdigit() else None
