"""The interface of a provider: facts as attributes, and verify, notices, fetch, normalise.

A provider knows its vendor's protocol and nothing of ours: no database, no developer, no settings. It receives an
HTTP client that is already authenticated. Adding one is one file or folder beside `sandbox`; see docs/providers/adding.md.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

import httpx

from wearable_gateway.unified.records import DataType, Record


@dataclass(frozen=True, slots=True)
class AppAccess:
    """What a provider may know of the provider app in use: its client, and where the vendor's hosts are."""

    client_id: str
    client_secret: str
    notice_secret: str
    hosts: Mapping[str, str]


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
    scopes: tuple[str, ...]
    client_auth: ClientAuth = ClientAuth.BASIC
    scope_separator: str = " "


@dataclass(frozen=True, slots=True)
class Tokens:
    """One token set. `expires_at` None: the vendor did not say."""

    access: str
    refresh: str | None
    expires_at: datetime | None
    scopes: tuple[str, ...]
    extra: Mapping[str, Any] = field(default_factory=dict)


class NoticeKind(StrEnum):
    DATA_CHANGED = "data_changed"
    REVOKED = "revoked"
    SCOPES_CHANGED = "scopes_changed"
    PING = "ping"


@dataclass(frozen=True, slots=True)
class NoticeRequest:
    """A vendor's call as it came in: header names in lower case, the body untouched."""

    headers: Mapping[str, str]
    body: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing a vendor told us. `key` is the same for every repeat of it and for nothing else."""

    key: str
    kind: NoticeKind
    account_id: str | None
    occurred_at: datetime | None = None
    data_types: tuple[DataType, ...] = ()
    start: date | None = None
    end: date | None = None
    scopes: tuple[str, ...] | None = None


class Provider(ABC):
    slug: ClassVar[str]
    name: ClassVar[str]
    aliases: ClassVar[tuple[str, ...]] = ()
    oauth: ClassVar[OAuth2]
    default_hosts: ClassVar[Mapping[str, str]] = {}
    data_scopes: ClassVar[Mapping[DataType, str]]
    """Which scope a connection needs to be given which type of data; its keys are what the provider delivers."""
    write_scopes: ClassVar[Mapping[DataType, str]] = {}
    """Which scope a connection needs so that data can be written to the vendor; its keys are what the vendor takes."""
    window_days: ClassVar[int] = 30
    """A longer range is fetched in pieces of so many days, each kept as soon as it is there."""
    notices_are_signed: ClassVar[bool]
    """Whether a verified notice can be believed; if not, a revocation is first confirmed by `probe`."""

    @abstractmethod
    def verify(self, request: NoticeRequest, app: AppAccess) -> None:
        """Return if `request` comes from the vendor, or raise NoticeRefusedError."""

    @abstractmethod
    def notices(self, body: bytes) -> Sequence[Notice]:
        """What the vendor told us. Raises NoticeRefusedError when `body` cannot be read."""

    @abstractmethod
    async def account_id(self, client: httpx.AsyncClient, tokens: Tokens) -> str:
        """The wearable account these tokens belong to; from `tokens.extra`, or by a call. Raises ProviderError."""

    @abstractmethod
    async def probe(self, client: httpx.AsyncClient) -> None:
        """The cheapest authenticated call: return if the grant lives. Raises ProviderError."""

    @abstractmethod
    async def fetch(
        self, client: httpx.AsyncClient, kind: DataType, start: date, end: date, *, samples: bool
    ) -> Sequence[Mapping[str, Any]]:
        """The vendor's documents of `kind` from day `start` to day `end`, both included. Raises ProviderError.

        Without `samples` nobody will look at series of measurements: a vendor need not be asked for them, and what
        it sends unasked may stay.
        """

    @abstractmethod
    def normalise(self, kind: DataType, document: Mapping[str, Any]) -> Record | None:
        """One vendor document as a unified record, or None when it holds nothing we can state truthfully."""

    async def write(self, client: httpx.AsyncClient, kind: DataType, item: Mapping[str, Any]) -> str:
        """Add one unified record of a type in `write_scopes` at the vendor; the vendor's id of it.

        Raises ProviderError; ProviderRejectedError when the vendor does not take this item.
        """
        raise NotImplementedError(f"{self.slug} takes no {kind.value}")

    async def delete(self, client: httpx.AsyncClient, kind: DataType, log_id: str) -> None:
        """Remove what `write` added. Raises ProviderError; ProviderRejectedError with 404 when there is no such thing."""
        raise NotImplementedError(f"{self.slug} takes no {kind.value}")
