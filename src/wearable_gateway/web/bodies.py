"""How are JSON bodies read and written? One way, and strictly."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from wearable_gateway.kit import json


class _Request(Request):
    async def json(self) -> Any:
        if not hasattr(self, "_json"):
            self._json = json.load(await self.body())
        return self._json


class JsonRoute(APIRoute):
    """Python's own parser takes NaN and half characters, which no later step can write as JSON again."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        if self.body_field is None:
            return handle

        async def handle_strictly(request: Request) -> Response:
            return await handle(_Request(request.scope, request.receive))

        return handle_strictly


def json_answer(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Written at once: what FastAPI would do to find out what `body` is, costs more than the answer."""
    return Response(json.dump(body), status, media_type="application/json", headers=headers)
