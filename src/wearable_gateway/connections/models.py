"""A grant is what a wearable account gave one provider app; a connection is one developer's link to it.

A wearable account has no table of its own: it is the pair (provider, provider_account_id) on its grants
(docs/adr/0005). A connection's `id` is its `user_id` on the wire.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Column, Index, Integer, LargeBinary, Text, Uuid

from wearable_gateway.db.base import developer_table, id_column, moment, shared_table


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


# The id is derived from (provider app, account id): a notice finds its grant by primary key.
grants = shared_table(
    "grants",
    id_column(),
    Column("provider", Text, nullable=False),
    Column("provider_app_id", Uuid, nullable=False),
    Column("provider_account_id", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("scopes", ARRAY(Text), nullable=False),
    Column("tokens", LargeBinary),
    Column("token_version", Integer, nullable=False),
    Column("fetches", BigInteger, nullable=False, server_default="0"),
    moment("consented_at"),
    moment("refreshing_until", nullable=True),
    moment("release_requested_at", nullable=True),
    moment("release_due_at", nullable=True),
    Column("release_attempts", Integer, nullable=False, server_default="0"),
    moment("created_at"),
    CheckConstraint("state IN ('live', 'releasing', 'revoking', 'revoked')", name="state"),
)
Index(
    "ix_grants_release_due_at", grants.c.release_due_at, postgresql_where=grants.c.release_due_at.is_not(None)
)

connections = developer_table(
    "connections",
    id_column(),
    Column("provider", Text, nullable=False),
    Column("grant_id", Uuid, nullable=False),
    Column("reference_id", Text),
    Column("consented_scopes", ARRAY(Text), nullable=False),
    Column("scopes", ARRAY(Text), nullable=False),
    Column("state", Text, nullable=False),
    Column("last_error", Text),
    moment("last_error_at", nullable=True),
    moment("error_event_at", nullable=True),
    moment("last_event_at", nullable=True),
    moment("last_polled_at", nullable=True),
    moment("most_recent_data_at", nullable=True),
    moment("created_at"),
    moment("updated_at"),
    CheckConstraint("state IN ('active', 'paused', 'revoked')", name="state"),
    # A revocation rewrites every connection of a grant: room on the page and no index on what it changes.
    postgresql_with={"fillfactor": "80"},
)
Index("ix_connections_grant_id", connections.c.grant_id)
Index("ix_connections_reference_id", connections.c.dev_id, connections.c.reference_id)


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
