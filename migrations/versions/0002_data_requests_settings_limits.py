"""Data requests that survive a restart, environments, limits, and records that know their history."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "admin_tokens",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hmac", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admin_tokens")),
        sa.UniqueConstraint("token_hmac", name=op.f("uq_admin_tokens_token_hmac")),
        info={"owner": "shared"},
    )
    op.create_table(
        "data_requests",
        sa.Column("dev_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("end_date", sa.Date(), nullable=False),
        sa.Column("with_samples", sa.Boolean(), nullable=False),
        sa.Column("is_large", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("payload_ids", sa.ARRAY(sa.Uuid()), nullable=True),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('processing', 'sending', 'completed', 'failed')", name=op.f("ck_data_requests_state")
        ),
        sa.PrimaryKeyConstraint("dev_id", "id", name=op.f("pk_data_requests")),
        info={"owner": "developer"},
    )
    op.create_index(
        "ix_data_requests_due_at",
        "data_requests",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_table(
        "auth_tokens",
        sa.Column("dev_id", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("reference_id", sa.Text(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["dev_id"], ["developers.dev_id"], name=op.f("fk_auth_tokens_developers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("dev_id", "token_hash", name=op.f("pk_auth_tokens")),
        info={"owner": "developer"},
    )
    op.create_table(
        "data_request_chunks",
        sa.Column("dev_id", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("window_number", sa.SmallInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["dev_id", "request_id"],
            ["data_requests.dev_id", "data_requests.id"],
            name=op.f("fk_data_request_chunks_data_requests"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["dev_id", "user_id"],
            ["connections.dev_id", "connections.id"],
            name=op.f("fk_data_request_chunks_connections"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "dev_id", "request_id", "window_number", "position", name=op.f("pk_data_request_chunks")
        ),
        info={"owner": "developer"},
    )
    op.create_index(
        "ix_data_request_chunks_user_id", "data_request_chunks", ["dev_id", "user_id"], unique=False
    )
    op.create_table(
        "data_request_windows",
        sa.Column("dev_id", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("end_date", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("retrying_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'done', 'failed')", name=op.f("ck_data_request_windows_state")
        ),
        sa.ForeignKeyConstraint(
            ["dev_id", "request_id"],
            ["data_requests.dev_id", "data_requests.id"],
            name=op.f("fk_data_request_windows_data_requests"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("dev_id", "request_id", "number", name=op.f("pk_data_request_windows")),
        info={"owner": "developer"},
    )
    op.create_table(
        "day_budgets",
        sa.Column("dev_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("spent", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["dev_id", "user_id"],
            ["connections.dev_id", "connections.id"],
            name=op.f("fk_day_budgets_connections"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("dev_id", "user_id", name=op.f("pk_day_budgets")),
        info={"owner": "developer"},
    )
    op.create_table(
        "request_counts",
        sa.Column("dev_id", sa.Text(), nullable=False),
        sa.Column("minute", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dev_id"], ["developers.dev_id"], name=op.f("fk_request_counts_developers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("dev_id", "minute", name=op.f("pk_request_counts")),
        info={"owner": "developer"},
    )
    op.add_column("connections", sa.Column("last_polled_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("connections", sa.Column("most_recent_data_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("developers", sa.Column("account", sa.Text(), nullable=True))
    op.execute("UPDATE developers SET account = dev_id")
    op.alter_column("developers", "account", nullable=False)
    op.add_column("developers", sa.Column("environment", sa.Text(), nullable=True))
    op.execute("UPDATE developers SET environment = 'production'")
    op.alter_column("developers", "environment", nullable=False)
    op.add_column("developers", sa.Column("healthcheck_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE developers SET healthcheck_at = created_at")
    op.alter_column("developers", "healthcheck_at", nullable=False)
    op.create_check_constraint(
        "environment", "developers", "environment IN ('testing', 'staging', 'production')"
    )
    op.create_index("ix_developers_healthcheck_at", "developers", ["healthcheck_at"], unique=False)
    op.add_column("events", sa.Column("chunk", sa.Integer(), nullable=True))
    op.add_column("grants", sa.Column("fetches", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("records", sa.Column("fetch_number", sa.BigInteger(), nullable=False, server_default="0"))
    op.alter_column("records", "fetch_number", server_default=None)
    # A record is found by its key, whatever day it moved to: of several days' copies the newest stays.
    op.execute(
        "DELETE FROM records old USING records new WHERE old.dev_id = new.dev_id AND old.user_id = new.user_id"
        " AND old.type = new.type AND old.key = new.key AND (old.changed_at, old.day) < (new.changed_at, new.day)"
    )
    op.drop_constraint("pk_records", "records", type_="primary")
    op.create_primary_key("pk_records", "records", ["dev_id", "user_id", "type", "key"])
    op.alter_column("records", "body", existing_type=postgresql.JSONB(astext_type=sa.Text()), nullable=True)
    op.create_index("ix_records_day", "records", ["dev_id", "user_id", "type", "day"], unique=False)
    op.drop_column("records", "fetched_at")
    op.alter_column("records", "changed_at", new_column_name="told_at")


def downgrade() -> None:
    op.alter_column("records", "told_at", new_column_name="changed_at")
    op.execute("DELETE FROM records WHERE body IS NULL")
    op.alter_column("records", "body", existing_type=postgresql.JSONB(astext_type=sa.Text()), nullable=False)
    op.add_column("records", sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE records SET fetched_at = changed_at")
    op.alter_column("records", "fetched_at", nullable=False)
    op.drop_index("ix_records_day", table_name="records")
    op.drop_constraint("pk_records", "records", type_="primary")
    op.create_primary_key("pk_records", "records", ["dev_id", "user_id", "type", "day", "key"])
    op.drop_column("records", "fetch_number")
    op.drop_column("grants", "fetches")
    op.drop_column("events", "chunk")
    op.drop_constraint("environment", "developers", type_="check")
    op.drop_index("ix_developers_healthcheck_at", table_name="developers")
    op.drop_column("developers", "healthcheck_at")
    op.drop_column("developers", "environment")
    op.drop_column("developers", "account")
    op.drop_column("connections", "most_recent_data_at")
    op.drop_column("connections", "last_polled_at")
    op.drop_table("request_counts")
    op.drop_table("day_budgets")
    op.drop_table("data_request_windows")
    op.drop_index("ix_data_request_chunks_user_id", table_name="data_request_chunks")
    op.drop_table("data_request_chunks")
    op.drop_table("auth_tokens")
    op.drop_index(
        "ix_data_requests_due_at", table_name="data_requests", postgresql_where=sa.text("due_at IS NOT NULL")
    )
    op.drop_table("data_requests")
    op.drop_table("admin_tokens")
