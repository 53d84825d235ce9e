"""Where may end users be sent afterwards: what is an address at all, and which ones does a developer allow?"""

import re
from collections.abc import Iterable
from urllib.parse import SplitResult, urlsplit

from wearable_gateway.errors import InvalidInputError

LONGEST = 2048
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*")
# Schemes a browser runs or reads itself; every other scheme is an app's deep link.
_FORBIDDEN = frozenset(
    {
        "javascript",
        "data",
        "vbscript",
        "file",
        "blob",
        "about",
        "filesystem",
        "view-source",
        "ws",
        "wss",
        "ftp",
    }
)
_EXPECTED = "an https:// or http:// address with a host, or an app's deep link such as myapp://connected"
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}
# What a browser reads as a step back or in place (https://url.spec.whatwg.org/#double-dot-path-segment).
_DOTS = re.compile(r"(?:\.|%2e){1,2}", re.IGNORECASE)


def check_address(name: str, value: str) -> SplitResult:
    """The parts of an address an end user may be sent to. Raises InvalidInputError naming `name`."""
    if len(value) > LONGEST:
        raise InvalidInputError(name, f"at most {LONGEST} characters")
    # Browsers drop tabs and line breaks inside a URL, which would turn `java\nscript:` into what it hides.
    if any(character <= " " or character in "\x7f\\" for character in value) or not value.isprintable():
        raise InvalidInputError(name, "no spaces, backslashes or control characters")
    try:
        parts = urlsplit(value)
        host = parts.hostname
        _ = parts.port
    except ValueError as error:
        raise InvalidInputError(name, _EXPECTED) from error
    scheme = parts.scheme.lower()
    if not _SCHEME.fullmatch(scheme) or scheme in _FORBIDDEN:
        raise InvalidInputError(name, _EXPECTED)
    if scheme in _DEFAULT_PORTS and (
        not host or parts.username is not None or not value[len(scheme) :].startswith("://")
    ):
        raise InvalidInputError(name, _EXPECTED)
    return parts


def check_beginning(value: str) -> str:
    """`value` when it can stand among the `redirect_urls` of a developer. Raises InvalidInputError."""
    parts = check_address("redirect_urls", value)
    if any(sign in value for sign in "?#*"):
        raise InvalidInputError("redirect_urls", "the plain beginning of an address, without ?, # and *")
    if _has_dots(parts.path):
        raise InvalidInputError("redirect_urls", "a path without . and .. in it")
    return value


def is_allowed(address: str, beginnings: Iterable[str]) -> bool:
    """Whether `address`, which `check_address` let pass, begins with one of `beginnings`."""
    parts = urlsplit(address)
    return any(_begins(parts, urlsplit(beginning)) for beginning in beginnings)


def _begins(parts: SplitResult, wanted: SplitResult) -> bool:
    """The same scheme, host and port, and a path that goes on where a segment of the beginning ends."""
    if parts.scheme != wanted.scheme:
        return False
    if not wanted.netloc and not wanted.path:  # `myapp://`: an app's scheme is its own
        return True
    if _place(parts) != _place(wanted):
        return False
    if wanted.path in {"", "/"}:
        return True
    if _has_dots(parts.path):
        return False
    below = wanted.path if wanted.path.endswith("/") else wanted.path + "/"
    return parts.path == wanted.path or parts.path.startswith(below)


def _place(parts: SplitResult) -> str:
    """All that stands before the path, compared whole: what is in front of an @ is no host."""
    return parts.netloc.lower().removesuffix(_DEFAULT_PORTS.get(parts.scheme, ":")).removesuffix(":")


def _has_dots(path: str) -> bool:
    return any(_DOTS.fullmatch(segment) for segment in path.split("/"))
