"""A secret that is shown once, on the page after the form that made it: sealed, in a cookie that the page takes away."""

import base64
import binascii

from cryptography.exceptions import InvalidTag
from fastapi import Request, Response

from wearable_gateway.developers.roles import OperatorSession
from wearable_gateway.errors import SettingsError
from wearable_gateway.kit.encryption import Keyring

_COOKIE = "wg_once"
_SECONDS = 120


def _identity(session: OperatorSession, path: str) -> str:
    return f"shown_once/{session.id}{path}"


def keep_for_next_page(
    response: Response, keyring: Keyring, session: OperatorSession, path: str, secret: str, *, secure: bool
) -> None:
    """Only pages at or below `path`, of this session and within two minutes, can show it."""
    sealed = keyring.encrypt(secret.encode(), identity=_identity(session, path))
    response.set_cookie(
        _COOKIE, base64.urlsafe_b64encode(sealed).decode(), max_age=_SECONDS,
        path=path, httponly=True, samesite="lax", secure=secure,
    )  # fmt: skip


def take(request: Request, keyring: Keyring, session: OperatorSession, path: str) -> str | None:
    """What was kept for a page below `path`; None when there is nothing, or nothing any more."""
    try:
        sealed = base64.urlsafe_b64decode(request.cookies.get(_COOKIE, ""))
        return keyring.decrypt(sealed, identity=_identity(session, path)).decode() if sealed else None
    except (binascii.Error, InvalidTag, SettingsError, ValueError):
        return None


def forget(response: Response, path: str) -> None:
    response.delete_cookie(_COOKIE, path=path, httponly=True, samesite="lax")
