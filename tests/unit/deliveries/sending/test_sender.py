import asyncio
import socket
import struct
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from standardwebhooks import Webhook
from terra.utils.verify_signature import verify_terra_webhook_signature

from tests.fakes.ports import free_port
from tests.fakes.waiting import eventually
from tests.unit.deliveries.sending.made_up import a_delivery, a_message
from tests.unit.deliveries.sending.raw_server import RawServer, answer, listening_with_tls, serving
from wearable_gateway.deliveries.outcomes import Delivered, Gone, Outcome, Reason, Refused, Unreachable
from wearable_gateway.deliveries.sending.headers import headers_of
from wearable_gateway.deliveries.sending.sender import Sender, open_sender
from wearable_gateway.kit.addresses import AddressPolicy
from wearable_gateway.kit.signatures import new_signing_secret

LOOPBACK = AddressPolicy.allowing_loopback()
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
async def sender() -> AsyncIterator[Sender]:
    async with open_sender(LOOPBACK, deadline=timedelta(seconds=5), clock=lambda: NOW) as made:
        yield made


@pytest.fixture
async def hasty() -> AsyncIterator[Sender]:
    async with open_sender(LOOPBACK, deadline=timedelta(seconds=0.3)) as made:
        yield made


async def post(sender: Sender, url: str, body: bytes = b"{}") -> Outcome:
    return await sender.send(url, {"content-type": "application/json"}, body)


async def closed(server: RawServer) -> bool:
    return server.open == 0


async def test_a_delivery_is_a_plain_post_of_the_stored_bytes(sender: Sender) -> None:
    async with serving(answer("200 OK", b"thanks")) as server:
        outcome = await post(sender, server.url + "?tenant=1", b'{"b": 1,  "a": "\xc3\xbc"}')
    assert outcome == Delivered(200, "thanks")
    (request, headers, body), *others = server.requests
    assert (request, body, others) == ("POST /hook?tenant=1 HTTP/1.1", b'{"b": 1,  "a": "\xc3\xbc"}', [])
    assert headers == {
        "host": f"127.0.0.1:{server.port}",
        "content-type": "application/json",
        "content-length": str(len(body)),
        "user-agent": headers["user-agent"],
    }


async def test_a_connection_is_used_again(sender: Sender) -> None:
    async with serving(answer("204 No Content")) as server:
        for _ in range(3):
            assert await post(sender, server.url) == Delivered(204)
    assert (server.connections, len(server.requests)) == (1, 3)


async def test_a_large_event_is_sent_whole(sender: Sender) -> None:
    async with serving(answer("200 OK")) as server:
        assert isinstance(await post(sender, server.url, b"x" * 3_000_000), Delivered)
    assert len(server.requests[0][2]) == 3_000_000


@pytest.mark.parametrize(
    "status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"]
)
async def test_a_redirect_is_a_refusal_and_is_not_followed(sender: Sender, status: str) -> None:
    async with (
        serving(answer("200 OK")) as other,
        serving(answer(f"{status}\nlocation: {other.url}")) as server,
    ):
        assert await post(sender, server.url) == Refused(int(status[:3]))
    assert other.requests == []


async def test_cookies_are_not_kept(sender: Sender) -> None:
    async with serving(answer("200 OK\nset-cookie: a=b")) as server:
        await post(sender, server.url)
        await post(sender, server.url)
    assert all("cookie" not in headers for _, headers, _ in server.requests)


async def test_a_proxy_in_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")
    monkeypatch.delenv("no_proxy", raising=False)
    async with open_sender(LOOPBACK) as sender, serving(answer("200 OK")) as server:
        assert await post(sender, server.url) == Delivered(200)


async def test_410_means_that_nothing_is_wanted_any_more(sender: Sender) -> None:
    async with serving(answer("410 Gone", b"bye")) as server:
        assert await post(sender, server.url) == Gone(410, "bye")


@pytest.mark.parametrize(
    ("head", "pause"),
    [
        ("429 Slow\nretry-after: 120", timedelta(seconds=120)),
        ("503 Busy\nretry-after: 0", timedelta()),
        ("503 Busy\nretry-after: Sun, 22 Nov 2026 12:10:00 GMT", timedelta(minutes=10)),
        ("503 Busy\nretry-after: Sun, 22 Nov 2026 11:00:00 GMT", timedelta()),
        ("503 Busy\nretry-after: soon", None),
        ("503 Busy\nretry-after: -5", None),
        ("503 Busy\nretry-after: " + "9" * 400, None),
        ("503 Busy", None),
        ("500 Oops\nretry-after: 120", None),
    ],
)
async def test_a_wanted_pause_is_read_where_it_means_something(
    sender: Sender, head: str, pause: timedelta | None
) -> None:
    async with serving(answer(head)) as server:
        assert await post(sender, server.url) == Refused(int(head[:3]), retry_after=pause)


async def test_an_answer_that_never_comes_is_given_up_at_the_deadline(hasty: Sender) -> None:
    async def say_nothing(_writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    async with serving(say_nothing) as server:
        started = time.monotonic()
        assert await post(hasty, server.url) == Unreachable(Reason.TIMEOUT, "TimeoutError")
    assert time.monotonic() - started < 0.8


@pytest.mark.parametrize(
    "head", [b"HTTP/1.1 200 OK\r\ncontent-length: 999999\r\n\r\n", b"HTTP/1.1 200 OK\r\nx: "]
)
async def test_an_answer_that_drips_frees_the_slot_at_the_deadline(hasty: Sender, head: bytes) -> None:
    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while not writer.is_closing():
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.02)

    async with serving(drip) as server:
        started = time.monotonic()
        outcome = await post(hasty, server.url)
        assert time.monotonic() - started < 0.8
        await eventually(lambda: closed(server))
    came = head.endswith(b"\r\n\r\n")
    assert isinstance(outcome, Delivered if came else Unreachable)


