"""Around every request: a reference to speak about it, and headers that keep browsers careful."""

from uuid import uuid4

import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_PAGES = ("/connect", "/widget", "/dashboard", "/static")
_SECURITY = {
    "content-security-policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


class RequestFrame:
    """Pure ASGI: a middleware made of coroutines would cost more than the routing."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        reference = str(uuid4())
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(reference=reference)
        is_page = scope["path"].startswith(_PAGES)

        async def send_framed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["terra-reference"] = reference
                if is_page:
                    headers.update(_SECURITY)
                    if not scope["path"].startswith("/static"):
                        headers["cache-control"] = "no-store"
            await send(message)

        await self._app(scope, receive, send_framed)
