"""A vendor that answers what a test tells it to, over real HTTP."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.fakes.gateway import serving
from tests.fakes.ports import free_port

Said = tuple[int, Any]
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass
class Scripted:
    url: str
    says: Callable[[str, str], Said]
    """What is answered to a method and a path: a status and a body."""
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def hosts(self, names: Sequence[str] = ("authorize", "token", "revoke", "api")) -> dict[str, str]:
        return dict.fromkeys(names, self.url)

    async def answer(self, request: Request) -> Response:
        self.asked.append(f"{request.method} {request.url.path}")
        status, body = self.says(request.method, request.url.path)
        return JSONResponse(body, status, headers=self.headers)


@asynccontextmanager
async def scripted(says: Callable[[str, str], Said]) -> AsyncIterator[Scripted]:
    port = free_port()
    vendor = Scripted(f"http://127.0.0.1:{port}", says)
    app = Starlette(routes=[Route("/{path:path}", vendor.answer, methods=list(METHODS))])
    async with serving(app, port):
        yield vendor
