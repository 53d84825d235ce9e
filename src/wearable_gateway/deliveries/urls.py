"""May a developer have webhooks sent to this URL?

The sender looks at every address again when it dials: a name can change what it stands for at any time. The check
here tells the developer at once.
"""

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable, Iterable
from ipaddress import ip_address

from yarl import URL

from wearable_gateway.errors import InvalidInputError
from wearable_gateway.kit.addresses import AddressPolicy

LONGEST = 2048
_LOOKUP_SECONDS = 5

Resolve = Callable[[str], Awaitable[Iterable[str]]]
"""The addresses behind a name. Raises OSError when there are none."""


async def resolve_host(host: str) -> list[str]:
    found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


async def check_url(text: str, policy: AddressPolicy, resolve: Resolve = resolve_host) -> None:
    """Raises InvalidInputError, which says what to do."""
    host = _check_form(text, https_only=policy.https_only)
    if not all(policy.is_allowed(address) for address in await _addresses(host, resolve)):
        raise InvalidInputError(
            "url",
            f"an address on the public internet; {host} leads into a private or reserved network,"
            " which the operator can open with GATEWAY_ALLOW_PRIVATE_NETWORKS",
        )


def _check_form(text: str, *, https_only: bool) -> str:
    """The host. Read by the parser of the client that will dial it, so that both see the same one."""
    if len(text) > LONGEST:
        raise InvalidInputError("url", f"at most {LONGEST} characters")
    if any(character.isspace() or not character.isprintable() or character == "\\" for character in text):
        raise InvalidInputError("url", "no spaces, control characters or backslashes; percent-encode them")
    try:
        url = URL(text)
        host, port = url.raw_host, url.explicit_port
    except ValueError as error:
        raise InvalidInputError("url", "a URL such as https://example.com/webhooks") from error
    if url.scheme not in ({"https"} if https_only else {"http", "https"}) or not host:
        raise InvalidInputError(
            "url", "https:// and a host" if https_only else "http:// or https:// and a host"
        )
    if "@" in re.split(r"[/?#]", text.partition("://")[2], maxsplit=1)[0]:
        raise InvalidInputError("url", "no user name or password; deliveries are signed instead")
    if "#" in text:
        raise InvalidInputError("url", "no #fragment: it is never sent")
    if port == 0:
        raise InvalidInputError("url", "a port from 1 to 65535")
    return _check_host(host)


def _check_host(host: str) -> str:
    """Only the plain spelling of an address: 127.1, 0x7f000001 and 2130706433 are refused, as the client does."""
    if _is_address(host):
        return host
    last = host.rstrip(".").rpartition(".")[2]
    if "%" in host or ":" in host or last.isdigit() or last.lower().startswith("0x") or not last:
        raise InvalidInputError(
            "url", "a host name, an IPv4 address such as 192.0.2.1 or an IPv6 address in brackets"
        )
    return host


def _is_address(host: str) -> bool:
    try:
        return str(ip_address(host)) == host or ":" in host
    except ValueError:
        return False


async def _addresses(host: str, resolve: Resolve) -> list[str]:
    if _is_address(host):
        return [host]
    try:
        async with asyncio.timeout(_LOOKUP_SECONDS):
            found = list(await resolve(host))
    except (OSError, UnicodeError) as error:
        raise InvalidInputError("url", f"a host that exists; {host} does not resolve") from error
    if not found:
        raise InvalidInputError("url", f"a host that exists; {host} does not resolve")
    return found
