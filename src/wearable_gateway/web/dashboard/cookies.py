"""The dashboard's cookies: who is signed in, the secret of the forms shown to those who are not, and who went to sign on elsewhere."""

import base64
import binascii
import secrets
from datetime import timedelta
from typing import Literal, TypedDict

from fastapi import Request, Response

from wearable_gateway.developers.sessions import SESSION_LIFETIME
from wearable_gateway.web.cookies import only_over_https

SESSION = "wg_session"
FORM = "wg_form"
JOURNEY = "wg_sso_"


class _Attributes(TypedDict):
    path: str
    httponly: bool
    samesite: Literal["lax"]
    secure: bool


def _attributes(public_url: str) -> _Attributes:
    return {
        "path": "/dashboard",
        "httponly": True,
        "samesite": "lax",
        "secure": only_over_https(public_url),
    }


def keep_session(response: Response, token: str, public_url: str) -> None:
    seconds = int(SESSION_LIFETIME.total_seconds())
    response.set_cookie(SESSION, token, max_age=seconds, **_attributes(public_url))


def forget_session(response: Response, public_url: str) -> None:
    response.delete_cookie(SESSION, **_attributes(public_url))


def form_token(request: Request) -> str:
    """The browser's own if it has one, so that two open sign-in pages both work."""
    return request.cookies.get(FORM) or secrets.token_urlsafe(32)


def keep_form_token(response: Response, token: str, public_url: str) -> None:
    response.set_cookie(FORM, token, **_attributes(public_url))


def keep_journey(response: Response, name: str, sealed: bytes, public_url: str, lifetime: timedelta) -> None:
    value = base64.urlsafe_b64encode(sealed).decode()
    response.set_cookie(
        JOURNEY + name, value, max_age=int(lifetime.total_seconds()), **_attributes(public_url)
    )


def journey(request: Request, name: str) -> bytes | None:
    try:
        return base64.urlsafe_b64decode(request.cookies[JOURNEY + name])
    except (KeyError, binascii.Error, ValueError):
        return None


def forget_journey(response: Response, name: str, public_url: str) -> None:
    response.delete_cookie(JOURNEY + name, **_attributes(public_url))
