"""What is known of a vendor before anybody calls it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from wearable_gateway.unified.records import DataType

Scopes = tuple[str, ...]
"""Any one of them suffices; none is needed where there is none."""


class ClientAuth(StrEnum):
    """How the client proves itself at the token endpoint (RFC 6749 §2.3.1)."""

    BASIC = "client_secret_basic"
    POST = "client_secret_post"


@dataclass(frozen=True, slots=True)
class OAuth2:
    """The vendor's OAuth facts; paths are joined to the app's host of the same name."""

    authorize_path: str
    token_path: str
    revoke_path: str | None
    """For revocation as in RFC 7009; None: `Provider.revoke`."""
    scopes: tuple[str, ...]
    client_auth: ClientAuth = ClientAuth.BASIC
    scope_separator: str = " "
    sends_scopes: bool = True
    """False where the vendor asks the end user by itself what to allow."""
    pkce: bool = True
    authorize_extra: Mapping[str, str] = field(default_factory=dict)
    token_extra: Mapping[str, str] = field(default_factory=dict)
    """What goes into the form of both calls of the token endpoint."""
    refresh_extra: Mapping[str, str] = field(default_factory=dict)
    refresh_early: timedelta = timedelta(seconds=30)
    """An access token is refreshed so long before it expires."""


@dataclass(frozen=True, slots=True)
class AppField:
    """One more credential of a provider app, kept encrypted like the client secret."""

    name: str
    description: str
    required: bool = True


class Per(StrEnum):
    APP = "app"
    GRANT = "grant"


@dataclass(frozen=True, slots=True)
class Limit:
    """So many calls in each stretch of `window`, counted from 1970, of one app or of one grant."""

    calls: int
    window: timedelta
    per: Per = Per.APP


@dataclass(frozen=True, slots=True)
class Usage:
    """What the vendor says of the limit of that window: how much there is, and how much of it is used."""

    window: timedelta
    calls: int
    used: int
    per: Per = Per.APP
    resets_in: float | None = None
    """In seconds; None: at the end of the window."""


@dataclass(frozen=True, slots=True)
class Poll:
    """`kinds` are asked for `every` so often, each time the last `days` days."""

    kinds: tuple[DataType, ...]
    every: timedelta
    days: int
