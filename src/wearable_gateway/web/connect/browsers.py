"""The secret of a browser: what begins in it ends in it."""

from typing import Annotated

from fastapi import Cookie

from wearable_gateway.connect.tokens import new_browser_secret
from wearable_gateway.web.connect import cookies

Browser = Annotated[str | None, Cookie(alias=cookies.BROWSER)]

_LONGEST = 64  # ours are shorter


def this_browser(cookie: str | None) -> str:
    """The secret it has, or a new one."""
    return cookie if cookie and len(cookie) <= _LONGEST else new_browser_secret()
