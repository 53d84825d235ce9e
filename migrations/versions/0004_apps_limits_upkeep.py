"""Provider apps with credentials of their vendor's own, budgets of calls, what is done for grants from time to time."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("provider_apps", sa.Column("extra", sa.LargeBinary(), nullable=True))
    op.add_column("provider_apps", sa.Column("upkeep_due_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("provider_apps", sa.Column("upkeep_error", sa.Text(), nullable=True))
    op.create_index(
        "ix_provider_apps_upkeep_due_at",
        "provider_apps",
        ["upkeep_due_at"],
        postgresql_where=sa.text("upkeep_due_at IS NOT NULL"),
    )
    op.create_table(
        "call_budgets",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_budgets")),
        info={"owner": "shared"},
    )
    op.create_table(
        "grant_upkeep",
        sa.Column("grant_id", sa.Uuid(), nullable=False),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("grant_id", "task", name=op.f("pk_grant_upkeep")),
        info={"owner": "shared"},
    )
    op.create_index("ix_grant_upkeep_due_at", "grant_upkeep", ["due_at"])


def downgrade() -> None:
    op.drop_table("grant_upkeep")
    op.drop_table("call_budgets")
    op.drop_index("ix_provider_apps_upkeep_due_at", table_name="provider_apps")
    for column in ("upkeep_error", "upkeep_due_at", "extra"):
        op.drop_column("provider_apps", column)
