"""Events and attempts by day, lanes for what waits, destinations that can be changed, recoveries."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from wearable_gateway.db.partitions import DAYS_AHEAD, creation, days_from, default_creation

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    _partition_events()
    _partition_attempts()
    _change_destinations()
    _change_deliveries()
    _create_recoveries()


def _partition_events() -> None:
    op.rename_table("events", "events_before")
    op.execute("ALTER TABLE events_before RENAME CONSTRAINT pk_events TO pk_events_before")
    op.create_table(
        "events",
        sa.Column("dev_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("reference", sa.Uuid(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("chunk", sa.Integer(), nullable=True),
        sa.Column("only_for", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("dev_id", "id", name=op.f("pk_events")),
        info={"owner": "developer"},
        postgresql_partition_by="RANGE (id)",
    )
    _create_days("events")
    op.execute(
        "INSERT INTO events (dev_id, id, type, user_id, reference, body, chunk, created_at)"
        " SELECT dev_id, id, type, user_id, reference, body, chunk, created_at FROM events_before"
    )
    op.drop_table("events_before")


def _partition_attempts() -> None:
    op.drop_index("ix_attempts_event", table_name="attempts")
    op.rename_table("attempts", "attempts_before")
    op.execute("ALTER TABLE attempts_before RENAME CONSTRAINT pk_attempts TO pk_attempts_before")
    op.create_table(
        "attempts",
        sa.Column("dev_id", sa.Text(), nullable=False),
        sa.Column("destination_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("duration_ms", sa.Integer(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("response_excerpt", sa.Text(), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("dev_id", "destination_id", "event_id", "id", name=op.f("pk_attempts")),
        info={"owner": "developer"},
        postgresql_partition_by="RANGE (id)",
    )
    op.create_index(
        "ix_attempts_position",
        "attempts",
        ["dev_id", "destination_id", "position"],
        unique=False,
        postgresql_where=sa.text("position IS NOT NULL"),
    )
    _create_days("attempts")
    op.execute(
        "INSERT INTO attempts (dev_id, destination_id, event_id, id, number, at, outcome, status, duration_ms, detail,"
        " response_excerpt) SELECT dev_id, destination_id, event_id, id, number, at, outcome, status, duration_ms,"
        " detail, response_excerpt FROM attempts_before"
    )
    op.drop_table("attempts_before")


def _create_days(table: str) -> None:
    """Yesterday to a week ahead. What is older goes to the default partition, and from there when it is old enough."""
    today = datetime.now(UTC).date()
    for day in days_from(today - timedelta(days=1), today + timedelta(days=DAYS_AHEAD)):
        op.execute(creation(table, day))
    op.execute(default_creation(table))


def _change_destinations() -> None:
    op.alter_column("destinations", "url", nullable=True)
    for column in (
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column(
            "old_secrets", postgresql.JSONB(astext_type=sa.Text()), nullable=False, server_default="[]"
        ),
        sa.Column("retry_schedule", sa.Text(), nullable=False, server_default="standard"),
        sa.Column("rate_limit", sa.Integer(), nullable=True),
        sa.Column("concurrency", sa.Integer(), nullable=True),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("parked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("parkings", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("waiting_mark", sa.BigInteger(), nullable=True),
        sa.Column("feed_position", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    ):
        op.add_column("destinations", column)
    for name in ("old_secrets", "retry_schedule", "parkings", "feed_position", "updated_at"):
        op.alter_column("destinations", name, server_default=None)
    op.create_index(
        "ix_destinations_waiting",
        "destinations",
        ["bucket"],
        unique=False,
        postgresql_where=sa.text("waiting_mark IS NOT NULL"),
    )


def _change_deliveries() -> None:
    op.execute("ALTER TABLE deliveries SET (autovacuum_vacuum_cost_delay = 0)")
    op.drop_constraint("pk_deliveries", "deliveries", type_="primary")
    op.create_primary_key("pk_deliveries", "deliveries", ["dev_id", "destination_id", "event_id"])
    op.create_index(
        "ix_deliveries_aside",
        "deliveries",
        ["dev_id", "destination_id", "state", "event_id"],
        unique=False,
        postgresql_where=sa.text("state <> 'due'"),
    )
    op.add_column("deliveries", sa.Column("tried_before", sa.Integer(), nullable=False, server_default="0"))


def _create_recoveries() -> None:
    op.create_table(
        "recoveries",
        sa.Column("dev_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("destination_id", sa.Uuid(), nullable=False),
        sa.Column("only", sa.Text(), nullable=False),
        sa.Column("event_types", sa.ARRAY(sa.Text()), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("reached", sa.Uuid(), nullable=False),
        sa.Column("examined", sa.Integer(), nullable=False),
        sa.Column("queued", sa.Integer(), nullable=False),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("dev_id", "id", name=op.f("pk_recoveries")),
        info={"owner": "developer"},
    )
    op.create_index(
        "ix_recoveries_due_at",
        "recoveries",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_index(
        "ix_recoveries_destination", "recoveries", ["dev_id", "destination_id", "id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("recoveries")
    op.drop_index("ix_deliveries_aside", table_name="deliveries")
    op.drop_column("deliveries", "tried_before")
    op.execute("UPDATE deliveries SET state = 'due' WHERE state = 'waiting'")
    op.drop_constraint("pk_deliveries", "deliveries", type_="primary")
    op.create_primary_key("pk_deliveries", "deliveries", ["dev_id", "event_id", "destination_id"])
    op.drop_index("ix_destinations_waiting", table_name="destinations")
    op.execute("DELETE FROM destinations WHERE url IS NULL")
    op.alter_column("destinations", "url", nullable=False)
    for name in (
        "description", "old_secrets", "retry_schedule", "rate_limit", "concurrency", "failing_since",
        "parked_until", "parkings", "waiting_mark", "feed_position", "updated_at",
    ):  # fmt: skip
        op.drop_column("destinations", name)
    _unpartition("events", "dev_id, id")
    _unpartition("attempts", "dev_id, id")
    op.drop_column("attempts", "position")
    op.create_index("ix_attempts_event", "attempts", ["dev_id", "event_id"], unique=False)


def _unpartition(table: str, key: str) -> None:
    op.execute(f"ALTER TABLE {table} RENAME TO {table}_by_day")
    op.execute(f"CREATE TABLE {table} AS TABLE {table}_by_day")
    op.execute(f"DROP TABLE {table}_by_day")
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT pk_{table} PRIMARY KEY ({key})")
