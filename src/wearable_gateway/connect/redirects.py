"""Where may the end user be sent afterwards, and with what in the URL?"""

import re
from collections.abc import Mapping
from urllib.parse import unquote_plus, urlencode, urlsplit

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


def check_redirect_url(name: str, value: str | None) -> str | None:
    """`value` when the end user may be sent there; empty means none. Raises InvalidInputError naming `name`."""
    if not value:
        return None
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
    if scheme in {"http", "https"} and (
        not host or parts.username is not None or not value[len(scheme) :].startswith("://")
    ):
        raise InvalidInputError(name, _EXPECTED)
    return value


def with_parameters(url: str, parameters: Mapping[str, str]) -> str:
    """`url` with `parameters` in its query; those of the same name that stood there give way."""
    # By hand: urlunsplit writes myapp:// as myapp: and myapp:///path as myapp:/path, other addresses to an app,
    # and whatever else stood in the query may be signed, so not a character of it changes.
    rest, hash_sign, fragment = url.partition("#")
    address, _, query = rest.partition("?")
    kept = [
        pair for pair in query.split("&") if pair and unquote_plus(pair.partition("=")[0]) not in parameters
    ]
    return f"{address}?{'&'.join([*kept, urlencode(parameters)])}{hash_sign}{fragment}"
