"""What comes to a listener is passed on as it came, and what the program says is passed back."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
import pytest
from aiohttp import web

from tests.fakes.ports import free_port
from tests.unit.deliveries.sending.raw_server import answer, serving
from wearable_gateway.cli.forwarding import check_target, open_forwarder
from wearable_gateway.cli.receiving import receiver
from wearable_gateway.errors import InvalidInputError
from wearable_gateway.kit.signatures import new_signing_secret, terra_signature

SECRET = new_signing_secret()
BODY = b'{"type": "auth",  "user": {"reference_id": "\xc3\xbc"}}'


@dataclass
class Listener:
    url: str
    told: list[dict[str, object]] = field(default_factory=list)

    async def send(self, secret: str = SECRET) -> tuple[int, bytes, str | None]:
        """As the gateway sends: status, body and retry-after of the answer."""
        signature = terra_signature([secret], BODY, int(time.time()))
        headers = {"terra-signature": signature, "webhook-id": "e", "content-type": "application/json"}
        async with (
            aiohttp.ClientSession() as http,
            http.post(self.url, data=BODY, headers=headers, allow_redirects=False) as got,
        ):
            return got.status, await got.read(), got.headers.get("retry-after")


@asynccontextmanager
async def listening(target: str, *, seconds: float = 5) -> AsyncIterator[Listener]:
    port = free_port()
    listener = Listener(f"http://127.0.0.1:{port}/")
    async with open_forwarder(target, seconds=seconds) as forwarder:
        runner = web.AppRunner(receiver(SECRET, listener.told.append, forwarder))
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        try:
            yield listener
        finally:
            await runner.cleanup()


async def test_the_body_and_the_headers_arrive_as_they_came() -> None:
    async with serving(answer("201 Created", b"thanks")) as program, listening(program.url) as listener:
        assert await listener.send() == (201, b"thanks", None)
    ((_, headers, body),) = program.requests
    assert body == BODY
    assert headers["host"] == f"127.0.0.1:{program.port}"
    assert (headers["webhook-id"], headers["content-type"]) == ("e", "application/json")
    assert headers["terra-signature"].startswith("t=")


async def test_a_wanted_pause_reaches_the_gateway() -> None:
    async with serving(answer("503 Busy\nretry-after: 7")) as program, listening(program.url) as listener:
        assert await listener.send() == (503, b"", "7")


async def test_a_redirect_is_answered_and_not_followed() -> None:
    async with serving(answer("200 OK")) as other:
        redirect = answer(f"302 Found\nlocation: {other.url}")
        async with serving(redirect) as program, listening(program.url) as listener:
            assert (await listener.send())[0] == 302
        assert other.requests == []


async def test_what_does_not_verify_is_not_forwarded() -> None:
    async with serving(answer("200 OK")) as program, listening(program.url) as listener:
        assert (await listener.send(new_signing_secret()))[0] == 401
        assert program.requests == []
        assert [one["verified"] for one in listener.told] == [False]
        assert "forwarded" not in listener.told[0]


async def test_a_program_that_is_down_is_told_to_the_gateway_as_502() -> None:
    async with listening(f"http://127.0.0.1:{free_port()}/") as listener:
        assert (await listener.send())[0] == 502
    told = listener.told[0]["forwarded"]
    assert isinstance(told, dict)
    assert (told["status"], told["fault"]) == (None, "ConnectionRefusedError")


async def test_a_program_that_does_not_answer_is_told_to_the_gateway_as_504() -> None:
    async def say_nothing(_writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    async with serving(say_nothing) as program, listening(program.url, seconds=0.2) as listener:
        assert (await listener.send())[0] == 504
    told = listener.told[0]["forwarded"]
    assert isinstance(told, dict)
    assert (told["status"], told["fault"]) == (None, "no answer within 0.2 seconds")


@pytest.mark.parametrize("text", ["", "nowhere", "ftp://127.0.0.1/", "http://", "http://[::", "/hook"])
def test_what_is_no_url_is_no_target(text: str) -> None:
    with pytest.raises(InvalidInputError, match=r"invalid forward: .*http://127\.0\.0\.1:3000/hook"):
        check_target(text)
