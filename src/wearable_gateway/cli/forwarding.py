"""What `listen --forward` does with an event: the same request, to the developer's own program."""

import io
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus

import aiohttp
from yarl import URL

from wearable_gateway.errors import InvalidInputError

# Less than the ten seconds the gateway waits, so that it hears what became of it.
_SECONDS = 9
_LONGEST_ANSWER = 16 * 1024
# What belongs to one connection, or is written anew (https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1).
_NOT_FORWARDED = frozenset(
    {
        "connection", "content-length", "expect", "host", "keep-alive", "proxy-authenticate",
        "proxy-authorization", "te", "trailer", "transfer-encoding", "upgrade",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Forwarded:
    """What the program answered; without an answer `fault` says why, and `status` is what the gateway is told."""

    status: int
    duration_ms: int
    body: bytes = b""
    retry_after: str | None = None
    fault: str | None = None


class Forwarder:
    def __init__(self, http: aiohttp.ClientSession, url: str, seconds: float) -> None:
        self._http = http
        self._url = url
        self._seconds = seconds

    async def forward(self, headers: Mapping[str, str], body: bytes) -> Forwarded:
        """Never raises for what the program does."""
        started = time.monotonic()
        kept = {name: value for name, value in headers.items() if name.lower() not in _NOT_FORWARDED}
        try:
            async with self._http.post(
                self._url, data=io.BytesIO(body), headers=kept, allow_redirects=False
            ) as answer:
                said = await answer.content.read(_LONGEST_ANSWER)
                return Forwarded(
                    answer.status, _since(started), said, retry_after=answer.headers.get("retry-after")
                )
        except TimeoutError:
            fault = f"no answer within {self._seconds:g} seconds"
            return Forwarded(HTTPStatus.GATEWAY_TIMEOUT, _since(started), fault=fault)
        except (aiohttp.ClientError, OSError) as error:
            cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
            return Forwarded(HTTPStatus.BAD_GATEWAY, _since(started), fault=type(cause).__name__)


def _since(started: float) -> int:
    return int((time.monotonic() - started) * 1000)


def check_target(text: str) -> str:
    """Raises InvalidInputError."""
    try:
        url = URL(text)
        fine = url.scheme in {"http", "https"} and bool(url.host)
    except ValueError:
        fine = False
    if not fine:
        raise InvalidInputError("forward", "the URL of your own program, such as http://127.0.0.1:3000/hook")
    return text


@asynccontextmanager
async def open_forwarder(url: str | None, *, seconds: float = _SECONDS) -> AsyncIterator[Forwarder | None]:
    """None when there is nowhere to forward to."""
    if url is None:
        yield None
        return
    async with aiohttp.ClientSession(
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=seconds),
        auto_decompress=False,
        trust_env=False,
        skip_auto_headers=("accept", "accept-encoding", "user-agent", "content-type"),
    ) as http:
        yield Forwarder(http, url, seconds)
