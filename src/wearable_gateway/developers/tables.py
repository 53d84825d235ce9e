"""Developers, their keys and what they set up; operators; what was changed by whom."""

from sqlalchemy import (
    ARRAY,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from wearable_gateway.db.base import developer_table, id_column, moment, shared_table

developers = developer_table(
    "developers",
    Column("name", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("environment", Text, nullable=False),
    Column("settings", JSONB, nullable=False),
    moment("healthcheck_at"),
    moment("created_at"),
    CheckConstraint("environment IN ('testing', 'staging', 'production')", name="environment"),
)
Index("ix_developers_healthcheck_at", developers.c.healthcheck_at)

api_keys = developer_table(
    "api_keys",
    id_column(),
    Column("key_hmac", LargeBinary, nullable=False),
    Column("hint", Text, nullable=False),
    Column("name", Text, nullable=False),
    moment("created_at"),
    moment("last_used_at", nullable=True),
    moment("revoked_at", nullable=True),
    UniqueConstraint("dev_id", "key_hmac"),
    ForeignKeyConstraint(["dev_id"], ["developers.dev_id"], ondelete="CASCADE"),
)

# Shown to end users on the connect pages; `digest` is in its address.
developer_logos = developer_table(
    "developer_logos",
    Column("digest", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    moment("updated_at"),
    ForeignKeyConstraint(["dev_id"], ["developers.dev_id"], ondelete="CASCADE"),
)

# Single use and short-lived: what an app's front end may hold instead of a key.
auth_tokens = developer_table(
    "auth_tokens",
    Column("token_hash", LargeBinary, primary_key=True),
    Column("reference_id", Text),
    moment("expires_at"),
    ForeignKeyConstraint(["dev_id"], ["developers.dev_id"], ondelete="CASCADE"),
)

# How many of a minute's requests the processes have taken out for themselves.
request_counts = developer_table(
    "request_counts",
    Column("minute", DateTime(timezone=True), primary_key=True),
    Column("taken", Integer, nullable=False),
    ForeignKeyConstraint(["dev_id"], ["developers.dev_id"], ondelete="CASCADE"),
)

audit_entries = developer_table(
    "audit_entries",
    id_column(),
    moment("at"),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("before", JSONB),
    Column("after", JSONB),
    Column("address", Text),
)
# Ids are in the order of time, so each is a log of its own that can be read from any moment on.
for _filter in ("actor", "action", "subject"):
    Index(f"ix_audit_entries_{_filter}", audit_entries.c.dev_id, audit_entries.c[_filter], audit_entries.c.id)

# `dev_id` NULL: the operator's shared app, used by every developer without one of their own.
provider_apps = shared_table(
    "provider_apps",
    id_column(),
    Column("provider", Text, nullable=False),
    Column("dev_id", Text),
    Column("client_id", Text, nullable=False),
    Column("client_secret", LargeBinary, nullable=False),
    Column("notice_secret", LargeBinary, nullable=False),
    Column("hosts", JSONB, nullable=False),
    Column("extra", LargeBinary),
    moment("created_at"),
    moment("upkeep_due_at", nullable=True),
    Column("upkeep_error", Text),
    UniqueConstraint("provider", "dev_id", postgresql_nulls_not_distinct=True),
)
Index(
    "ix_provider_apps_upkeep_due_at",
    provider_apps.c.upkeep_due_at,
    postgresql_where=provider_apps.c.upkeep_due_at.is_not(None),
)

# For programs that administer the gateway, under /admin/v1.
admin_tokens = shared_table(
    "admin_tokens",
    id_column(),
    Column("token_hmac", LargeBinary, nullable=False),
    Column("name", Text, nullable=False),
    Column("scopes", ARRAY(Text), nullable=False),
    # The one developer it reaches; NULL: all of them, and the gateway.
    Column("dev_id", Text),
    moment("created_at"),
    moment("revoked_at", nullable=True),
    UniqueConstraint("token_hmac"),
)

operators = shared_table(
    "operators",
    id_column(),
    Column("email", Text, nullable=False),
    Column("dev_id", Text),
    Column("role", Text, nullable=False),
    Column("password_hash", Text),
    moment("created_at"),
    moment("seen_at", nullable=True),
    # One person may work for several developers, each of whom knows of their own place only.
    UniqueConstraint("email", "dev_id", postgresql_nulls_not_distinct=True),
    CheckConstraint("role IN ('owner', 'member', 'read_only')", name="role"),
)
Index("ix_operators_dev_id", operators.c.dev_id)

operator_sessions = shared_table(
    "operator_sessions",
    Column("token_hash", LargeBinary, primary_key=True),
    Column("id", Uuid, nullable=False),
    Column("email", Text, nullable=False),
    Column("operator_ids", ARRAY(Uuid), nullable=False),
    Column("csrf_token", Text, nullable=False),
    Column("address", Text),
    Column("user_agent", Text),
    moment("created_at"),
    moment("seen_at"),
    moment("expires_at"),
    Column("opened_with", Text, nullable=False),
    UniqueConstraint("id"),
    CheckConstraint("opened_with IN ('password', 'link', 'single_sign_on')", name="opened_with"),
)
Index("ix_operator_sessions_email", operator_sessions.c.email)

# `dev_id` NULL: to run the gateway.
invitations = shared_table(
    "invitations",
    id_column(),
    Column("token_hash", LargeBinary, nullable=False),
    Column("dev_id", Text),
    Column("email", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("invited_by", Text, nullable=False),
    moment("created_at"),
    moment("expires_at"),
    UniqueConstraint("token_hash"),
    UniqueConstraint("email", "dev_id", postgresql_nulls_not_distinct=True),
)
Index("ix_invitations_dev_id", invitations.c.dev_id)

sign_in_links = shared_table(
    "sign_in_links",
    Column("token_hash", LargeBinary, primary_key=True),
    Column("operator_ids", ARRAY(Uuid), nullable=False),
    moment("expires_at"),
)

# One row per e-mail address that somebody failed to sign in with, known here or not.
sign_in_failures = shared_table(
    "sign_in_failures",
    Column("email", Text, primary_key=True),
    Column("failures", Integer, nullable=False),
    moment("since"),
)

# What was answered to an `Idempotency-Key`, for a day; the key is kept as a hash together with who sent it.
idempotency_keys = shared_table(
    "idempotency_keys",
    Column("key_hash", LargeBinary, primary_key=True),
    Column("fingerprint", LargeBinary, nullable=False),
    # Something was done for it and committed; without an answer: the process died before it gave one.
    Column("is_done", Boolean, nullable=False),
    Column("answer", LargeBinary),
    moment("claimed_until"),
    moment("created_at"),
)
Index("ix_idempotency_keys_created_at", idempotency_keys.c.created_at)

# One row per address that attempts came from, gone once what they took has come back.
sign_in_addresses = shared_table(
    "sign_in_addresses",
    Column("address", Text, primary_key=True),
    moment("drained_at"),
)
