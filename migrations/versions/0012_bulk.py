"""Bulk jobs, and what finds the events and data requests of one user."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "bulk_jobs",
        sa.Column("dev_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("reference_id", sa.Text(), nullable=True),
        sa.Column("notes", postgresql.JSONB(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("broken", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("events_erased", sa.Integer(), nullable=False),
        sa.Column("reached", sa.Integer(), nullable=False),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('assign', 'deauthenticate', 'pause', 'resume', 'erase')", name=op.f("ck_bulk_jobs_kind")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'running', 'completed', 'cancelled')", name=op.f("ck_bulk_jobs_state")
        ),
        sa.PrimaryKeyConstraint("dev_id", "id", name=op.f("pk_bulk_jobs")),
        info={"owner": "developer"},
    )
    op.create_index("ix_bulk_jobs_key", "bulk_jobs", ["dev_id", "key"], unique=True)
    op.create_index(
        "ix_bulk_jobs_due_at", "bulk_jobs", ["due_at"], postgresql_where=sa.text("due_at IS NOT NULL")
    )
    op.create_index("ix_bulk_jobs_created_at", "bulk_jobs", ["created_at"])
    op.create_table(
        "bulk_job_rows",
        sa.Column("dev_id", sa.Text(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("reference_id", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'broken', 'done', 'unchanged', 'failed', 'cancelled')",
            name=op.f("ck_bulk_job_rows_state"),
        ),
        sa.ForeignKeyConstraint(
            ["dev_id", "job_id"],
            ["bulk_jobs.dev_id", "bulk_jobs.id"],
            name=op.f("fk_bulk_job_rows_bulk_jobs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("dev_id", "job_id", "number", name=op.f("pk_bulk_job_rows")),
        info={"owner": "developer"},
    )
    op.create_index(
        "ix_events_user_id",
        "events",
        ["dev_id", "user_id", "id"],
        postgresql_where=sa.text("user_id IS NOT NULL"),
    )
    op.create_index("ix_data_requests_user_id", "data_requests", ["dev_id", "user_id", "id"])


def downgrade() -> None:
    op.drop_index("ix_data_requests_user_id", table_name="data_requests")
    op.drop_index("ix_events_user_id", table_name="events")
    op.drop_table("bulk_job_rows")
    op.drop_table("bulk_jobs")
