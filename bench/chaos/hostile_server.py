"""Servers nobody wishes to send to. The path says which; a TLS handshake is answered with rubbish."""

import argparse
import asyncio
import contextlib
import os
import socket
from collections.abc import Awaitable, Callable

_FOREVER = 10**9
_LINES = 100_000
_TEN_GIB = 10 * 2**30


async def silent(_writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(_FOREVER)


async def dripping_body(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.2)


async def endless_headers(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"x-more: and more\r\n")
        await writer.drain()
        await asyncio.sleep(0.02)


async def many_lines(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n" + b"x-more: and more\r\n" * _LINES + b"\r\n")
    await writer.drain()
    await asyncio.sleep(_FOREVER)


async def endless_line(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nx-long: ")
    while True:
        writer.write(b"x" * 65536)
        await writer.drain()


async def huge_body(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % _TEN_GIB)
    for _ in range(_TEN_GIB // 65536):
        writer.write(b"x" * 65536)
        await writer.drain()


KINDS: dict[str, Callable[[asyncio.StreamWriter], Awaitable[None]]] = {
    "silent": silent,
    "dripping-body": dripping_body,
    "endless-headers": endless_headers,
    "many-lines": many_lines,
    "endless-line": endless_line,
    "huge-body": huge_body,
}


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        with contextlib.suppress(ConnectionError):
            beginning = await reader.read(65536)
            if beginning.startswith(b"POST /"):
                await KINDS[beginning.split(b"/", 2)[1].decode()](writer)
            writer.write(os.urandom(4096))
            await writer.drain()
            await asyncio.sleep(_FOREVER)
    finally:
        writer.close()


async def _main(port: int, deaf_port: int) -> None:
    with socket.socket() as deaf:
        # The kernel takes one or two connections for it, and leaves the others knocking.
        deaf.bind(("127.0.0.1", deaf_port))
        deaf.listen(0)
        server = await asyncio.start_server(_serve, "127.0.0.1", port, backlog=1024)
        async with server:
            await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.chaos.hostile_server", description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("deaf_port", type=int)
    asyncio.run(_main(**vars(parser.parse_args())))
