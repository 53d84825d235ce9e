"""Wearable accounts found by their names, what vendors told of each, and when its tokens were refreshed."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("grants", sa.Column("refreshed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_grants_account", "grants", ["provider", "provider_account_id", "id"])
    op.create_index(
        "ix_notices_account",
        "notices",
        ["provider_app_id", "account_id", "id"],
        postgresql_where=sa.text("account_id IS NOT NULL"),
        if_not_exists=True,
    )


def downgrade() -> None:
    op.drop_index("ix_notices_account", table_name="notices", if_exists=True)
    op.drop_index("ix_grants_account", table_name="grants")
    op.drop_column("grants", "refreshed_at")
