"""What a provider is handed to reach its vendor, and what it is asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import httpx

from wearable_gateway.unified.records import DataType

Documents = Mapping[DataType, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class AppAccess:
    """What a provider may know of the provider app in use: its client, its other credentials, the vendor's hosts."""

    client_id: str
    client_secret: str = field(repr=False)
    notice_secret: str = field(repr=False)
    """Made by the gateway: for vendors that want to be told a secret to prove themselves with."""
    hosts: Mapping[str, str]
    extra: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The provider's `app_fields`, and what `subscribe_app` returned."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """One token set. `expires_at` None: the vendor did not say."""

    access: str = field(repr=False)
    refresh: str | None = field(repr=False)
    expires_at: datetime | None
    scopes: tuple[str, ...]
    extra: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Account:
    """A wearable account by the vendor's id. `scopes` None: what the token answer said is true."""

    id: str
    scopes: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Access:
    """A way to the vendor in the name of one grant. `client` carries its token, and starts at the host `api`."""

    client: httpx.AsyncClient
    app: AppAccess
    account_id: str
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Ask:
    """Data of one type from day `start` to day `end`, both included."""

    kind: DataType
    start: date
    end: date
    samples: bool
