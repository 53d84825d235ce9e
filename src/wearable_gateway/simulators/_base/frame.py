"""Around every call of a simulated vendor: counted, limited, made to fail when that was ordered, and saved."""

import re
from collections import Counter
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

if TYPE_CHECKING:
    from wearable_gateway.simulators._base.control import Fail
    from wearable_gateway.simulators._base.simulator import Simulator

_ID = re.compile(r"(?<=/)(?=[^/]*[0-9])[^/]{4,}")


class Frame:
    def __init__(self, vendor: "Simulator") -> None:
        self._vendor = vendor
        self.calls: Counter[str] = Counter()
        """By method and path, what looks like an id written as `{id}`, but for the path of the tokens."""
        self.failures: list[Fail] = []
        self._left: int | None = None
        self._until = 0.0

    def limit(self, calls: int, seconds: float) -> None:
        self._left, self._until = calls, self._vendor.clock() + seconds

    def wrap(self, app: ASGIApp) -> ASGIApp:
        async def framed(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http" or scope["path"].startswith("/control/"):
                await app(scope, receive, send)
                self._vendor.keeper.save()
                return
            early = self._before(Request(scope))
            headers = self._vendor.rate_headers()

            async def send_framed(message: Message) -> None:
                if message["type"] == "http.response.start":
                    self._vendor.keeper.save()
                    extra = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
                    message["headers"] = [*message["headers"], *extra]
                await send(message)

            await (early or app)(scope, receive, send_framed)

        return framed

    def _before(self, request: Request) -> Response | None:
        path = request.url.path
        named = path if path == self._vendor.token_path else _ID.sub("{id}", path)
        self.calls[f"{request.method} {named}"] += 1
        for order in self.failures:
            if order.times > 0 and path.startswith(order.path):
                order.times -= 1
                after = {"retry-after": str(order.retry_after)} if order.retry_after is not None else {}
                return JSONResponse({"message": "as ordered"}, order.status, headers=after)
        if self._left is None or not path.startswith(self._vendor.data_paths):
            return None
        if self._vendor.clock() >= self._until:
            self._left = None
            return None
        if self._left == 0:
            return self._vendor.too_many(self._until - self._vendor.clock())
        self._left -= 1
        return None
