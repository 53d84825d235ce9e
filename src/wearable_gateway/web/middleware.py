"""Around every request: a reference to speak about it, a limit to its body, and headers that keep browsers careful.

What is asked for below `/api/v2` is that below `/v2`: some of Terra's clients begin every path with `/api`.
"""

from collections.abc import Callable
from uuid import uuid4

import structlog
from fastapi import HTTPException, Request, Response
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wearable_gateway.developers import audit

_LONGEST_NUMBER = 20
_ALSO_V2 = "/api/v2/"
_PAGES = ("/connect", "/widget", "/dashboard", "/static")
_SECURITY = {
    "content-security-policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


class RequestFrame:
    """Pure ASGI: a middleware made of coroutines would cost more than the routing."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        largest_body: Callable[[str], int],
        on_crash: Callable[[Request, Exception], Response],
    ) -> None:
        self._app = app
        self._largest_body = largest_body
        self._on_crash = on_crash

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["path"].startswith(_ALSO_V2):
            # As ASGI has it (https://asgi.readthedocs.io/en/latest/specs/www.html): answers still name the path asked for.
            scope = {**scope, "root_path": "/api"}
        reference = str(uuid4())
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(reference=reference)
        client = scope.get("client")
        audit.comes_from(client[0] if client else None)
        is_page = scope["path"].startswith(_PAGES)
        started = False

        async def send_framed(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                # A route that made something with a reference of its own has named that.
                headers.setdefault("terra-reference", reference)
                if is_page:
                    headers.update(_SECURITY)
                    if not scope["path"].startswith("/static"):
                        # A route whose answer holds for longer has said so.
                        headers.setdefault("cache-control", "no-store")
            await send(message)

        try:
            await self._app(scope, _limited(receive, self._largest_body(scope["path"]), scope), send_framed)
        except Exception as error:  # the request boundary: whatever it was, the caller gets an answer
            if started:
                raise
            await self._on_crash(Request(scope), error)(scope, receive, send_framed)


def _too_large(largest: int) -> HTTPException:
    return HTTPException(413, f"the body is too large: at most {largest} bytes")


def _announced(scope: Scope) -> int:
    """The length the caller says the body has; 0 when they do not say."""
    found = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
    return int(found) if found.isdigit() and len(found) < _LONGEST_NUMBER else 0


def _limited(receive: Receive, largest: int, scope: Scope) -> Receive:
    """`receive`, raising for whoever reads a body that is too large. FastAPI's own limit answers in plain text."""
    taken = 0

    async def receive_limited() -> Message:
        nonlocal taken
        if taken == 0 and _announced(scope) > largest:
            raise _too_large(largest)
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > largest:
            raise _too_large(largest)
        return message

    return receive_limited
