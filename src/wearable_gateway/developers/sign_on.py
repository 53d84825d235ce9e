"""Single sign-on as the rest of the gateway knows it: how it is set up, one attempt, and what the service is asked.

Apart from `single_sign_on.py`, so that a gateway without one does not carry what verifies ID tokens.
"""

import secrets
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

from wearable_gateway.errors import SettingsError

_UNNAMED = "single sign-on"
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class SignOnConfig:
    """`name` is how the button calls the service; `only`: passwords are not taken."""

    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    name: str = _UNNAMED
    only: bool = False

    @classmethod
    def read(
        cls, *, issuer: str, client_id: str, client_secret: str, name: str, only: bool
    ) -> "SignOnConfig | None":
        """None: there is none. Raises SettingsError for half of one."""
        if not issuer:
            if only:
                raise SettingsError("GATEWAY_OIDC_ONLY needs GATEWAY_OIDC_ISSUER: nobody could sign in")
            return None
        if not is_safe(issuer):
            raise SettingsError("GATEWAY_OIDC_ISSUER has to begin with https://")
        if not client_id:
            raise SettingsError("GATEWAY_OIDC_CLIENT_ID is not set")
        return cls(issuer, client_id, client_secret, name.strip() or _UNNAMED, only)


@dataclass(frozen=True, slots=True)
class SignOnAttempt:
    """What the browser that began brings back. All three are known to nobody else before."""

    state: str
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)

    @classmethod
    def new(cls) -> "SignOnAttempt":
        return cls(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48))


class SignOnService(Protocol):
    """What `SingleSignOn` does."""

    config: SignOnConfig

    async def authorize_url(self, attempt: SignOnAttempt) -> str: ...
    async def verified_email(self, attempt: SignOnAttempt, code: str, issuer: str = "") -> str: ...


def is_safe(url: str) -> bool:
    """https; or http on this machine, to try things out."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    )
