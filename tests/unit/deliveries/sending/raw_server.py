"""A server that misbehaves as it is told: below HTTP libraries, which would not let it."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.fakes.ports import free_port

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class RawServer:
    port: int
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    """Request line, headers in lower case, body."""
    connections: int = 0
    open: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"


def answer(head: str, body: bytes = b"") -> Answer:
    """One whole answer; `head` is the status line and headers."""

    async def write(writer: asyncio.StreamWriter) -> None:
        lines = head if "transfer-encoding" in head else f"{head}\ncontent-length: {len(body)}"
        writer.write(b"HTTP/1.1 " + lines.replace("\n", "\r\n").encode() + b"\r\n\r\n" + body)
        await writer.drain()

    return write


@asynccontextmanager
async def serving(behave: Answer) -> AsyncIterator[RawServer]:
    raw = RawServer(free_port())

    tasks: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(serve(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        raw.connections += 1
        raw.open += 1
        try:
            while True:
                raw.requests.append(await _read_request(reader))
                await behave(writer)
        except (OSError, EOFError):
            return
        finally:
            raw.open -= 1
            writer.close()

    server = await asyncio.start_server(accept, "127.0.0.1", raw.port)
    try:
        yield raw
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _read_request(reader: asyncio.StreamReader) -> tuple[str, dict[str, str], bytes]:
    start = await reader.readexactly(1)
    if start != b"P":
        await reader.read(65536)
        return "", {}, b""  # no POST, but somebody who wants to speak TLS: answered in clear
    first, *lines = (start + await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    pairs = (line.split(": ", 1) for line in lines if line)
    headers = {name.lower(): value for name, value in pairs}
    return first, headers, await reader.readexactly(int(headers["content-length"]))


@asynccontextmanager
async def listening_with_tls(folder: Path) -> AsyncIterator[str]:
    """The URL of a server with a certificate that it signed itself."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_certificate(folder))
    port = free_port()
    server = await asyncio.start_server(
        lambda _reader, writer: writer.close(), "127.0.0.1", port, ssl=context
    )
    async with server:
        yield f"https://127.0.0.1:{port}/"


def _certificate(folder: Path) -> Path:
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    alternative = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(alternative, critical=False)
        .sign(key, SHA256())
    )
    file = folder / "server.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(secret + made.public_bytes(Encoding.PEM))
    return file
