"""How is one webhook sent? One POST to vetted addresses, one deadline over everything, a short look at the answer."""

import asyncio
import errno
import io
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver

from wearable_gateway.deliveries.outcomes import Delivered, Gone, Outcome, Reason, Refused, Unreachable
from wearable_gateway.kit.addresses import AddressPolicy
from wearable_gateway.kit.clock import Clock, utc_now

_DEADLINE = timedelta(seconds=10)
_LONGEST_ANSWER = 16 * 1024
_READ_AT_ONCE = 4 * 1024
_LONGEST_EXCERPT = 1024
_LARGE_BODY = 512 * 1024
# Node's servers close an idle connection after five seconds; a POST that meets that moment would be lost.
_KEEP_ALIVE_SECONDS = 4


class AddressRefusedError(OSError):
    """The policy does not let this address be dialled. An OSError, because that is what the connector handles."""

    def __init__(self) -> None:
        super().__init__(errno.EACCES, "this address is not allowed")


@dataclass(slots=True)
class _Answer:
    status: int = 0
    retry_after: str | None = None
    excerpt: str = ""


class Sender:
    def __init__(
        self, http: aiohttp.ClientSession, *, https_only: bool, deadline: timedelta, clock: Clock
    ) -> None:
        self._http = http
        self._https_only = https_only
        self._seconds = deadline.total_seconds()
        self._clock = clock

    async def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
        """Never raises for what the destination does. Once a status has come it counts, whatever its body does."""
        if self._https_only and not url.lower().startswith("https://"):
            return Unreachable(Reason.HTTPS, "GATEWAY_HTTPS_ONLY is set")
        answer = _Answer()
        try:
            async with asyncio.timeout(self._seconds):
                await self._post(url, headers, body, answer)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            if not answer.status:
                return _unreachable(error)
        return _judge(answer, self._clock())

    async def _post(self, url: str, headers: Mapping[str, str], body: bytes, answer: _Answer) -> None:
        # aiohttp warns about large bytes, which it would write in one go.
        data = body if len(body) < _LARGE_BODY else io.BytesIO(body)
        async with self._http.post(url, data=data, headers=headers, allow_redirects=False) as response:
            answer.retry_after = response.headers.get("retry-after")
            answer.status = response.status
            await _read_excerpt(response, answer)


async def _read_excerpt(response: aiohttp.ClientResponse, answer: _Answer) -> None:
    read = 0
    while not response.content.at_eof():
        chunk = await response.content.read(_LONGEST_ANSWER)
        read += len(chunk)
        if len(answer.excerpt) < _LONGEST_EXCERPT:
            answer.excerpt = (answer.excerpt + _readable(chunk[:_LONGEST_EXCERPT]))[:_LONGEST_EXCERPT]
        if read > _LONGEST_ANSWER:
            response.close()
            return


def _readable(chunk: bytes) -> str:
    """Text that PostgreSQL can keep: it takes no NUL."""
    return chunk.decode("utf-8", "replace").replace("\0", "\ufffd")


def _judge(answer: _Answer, now: datetime) -> Outcome:
    if HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        return Delivered(answer.status, answer.excerpt)
    if answer.status == HTTPStatus.GONE:
        return Gone(answer.status, answer.excerpt)
    hinted = answer.status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
    return Refused(answer.status, answer.excerpt, _pause(answer.retry_after, now) if hinted else None)


def _pause(text: str | None, now: datetime) -> timedelta | None:
    """`Retry-After` is a number of seconds or a date (https://www.rfc-editor.org/rfc/rfc9110#name-retry-after)."""
    if text is None:
        return None
    try:
        if text.strip().isdecimal():
            return timedelta(seconds=int(text.strip()))
        pause = parsedate_to_datetime(text) - now
    except (ValueError, TypeError, OverflowError):  # no date, one without a zone, a number beyond all time
        return None
    return max(pause, timedelta())


def _unreachable(error: Exception) -> Unreachable:
    """The class of the error and not its text, which may repeat the URL."""
    cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    return Unreachable(_reason(error, cause), type(cause).__name__)


def _reason(error: Exception, cause: Exception) -> Reason:  # noqa: PLR0911 - a table, most specific first
    match error, cause:
        case _, AddressRefusedError():
            return Reason.ADDRESS
        case aiohttp.ClientConnectorDNSError(), _:
            return Reason.DNS
        case aiohttp.ClientSSLError(), _:
            return Reason.TLS
        case aiohttp.InvalidURL(), _:
            return Reason.ADDRESS
        case aiohttp.ClientConnectorError(), _:
            return Reason.CONNECTION
        case TimeoutError(), _:
            return Reason.TIMEOUT
        case _:
            return Reason.BROKEN


def _vetted_sockets(policy: AddressPolicy) -> aiohttp.SocketFactoryType:
    """The connector asks for a socket right before it dials: resolved names, literals and rebound names alike."""

    def open_socket(info: tuple[Any, ...]) -> socket.socket:
        family, kind, protocol, _, address = info
        if not policy.is_allowed(address[0]):
            raise AddressRefusedError
        return socket.socket(family, kind, protocol)

    return open_socket


@asynccontextmanager
async def open_sender(
    policy: AddressPolicy,
    *,
    deadline: timedelta = _DEADLINE,
    clock: Clock = utc_now,
    resolver: AbstractResolver | None = None,
) -> AsyncIterator[Sender]:
    """`resolver` looks names up; the system's does if not given."""
    connector = aiohttp.TCPConnector(
        socket_factory=_vetted_sockets(policy),
        limit=0,
        keepalive_timeout=_KEEP_ALIVE_SECONDS,
        resolver=resolver,
    )
    async with aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),
        auto_decompress=False,
        trust_env=False,
        read_bufsize=_READ_AT_ONCE,
        skip_auto_headers=("accept", "accept-encoding"),
    ) as http:
        yield Sender(http, https_only=policy.https_only, deadline=deadline, clock=clock)
