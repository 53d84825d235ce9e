"""Grants, connections and their records; what is due for grants, and the calls that vendors still take."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from wearable_gateway.db.base import developer_table, id_column, moment, shared_table

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
    moment("refreshed_at", nullable=True),
    moment("release_requested_at", nullable=True),
    moment("release_due_at", nullable=True),
    Column("release_attempts", Integer, nullable=False, server_default="0"),
    moment("created_at"),
    CheckConstraint("state IN ('live', 'releasing', 'revoking', 'revoked')", name="state"),
)
Index(
    "ix_grants_release_due_at", grants.c.release_due_at, postgresql_where=grants.c.release_due_at.is_not(None)
)
Index("ix_grants_provider_app_id", grants.c.provider_app_id)

Index("ix_grants_account", grants.c.provider, grants.c.provider_account_id, grants.c.id)

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
    # By this paused ones are found; one that is revoked later keeps it.
    moment("paused_at", nullable=True),
    CheckConstraint("state IN ('active', 'paused', 'revoked')", name="state"),
    CheckConstraint("state <> 'paused' OR paused_at IS NOT NULL", name="paused_at"),
    # A revocation rewrites every connection of a grant: room on the page and no index on what it changes.
    postgresql_with={"fillfactor": "80"},
)
Index("ix_connections_grant_id", connections.c.grant_id)
# Whole ones and their beginnings; with the id, so that many that begin alike are sorted without a look at their rows.
Index(
    "ix_connections_reference_id",
    connections.c.dev_id,
    connections.c.reference_id,
    connections.c.id,
    postgresql_ops={"reference_id": "text_pattern_ops"},
)
Index(
    "ix_connections_paused_at",
    connections.c.dev_id,
    connections.c.id,
    postgresql_where=connections.c.paused_at.is_not(None),
)
Index("ix_connections_provider", connections.c.dev_id, connections.c.provider, connections.c.id)
Index(
    "ix_connections_last_error_at",
    connections.c.dev_id,
    connections.c.last_error_at,
    connections.c.id,
    postgresql_where=connections.c.last_error.is_not(None),
)

records = developer_table(
    "records",
    Column("user_id", Uuid, primary_key=True),
    Column("type", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("day", Date, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("body", JSONB),
    Column("fetch_number", BigInteger, nullable=False),
    moment("told_at"),
    ForeignKeyConstraint(["dev_id", "user_id"], ["connections.dev_id", "connections.id"], ondelete="CASCADE"),
)
Index("ix_records_day", records.c.dev_id, records.c.user_id, records.c.type, records.c.day)

# One row per limit of an app or a grant; the id is derived from whose it is and the window.
call_budgets = shared_table(
    "call_budgets",
    id_column(),
    Column("calls", Integer, nullable=False),
    Column("taken", Integer, nullable=False),
    moment("ends_at"),
)

grant_upkeep = shared_table(
    "grant_upkeep",
    Column("grant_id", Uuid, primary_key=True),
    Column("task", Text, primary_key=True),
    moment("due_at"),
    Column("attempts", Integer, nullable=False),
)
Index("ix_grant_upkeep_due_at", grant_upkeep.c.due_at)
