"""How is an answer read whose HTTP status is 200 whatever happened?"""

from collections.abc import AsyncGenerator

import httpx

from wearable_gateway.providers.withings.status import Outcome, outcome_of

_MEANING = {
    Outcome.TOKEN_REFUSED: httpx.codes.UNAUTHORIZED,
    Outcome.NOT_ALLOWED: httpx.codes.FORBIDDEN,
    Outcome.INVALID: httpx.codes.BAD_REQUEST,
    Outcome.TOO_MANY: httpx.codes.TOO_MANY_REQUESTS,
    Outcome.FAILED: httpx.codes.BAD_GATEWAY,
}


class InBodyStatus(httpx.Auth):
    """Gives every answer the HTTP status that its body means, before `inner` looks at it.

    So that a token refused in the body is refreshed like any other, and a limit met there is heeded. Without `inner`
    a call carries no token.
    """

    def __init__(self, inner: httpx.Auth | None = None) -> None:
        self._inner = inner or httpx.Auth()

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        flow = self._inner.async_auth_flow(request)
        try:
            next_request = await anext(flow)
            while True:
                response = yield next_request
                await response.aread()
                response.status_code = meant(response)
                next_request = await flow.asend(response)
        except StopAsyncIteration:
            return
        finally:
            await flow.aclose()


def meant(response: httpx.Response) -> int:
    """The HTTP status of what an answer says; its own when it is none of the vendor's envelopes."""
    status = _status(response) if response.is_success else None
    if status is None:
        return response.status_code
    return _MEANING.get(outcome_of(status), response.status_code)


def _status(response: httpx.Response) -> int | None:
    try:
        answer = response.json()
    except (ValueError, RecursionError):
        return None
    status = answer.get("status") if isinstance(answer, dict) else None
    return status if isinstance(status, int) and not isinstance(status, bool) else None
