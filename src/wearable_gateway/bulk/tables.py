"""Bulk jobs and their rows; both are forgotten together."""

from sqlalchemy import CheckConstraint, Column, ForeignKeyConstraint, Index, Integer, LargeBinary, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from wearable_gateway.db.base import developer_table, id_column, moment

bulk_jobs = developer_table(
    "bulk_jobs",
    id_column(),
    # What tells a form or a call that is sent twice from another one.
    Column("key", LargeBinary, nullable=False),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("reference_id", Text),
    Column("notes", JSONB, nullable=False),
    Column("total", Integer, nullable=False),
    Column("broken", Integer, nullable=False),
    Column("done", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("events_erased", Integer, nullable=False),
    # The last row that came to its end.
    Column("reached", Integer, nullable=False),
    Column("claims", Integer, nullable=False),
    moment("due_at", nullable=True),
    moment("created_at"),
    moment("started_at", nullable=True),
    moment("finished_at", nullable=True),
    CheckConstraint("kind IN ('assign', 'deauthenticate', 'pause', 'resume', 'erase')", name="kind"),
    CheckConstraint("state IN ('draft', 'running', 'completed', 'cancelled')", name="state"),
)
Index("ix_bulk_jobs_key", bulk_jobs.c.dev_id, bulk_jobs.c.key, unique=True)
Index("ix_bulk_jobs_due_at", bulk_jobs.c.due_at, postgresql_where=bulk_jobs.c.due_at.is_not(None))
Index("ix_bulk_jobs_created_at", bulk_jobs.c.created_at)

bulk_job_rows = developer_table(
    "bulk_job_rows",
    Column("job_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("user_id", Uuid),
    Column("reference_id", Text),
    # As it stood in the file, where it could not be read.
    Column("text", Text),
    Column("state", Text, nullable=False),
    Column("reason", Text),
    CheckConstraint(
        "state IN ('waiting', 'broken', 'done', 'unchanged', 'failed', 'cancelled')", name="state"
    ),
    ForeignKeyConstraint(["dev_id", "job_id"], ["bulk_jobs.dev_id", "bulk_jobs.id"], ondelete="CASCADE"),
)
