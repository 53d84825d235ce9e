"""A secret that is shown once, on the page after the form that made it: sealed, in a cookie that the page takes away.

The answer to the form itself shows none: going back to it, or reloading it, would send the form again and make another.
"""

import base64
import binascii

from cryptography.exceptions import InvalidTag
from fastapi import Request, Response

from wearable_gateway.errors import SettingsError
from wearable_gateway.web.cookies import only_over_https
from wearable_gateway.web.dashboard.deps import Place
from wearable_gateway.web.dashboard.pages import go_to
from wearable_gateway.web.deps import Services

_COOKIE = "wg_once"
_SECONDS = 120


def _identity(here: Place, path: str) -> str:
    return f"shown_once/{here.session.id}{path}"


def go_to_secret(svc: Services, here: Place, path: str, secret: str) -> Response:
    """To the page at `path`, which alone can show it."""
    answer = go_to(path)
    keep(answer, svc, here, path, secret)
    return answer


def keep(answer: Response, svc: Services, here: Place, path: str, secret: str) -> None:
    """Only pages at or below `path`, of this session and within two minutes, can show it."""
    sealed = svc.keyring.encrypt(secret.encode(), identity=_identity(here, path))
    answer.set_cookie(
        _COOKIE, base64.urlsafe_b64encode(sealed).decode(), max_age=_SECONDS,
        path=path, httponly=True, samesite="lax", secure=only_over_https(svc.public_url),
    )  # fmt: skip


def take(request: Request, svc: Services, here: Place, path: str) -> str | None:
    """What was kept for a page below `path`; None when there is nothing, or nothing any more."""
    try:
        sealed = base64.urlsafe_b64decode(request.cookies.get(_COOKIE, ""))
        return svc.keyring.decrypt(sealed, identity=_identity(here, path)).decode() if sealed else None
    except (binascii.Error, InvalidTag, SettingsError, ValueError):
        return None


def forget(answer: Response, path: str) -> Response:
    answer.delete_cookie(_COOKIE, path=path, httponly=True, samesite="lax")
    return answer
