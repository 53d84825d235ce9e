"""Numbers that are kept: what happened by the hour, how many connections there are; indexes to count and to look by."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "hourly_counts",
        sa.Column("dev_id", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("dev_id", "subject", "hour", "key", name=op.f("pk_hourly_counts")),
        info={"owner": "developer"},
        postgresql_with={"fillfactor": "80"},
    )
    op.create_index("ix_hourly_counts_hour", "hourly_counts", ["hour"])
    op.create_table(
        "connection_counts",
        sa.Column("dev_id", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("troubled", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("dev_id", "provider", "state", name=op.f("pk_connection_counts")),
        info={"owner": "developer"},
    )
    op.create_table(
        "count_marks",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("counted_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_count_marks")),
        info={"owner": "shared"},
    )
    for table in ("events", "attempts"):
        op.create_index(
            f"ix_{table}_id",
            table,
            ["id"],
            postgresql_using="brin",
            postgresql_with={"autosummarize": "on"},
        )
    op.add_column("connections", sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE connections SET paused_at = updated_at WHERE state = 'paused'")
    op.create_check_constraint(
        op.f("ck_connections_paused_at"), "connections", "state <> 'paused' OR paused_at IS NOT NULL"
    )
    op.create_index(
        "ix_connections_paused_at",
        "connections",
        ["dev_id", "id"],
        postgresql_where=sa.text("paused_at IS NOT NULL"),
    )
    op.drop_index("ix_connections_reference_id", table_name="connections")
    op.create_index(
        "ix_connections_reference_id",
        "connections",
        ["dev_id", "reference_id", "id"],
        postgresql_ops={"reference_id": "text_pattern_ops"},
    )
    op.create_index("ix_connections_provider", "connections", ["dev_id", "provider", "id"])
    op.create_index(
        "ix_connections_last_error_at",
        "connections",
        ["dev_id", "last_error_at", "id"],
        postgresql_where=sa.text("last_error IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_connections_last_error_at", table_name="connections")
    op.drop_index("ix_connections_provider", table_name="connections")
    op.drop_index("ix_connections_reference_id", table_name="connections")
    op.create_index("ix_connections_reference_id", "connections", ["dev_id", "reference_id"])
    op.drop_index("ix_connections_paused_at", table_name="connections")
    op.drop_constraint(op.f("ck_connections_paused_at"), "connections")
    op.drop_column("connections", "paused_at")
    for table in ("attempts", "events"):
        op.drop_index(f"ix_{table}_id", table_name=table)
    op.drop_table("count_marks")
    op.drop_table("connection_counts")
    op.drop_table("hourly_counts")
