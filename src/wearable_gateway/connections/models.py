"""A grant is what a wearable account gave one provider app; a connection is one developer's link to it.

A wearable account has no table of its own: it is the pair (provider, provider_account_id) on its grants
(docs/adr/0005). A connection's `id` is its `user_id` on the wire.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class GrantState(StrEnum):
    """live → releasing (no connection left) → revoking (the vendor is being told) → revoked."""

    LIVE = "live"
    RELEASING = "releasing"
    REVOKING = "revoking"
    REVOKED = "revoked"


class ConnectionState(StrEnum):
    """`paused` by its developer; `revoked` by the end user at the provider, for good."""

    ACTIVE = "active"
    PAUSED = "paused"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Grant:
    """`tokens` are still sealed here; `connections.tokens` opens them. None once the grant is dead."""

    id: UUID
    provider: str
    provider_app_id: UUID
    provider_account_id: str
    state: GrantState
    scopes: tuple[str, ...]
    tokens: bytes | None
    token_version: int
    consented_at: datetime
    refreshing_until: datetime | None
    release_requested_at: datetime | None
    release_due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Connection:
    """`consented_scopes` is what the end user agreed to for this developer, `scopes` what of it the grant has now."""

    dev_id: str
    id: UUID
    provider: str
    grant_id: UUID
    reference_id: str | None
    consented_scopes: tuple[str, ...]
    scopes: tuple[str, ...]
    state: ConnectionState
    last_error: str | None
    last_error_at: datetime | None
    last_event_at: datetime | None
    created_at: datetime
    last_polled_at: datetime | None = None
    most_recent_data_at: datetime | None = None
