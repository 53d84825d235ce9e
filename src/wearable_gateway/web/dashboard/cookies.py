"""The dashboard's two cookies: who is signed in, and the secret of the forms shown to those who are not."""

import secrets
from typing import Literal, TypedDict

from fastapi import Request, Response

from wearable_gateway.developers.sessions import SESSION_LIFETIME

SESSION = "wg_session"
FORM = "wg_form"


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
        "secure": public_url.lower().startswith("https:"),
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
