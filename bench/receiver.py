"""A customer's server in a process of its own, and a light one: what it costs is missing to whoever is measured.

It answers as the path says: `/ok/…` 204 at once · `/slow/MILLISECONDS/…` 204 after that long · `/hang/…` never ·
`/once/MILLISECONDS/…` after that long, with 500 to every fourth event when it comes first. `/measured/…` is for whoever
measures: counts, ledger, forget.
"""

import argparse
import asyncio
import re
import time
from typing import cast

import uvloop

from bench.book import Book

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)
_EVENT = re.compile(rb"\r\nwebhook-id: *([^\r]+)\r\n", re.IGNORECASE)
# Never many one after the other: whoever fails so often is soon sent less.
_REFUSED_ENDS = frozenset("0123")
_TAKEN = b"HTTP/1.1 204 No Content\r\n\r\n"
_REFUSED = b"HTTP/1.1 500 Not Now\r\ncontent-length: 0\r\n\r\n"


class Connection(asyncio.Protocol):
    def __init__(self, book: Book) -> None:
        self._book = book
        self._received = bytearray()
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._book.connected(1)
        # uvloop's transports do what asyncio.Transport says without being one.
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, _error: Exception | None) -> None:
        self._book.connected(-1)

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (head := self._received.find(b"\r\n\r\n")) >= 0:
            length = _LENGTH.search(self._received, 0, head + 2)
            end = head + 4 + (int(length[1]) if length else 0)
            if len(self._received) < end:
                return
            self._take(bytes(self._received[: head + 2]), bytes(self._received[head + 4 : end]))
            del self._received[:end]

    def _take(self, head: bytes, body: bytes) -> None:
        path = head.split(b" ", 2)[1].decode()
        if path.startswith("/measured/"):
            self._tell(path)
            return
        found = _EVENT.search(head)
        event_id = found[1].decode() if found else ""
        is_new = self._book.write(path, event_id, body, time.time())
        kind, _, rest = path[1:].partition("/")
        if kind == "ok":
            self._transport.write(_TAKEN)
        elif kind in {"slow", "once"}:
            refused = kind == "once" and is_new and event_id[-1:] in _REFUSED_ENDS
            answer = _REFUSED if refused else _TAKEN
            asyncio.get_running_loop().call_later(int(rest.partition("/")[0]) / 1000, self._answer, answer)

    def _answer(self, answer: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(answer)

    def _tell(self, path: str) -> None:
        found = b"{}"
        if path == "/measured/counts":
            found = self._book.counts_as_json()
        elif path == "/measured/ledger":
            found = self._book.ledger_as_json()
        elif path == "/measured/forget":
            self._book.forget()
        self._transport.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%b" % (len(found), found))


async def receive(port: int, book: Book) -> None:
    """Until cancelled."""
    server = await asyncio.get_running_loop().create_server(
        lambda: Connection(book), "127.0.0.1", port, backlog=1024
    )
    async with server:
        await server.serve_forever()


def _main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.receiver", description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("--ledger", action="store_true")
    options = parser.parse_args()
    uvloop.run(receive(options.port, Book(keeps_ledger=options.ledger)))


if __name__ == "__main__":
    _main()
