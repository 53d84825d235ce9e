"""N connections, each of which sends another request once the last one was answered."""

import asyncio
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)
_NO_CONTENT = 204
_SUCCESS = range(200, 300)


class LoadError(Exception):
    """What was measured did not do what it was asked, so there is no figure."""


@dataclass(frozen=True, slots=True)
class Outcome:
    answers: int
    rate: float
    p50_ms: float
    p95_ms: float
    p99_ms: float


@dataclass(slots=True)
class Tally:
    """What all connections of one load have seen; `done` when there is nothing more to send."""

    done: asyncio.Event
    wanted: int | None = None
    latencies: list[float] = field(default_factory=list)
    others: Counter[int] = field(default_factory=Counter)
    broken: str | None = None

    def count(self, status: int, latency: float) -> None:
        if self.done.is_set():
            return
        if status in _SUCCESS:
            self.latencies.append(latency)
        else:
            self.others[status] += 1
        if len(self.latencies) + self.others.total() == self.wanted:
            self.done.set()

    def breaks(self, why: str) -> None:
        if not self.done.is_set():
            self.broken = why
            self.done.set()


def status_of(received: bytes | bytearray) -> int:
    return int(received[9:12])


def response_end(received: bytes | bytearray) -> int | None:
    """Where the response that `received` begins with ends; None while some of it is still to come."""
    head = received.find(b"\r\n\r\n")
    if head < 0:
        return None
    length = _LENGTH.search(received, 0, head + 2)
    if length is None and status_of(received) == _NO_CONTENT:
        return head + 4
    if length is None:
        raise LoadError("an answer without content-length")
    end = head + 4 + int(length[1])
    return end if len(received) >= end else None


class _Client(asyncio.Protocol):
    def __init__(self, requests: Iterator[bytes], tally: Tally) -> None:
        self._requests = requests
        self._tally = tally
        self._received = bytearray()
        self._sent_at = 0.0
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports do what asyncio.Transport says without being one.
        self._transport = cast("asyncio.Transport", transport)

    def send(self) -> None:
        request = next(self._requests, None)
        if request is not None:
            self._sent_at = time.perf_counter()
            self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._received += data
        try:
            end = response_end(self._received)
        except LoadError as error:
            self._tally.breaks(str(error))
            return
        if end is None:
            return
        self._tally.count(status_of(self._received), time.perf_counter() - self._sent_at)
        del self._received[:end]
        if not self._tally.done.is_set():
            self.send()

    def connection_lost(self, _error: Exception | None) -> None:
        self._tally.breaks("the server closed a connection")

    def close(self) -> None:
        self._transport.close()


async def drive(
    port: int,
    requests: Iterator[bytes],
    *,
    clients: int,
    seconds: float | None = None,
    answers: int | None = None,
) -> Outcome:
    """Until `seconds` have passed or `answers` came. Raises LoadError unless every answer was of success."""
    loop = asyncio.get_running_loop()
    tally = Tally(asyncio.Event(), answers)
    opened = [
        await loop.create_connection(lambda: _Client(requests, tally), "127.0.0.1", port)
        for _ in range(clients)
    ]
    started = time.perf_counter()
    if seconds is not None:
        loop.call_later(seconds, tally.done.set)
    for _, client in opened:
        client.send()
    await tally.done.wait()
    elapsed = time.perf_counter() - started
    for _, client in opened:
        client.close()
    return _outcome(tally, elapsed)


def _outcome(tally: Tally, elapsed: float) -> Outcome:
    if tally.broken or tally.others or not tally.latencies:
        raise LoadError(tally.broken or f"answers other than success: {dict(tally.others) or 'none came'}")
    ordered = sorted(tally.latencies)
    return Outcome(
        answers=len(ordered),
        rate=len(ordered) / elapsed,
        p50_ms=ordered[len(ordered) // 2] * 1000,
        p95_ms=ordered[len(ordered) * 95 // 100] * 1000,
        p99_ms=ordered[len(ordered) * 99 // 100] * 1000,
    )
