"""A client's real web server, as small as can be, that remembers what it was sent."""

import asyncio
import hmac
import json
import random
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

DEADLINE_SECONDS = 5


@dataclass
class Received:
    headers: dict[str, str]
    body: bytes

    @property
    def notice(self) -> dict[str, Any]:
        read: dict[str, Any] = json.loads(self.body)
        return read

    @property
    def signed_at(self) -> int:
        return int(self._signature_parts()["t"])

    def is_signed_with(self, secret: str) -> bool:
        parts = self._signature_parts()
        expected = hmac.digest(secret.encode(), parts["t"].encode() + b"." + self.body, "sha256").hex()
        return parts["v1"] == expected

    def _signature_parts(self) -> dict[str, str]:
        return dict(part.split("=", 1) for part in self.headers["sandbox-signature"].split(","))


@dataclass
class Receiver:
    port: int = 0
    received: list[Received] = field(default_factory=list)
    answers: deque[bytes] = field(default_factory=deque)
    """The status lines of the next answers; 204 when it is empty."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/notices"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        headers = {
            name.lower(): value for name, value in (line.split(": ", 1) for line in head.splitlines()[1:-1])
        }
        self.received.append(Received(headers, await reader.readexactly(int(headers["content-length"]))))
        status = self.answers.popleft() if self.answers else b"204 No Content"
        writer.write(b"HTTP/1.1 " + status + b"\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        await writer.drain()
        writer.close()
        await writer.wait_closed()


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    server = await _listen(receiver)
    async with server:
        yield receiver


async def _listen(receiver: Receiver) -> asyncio.Server:
    # Below the range from which connections take their own ports.
    for port in random.sample(range(21000, 32000), 20):
        try:
            server = await asyncio.start_server(receiver.serve, "127.0.0.1", port)
        except OSError:
            continue
        receiver.port = port
        return server
    raise RuntimeError("no free port")


async def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.005)
