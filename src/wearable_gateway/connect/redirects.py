"""Where is the end user sent afterwards, and with what in the URL?"""

from collections.abc import Mapping, Sequence
from urllib.parse import unquote_plus, urlencode

from wearable_gateway.developers.redirect_urls import check_address, is_allowed
from wearable_gateway.errors import InvalidInputError


def check_redirect_url(name: str, value: str | None, allowed: Sequence[str] | None = None) -> str | None:
    """`value` when the end user may be sent there; empty means none. Raises InvalidInputError naming `name`.

    `allowed` are the beginnings that the developer chose; None: any address.
    """
    if not value:
        return None
    check_address(name, value)
    if allowed is not None and not is_allowed(value, allowed):
        choice = (
            f"an address under one of {', '.join(allowed)}" if allowed else "none, because none is allowed"
        )
        raise InvalidInputError(name, f"{choice}; the setting redirect_urls says so")
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
