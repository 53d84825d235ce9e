"""the first schema"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "attempts",
        sa.Column("dev_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("destination_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("duration_ms", sa.Integer(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("response_excerpt", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("dev_id", "id", name=op.f("pk_attempts")),
        info={"owner": "developer"},
    )
    op.create_index("ix_attempts_event", "attempts", ["dev_id", "event_id"], unique=False)
    op.create_table(
        "audit_entries",
        sa.Column("dev_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("after", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("dev_id", "id", name=op.f("pk_audit_entries")),
        info={"owner": "developer"},
    )
    op.create_index("ix_audit_entries_subject", "audit_entries", ["dev_id", "subject", "id"], unique=False)
    op.create_table(
        "bucket_leases",
        sa.Column("bucket", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("bucket", name=op.f("pk_bucket_leases")),
        info={"owner": "shared"},
    )
    op.create_table(
        "connections",
        sa.Column("dev_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("grant_id", sa.Uuid(), nullable=False),
        sa.Column("reference_id", sa.Text(), nullable=True),
        sa.Column("consented_scopes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("scopes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("last_error_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error_event_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_event_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('active', 'paused', 'revoked')", name=op.f("ck_connections_state")),
        sa.PrimaryKeyConstraint("dev_id", "id", name=op.f("pk_connections")),
        info={"owner": "developer"},
        postgresql_with={"fillfactor": "80"},
    )
    op.create_index("ix_connections_grant_id", "connections", ["grant_id"], unique=False)
    op.create_index("ix_connections_reference_id", "connections", ["dev_id", "reference_id"], unique=False)
    op.create_table(
        "deliveries",
        sa.Column("dev_id", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("destination_id", sa.Uuid(), nullable=False),
        sa.Column("bucket", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("dev_id", "event_id", "destination_id", name=op.f("pk_deliveries")),
        info={"owner": "developer"},
        postgresql_with={"fillfactor": "70", "autovacuum_vacuum_scale_factor": "0.02"},
    )
    op.create_index(
        "ix_deliveries_due",
        "deliveries",
        ["bucket", "next_at", "event_id"],
        unique=False,
        postgresql_where=sa.text("state = 'due'"),
    )
    op.create_table(
        "delivery_workers",
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("owner", name=op.f("pk_delivery_workers")),
        info={"owner": "shared"},
    )
    op.create_table(
        "destinations",
        sa.Column("dev_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("event_types", sa.ARRAY(sa.Text()), nullable=True),
        sa.Column("signing_secret", sa.LargeBinary(), nullable=False),
        sa.Column("bucket", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("state_reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("dev_id", "id", name=op.f("pk_destinations")),
        info={"owner": "developer"},
    )
    op.create_table(
        "developers",
        sa.Column("dev_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("settings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("dev_id", name=op.f("pk_developers")),
        info={"owner": "developer"},
    )
    op.create_table(
        "events",
        sa.Column("dev_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("reference", sa.Uuid(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("dev_id", "id", name=op.f("pk_events")),
        info={"owner": "developer"},
    )
    op.create_table(
        "flows",
        sa.Column("dev_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=True),
        sa.Column("providers", sa.ARRAY(sa.Text()), nullable=True),
        sa.Column("reference_id", sa.Text(), nullable=True),
        sa.Column("success_url", sa.Text(), nullable=True),
        sa.Column("failure_url", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("provider_app_id", sa.Uuid(), nullable=True),
        sa.Column("expected_account", sa.Text(), nullable=True),
        sa.Column("pending_tokens", sa.LargeBinary(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('auth_url', 'widget')", name=op.f("ck_flows_kind")),
        sa.CheckConstraint(
            "state IN ('open', 'exchanging', 'exchanged', 'completed', 'failed')", name=op.f("ck_flows_state")
        ),
        sa.PrimaryKeyConstraint("dev_id", "id", name=op.f("pk_flows")),
        sa.UniqueConstraint("dev_id", "token_hash", name=op.f("uq_flows_dev_id_token_hash")),
        sa.UniqueConstraint("dev_id", "user_id", name=op.f("uq_flows_dev_id_user_id")),
        info={"owner": "developer"},
    )
    op.create_index(
        "ix_flows_unfinished",
        "flows",
        ["expires_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('open', 'exchanging', 'exchanged')"),
    )
    op.create_table(
        "grants",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("provider_app_id", sa.Uuid(), nullable=False),
        sa.Column("provider_account_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("scopes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("tokens", sa.LargeBinary(), nullable=True),
        sa.Column("token_version", sa.Integer(), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("refreshing_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("release_requested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("release_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("release_attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('live', 'releasing', 'revoking', 'revoked')", name=op.f("ck_grants_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grants")),
        info={"owner": "shared"},
    )
    op.create_index(
        "ix_grants_release_due_at",
        "grants",
        ["release_due_at"],
        unique=False,
        postgresql_where=sa.text("release_due_at IS NOT NULL"),
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("provider_app_id", sa.Uuid(), nullable=False),
        sa.Column("dedupe_key", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=True),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint(
            "provider_app_id", "dedupe_key", name=op.f("uq_notices_provider_app_id_dedupe_key")
        ),
        info={"owner": "shared"},
    )
    op.create_index(
        "ix_notices_due_at", "notices", ["due_at"], unique=False, postgresql_where=sa.text("state = 'due'")
    )
    op.create_table(
        "operator_sessions",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("operator_id", sa.Uuid(), nullable=False),
        sa.Column("csrf_token", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_operator_sessions")),
        info={"owner": "shared"},
    )
    op.create_table(
        "operators",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("dev_id", sa.Text(), nullable=True),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operators")),
        sa.UniqueConstraint("email", name=op.f("uq_operators_email")),
        info={"owner": "shared"},
    )
    op.create_table(
        "provider_apps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("dev_id", sa.Text(), nullable=True),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("client_secret", sa.LargeBinary(), nullable=False),
        sa.Column("notice_secret", sa.LargeBinary(), nullable=False),
        sa.Column("hosts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_apps")),
        sa.UniqueConstraint(
            "provider",
            "dev_id",
            name=op.f("uq_provider_apps_provider_dev_id"),
            postgresql_nulls_not_distinct=True,
        ),
        info={"owner": "shared"},
    )
    op.create_table(
        "sign_in_failures",
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("email", name=op.f("pk_sign_in_failures")),
        info={"owner": "shared"},
    )
    op.create_table(
        "sign_in_links",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("operator_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_in_links")),
        info={"owner": "shared"},
    )
    op.create_table(
        "api_keys",
        sa.Column("dev_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key_hmac", sa.LargeBinary(), nullable=False),
        sa.Column("hint", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["dev_id"], ["developers.dev_id"], name=op.f("fk_api_keys_developers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("dev_id", "id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("dev_id", "key_hmac", name=op.f("uq_api_keys_dev_id_key_hmac")),
        info={"owner": "developer"},
    )
    op.create_table(
        "flow_states",
        sa.Column("dev_id", sa.Text(), nullable=False),
        sa.Column("state_hash", sa.LargeBinary(), nullable=False),
        sa.Column("flow_id", sa.Uuid(), nullable=False),
        sa.Column("browser_hash", sa.LargeBinary(), nullable=False),
        sa.Column("verifier", sa.LargeBinary(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("provider_app_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["dev_id", "flow_id"],
            ["flows.dev_id", "flows.id"],
            name=op.f("fk_flow_states_flows"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("dev_id", "state_hash", name=op.f("pk_flow_states")),
        info={"owner": "developer"},
    )
    op.create_index("ix_flow_states_flow_id", "flow_states", ["dev_id", "flow_id"], unique=False)
    op.create_table(
        "records",
        sa.Column("dev_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["dev_id", "user_id"],
            ["connections.dev_id", "connections.id"],
            name=op.f("fk_records_connections"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("dev_id", "user_id", "type", "day", "key", name=op.f("pk_records")),
        info={"owner": "developer"},
    )


def downgrade() -> None:
    op.drop_table("records")
    op.drop_index("ix_flow_states_flow_id", table_name="flow_states")
    op.drop_table("flow_states")
    op.drop_table("api_keys")
    op.drop_table("sign_in_links")
    op.drop_table("sign_in_failures")
    op.drop_table("provider_apps")
    op.drop_table("operators")
    op.drop_table("operator_sessions")
    op.drop_index("ix_notices_due_at", table_name="notices", postgresql_where=sa.text("state = 'due'"))
    op.drop_table("notices")
    op.drop_index(
        "ix_grants_release_due_at",
        table_name="grants",
        postgresql_where=sa.text("release_due_at IS NOT NULL"),
    )
    op.drop_table("grants")
    op.drop_index(
        "ix_flows_unfinished",
        table_name="flows",
        postgresql_where=sa.text("state IN ('open', 'exchanging', 'exchanged')"),
    )
    op.drop_table("flows")
    op.drop_table("events")
    op.drop_table("developers")
    op.drop_table("destinations")
    op.drop_table("delivery_workers")
    op.drop_index("ix_deliveries_due", table_name="deliveries", postgresql_where=sa.text("state = 'due'"))
    op.drop_table("deliveries")
    op.drop_index("ix_connections_reference_id", table_name="connections")
    op.drop_index("ix_connections_grant_id", table_name="connections")
    op.drop_table("connections")
    op.drop_table("bucket_leases")
    op.drop_index("ix_audit_entries_subject", table_name="audit_entries")
    op.drop_table("audit_entries")
    op.drop_index("ix_attempts_event", table_name="attempts")
    op.drop_table("attempts")