async def test_an_endless_answer_is_cut(sender: Sender) -> None:
    written = 0

    async def pour(writer: asyncio.StreamWriter) -> None:
        nonlocal written
        writer.write(b"HTTP/1.1 500 Oops\r\ncontent-length: 10000000000\r\n\r\n")
        while not writer.is_closing():
            writer.write(b"x" * 65536)
            written += 65536
            await writer.drain()

    async with serving(pour) as server:
        assert await post(sender, server.url) == Refused(500, "x" * 1024)
        await eventually(lambda: closed(server))
    assert written < 20_000_000  # what the system's own buffers take


async def test_endless_headers_are_refused(sender: Sender) -> None:
    async def pour(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(100_000):
            writer.write(b"x-%d: y\r\n" % number)
            await writer.drain()

    async with serving(pour) as server:
        assert isinstance(await post(sender, server.url), Unreachable)


async def test_a_compressed_answer_is_not_unpacked(sender: Sender) -> None:
    async with serving(answer("200 OK\ncontent-encoding: gzip", b"not gzip at all")) as server:
        assert await post(sender, server.url) == Delivered(200, "not gzip at all")


async def test_an_excerpt_is_text_that_the_database_can_keep(sender: Sender) -> None:
    async with serving(answer("200 OK", b"a\x00b\xff\xfec")) as server:
        assert await post(sender, server.url) == Delivered(200, "a\ufffdb\ufffd\ufffdc")


async def test_a_server_that_hangs_up_is_unreachable(sender: Sender) -> None:
    async def hang_up(_writer: asyncio.StreamWriter) -> None:
        raise EOFError

    async with serving(hang_up) as server:
        outcome = await post(sender, server.url)
    assert isinstance(outcome, Unreachable)
    assert outcome.reason is Reason.BROKEN


async def test_a_server_that_breaks_the_connection_off_is_unreachable(sender: Sender) -> None:
    async def reset(writer: asyncio.StreamWriter) -> None:
        opened: socket.socket = writer.get_extra_info("socket")
        # A close that does not wait for anything is told to the other side as a reset.
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()
        raise EOFError

    async with serving(reset) as server:
        outcome = await post(sender, server.url)
    assert outcome == Unreachable(Reason.BROKEN, "ClientOSError")


async def test_nobody_listening_is_unreachable(sender: Sender) -> None:
    outcome = await post(sender, f"http://127.0.0.1:{free_port()}/")
    assert outcome == Unreachable(Reason.CONNECTION, "ConnectionRefusedError")


async def test_a_name_without_an_address_is_unreachable(sender: Sender) -> None:
    outcome = await post(sender, "http://nowhere.invalid/")
    assert isinstance(outcome, Unreachable)
    assert outcome.reason is Reason.DNS


async def test_a_server_without_tls_is_unreachable_by_https(sender: Sender) -> None:
    async with serving(answer("200 OK")) as server:
        outcome = await post(sender, server.url.replace("http:", "https:"))
    assert isinstance(outcome, Unreachable)
    assert outcome.reason is Reason.TLS


async def test_a_certificate_nobody_vouches_for_is_refused(sender: Sender, tmp_path: Path) -> None:
    async with listening_with_tls(tmp_path) as url:
        assert await post(sender, url) == Unreachable(Reason.TLS, "SSLCertVerificationError")


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "0.0.0.0",  # noqa: S104 - dialled, not bound
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "127.1",
        "2130706433",
        "0x7f.1",
        "0x7f000001",
        "169.254.169.254",
    ],
)
async def test_a_private_address_is_never_dialled_however_it_is_written(host: str) -> None:
    async with open_sender(AddressPolicy()) as sender, serving(answer("200 OK")) as server:
        outcome = await post(sender, f"http://{host}:{server.port}/")
        assert isinstance(outcome, Unreachable)
        assert outcome.reason is Reason.ADDRESS
    assert server.connections == 0


async def test_both_of_a_receivers_usual_libraries_accept_the_signatures(sender: Sender) -> None:
    secret, body, now = new_signing_secret(), b'{"type":"auth"}', datetime.now(UTC)
    delivery = a_delivery(uuid4())
    message = replace(a_message(delivery, body, secrets=(secret,)), created_at=now)
    async with serving(answer("200 OK")) as server:
        await sender.send(server.url, headers_of(message, now=now), body)
    _, headers, received = server.requests[0]
    assert Webhook(secret).verify(received, headers) == {"type": "auth"}
    for name in ("terra-signature", "x-terra-signature"):
        assert verify_terra_webhook_signature(received.decode(), headers[name], secret)
    assert headers["webhook-id"] == str(delivery.event_id)
    assert headers["terra-reference"] == str(message.reference)
    assert headers["x-terra-trace-id"] == f"{delivery.event_id}:{delivery.destination_id}"
    assert headers["x-terra-ordering-timestamp"] == str(int(now.timestamp() * 1000))
    assert headers["user-agent"].startswith("wearable-gateway/")
