"""Developers' logos, and sessions in which end users may disconnect."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "developer_logos",
        sa.Column("dev_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["dev_id"],
            ["developers.dev_id"],
            name=op.f("fk_developer_logos_developers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("dev_id", name=op.f("pk_developer_logos")),
        info={"owner": "developer"},
    )
    op.add_column(
        "flows", sa.Column("show_disconnect", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.alter_column("flows", "show_disconnect", server_default=None)


def downgrade() -> None:
    op.drop_column("flows", "show_disconnect")
    op.drop_table("developer_logos")
