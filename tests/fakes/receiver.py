"""A customer's server: keeps what it is sent, answers as told.

RECORD_EVENTS=file in the environment appends every event any test receives to a file, one JSON document a line, for
whoever wants to hold them against other descriptions of the contract.
"""

import asyncio
import json
import os
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.contract.sdk_events import judge
from tests.fakes.ports import free_port
from tests.fakes.waiting import eventually


@dataclass
class Delivery:
    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


@dataclass
class Receiver:
    url: str
    got: list[Delivery] = field(default_factory=list)
    status: int = 204
    gap: float = 0
    """Seconds that each request takes, one after the other, before it counts as received."""
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def events(self, kind: str | None = None) -> list[dict[str, Any]]:
        return [one.event for one in self.got if kind is None or one.event["type"] == kind]

    def count(self) -> Counter[str]:
        return Counter(one.event["type"] for one in self.got)

    async def wait_for(self, kind: str, number: int = 1, *, within: float = 20) -> list[dict[str, Any]]:
        async def arrived() -> list[dict[str, Any]] | None:
            found = self.events(kind)
            return found if len(found) >= number else None

        return (await eventually(arrived, within=within)) or []


def _record(body: bytes) -> None:
    if place := os.environ.get("RECORD_EVENTS"):
        with Path(place).open("ab") as file:
            file.write(body + b"\n")


@asynccontextmanager
async def receiving(*, judged: bool = True) -> AsyncIterator[Receiver]:
    """A server to send to. At the end Terra's own client judges all that came, unless it is none of its business."""
    port = free_port()
    receiver = Receiver(f"http://127.0.0.1:{port}/hook")

    async def receive(request: web.Request) -> web.Response:
        got = Delivery({k.lower(): v for k, v in request.headers.items()}, await request.read())
        async with receiver.turn:
            await asyncio.sleep(receiver.gap)
        receiver.got.append(got)
        _record(got.body)
        return web.Response(status=receiver.status)

    app = web.Application()
    app.router.add_post("/hook", receive)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield receiver
    finally:
        await runner.cleanup()
    for event in receiver.events() if judged else ():
        judge(event)
