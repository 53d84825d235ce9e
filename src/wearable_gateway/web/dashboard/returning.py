"""Where does somebody go after signing in? Only ever to a page of the dashboard."""

import re
from urllib.parse import urlencode

from fastapi import Request

HOME = "/dashboard"
# What RFC 3986 allows in a path and a query; `//` and `\`, which could lead to another host, do not match.
_OWN_PAGE = re.compile(r"/dashboard(/[A-Za-z0-9._~%@:+-]+)*(\?[A-Za-z0-9._~%@:+&=/-]*)?")
_NOT_PAGES = (f"{HOME}/login", f"{HOME}/logout", f"{HOME}/link/", f"{HOME}/sso/")


def own_page(wanted: str) -> str:
    """`wanted` if it is a page of the dashboard to come back to, else the dashboard's first page."""
    return wanted if _OWN_PAGE.fullmatch(wanted) and not wanted.startswith(_NOT_PAGES) else HOME


def sign_in_path(request: Request) -> str:
    """The sign-in page that leads back to where `request` wanted to go."""
    query = f"?{request.url.query}" if request.url.query else ""
    page = own_page(request.url.path + query)
    return f"{HOME}/login" + ("" if page == HOME else "?" + urlencode({"next": page}))
