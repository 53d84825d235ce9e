"""When somebody was last seen at a place, how a session was opened, and sign-in attempts by address."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("operators", sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
    # Of sessions from before nobody knows any more, and a link is what is trusted with the least.
    op.add_column(
        "operator_sessions", sa.Column("opened_with", sa.Text(), nullable=False, server_default="link")
    )
    op.alter_column("operator_sessions", "opened_with", server_default=None)
    op.create_check_constraint(
        op.f("ck_operator_sessions_opened_with"),
        "operator_sessions",
        "opened_with IN ('password', 'link', 'single_sign_on')",
    )
    op.create_table(
        "sign_in_addresses",
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("drained_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_sign_in_addresses")),
        info={"owner": "shared"},
    )


def downgrade() -> None:
    op.drop_table("sign_in_addresses")
    op.drop_constraint(op.f("ck_operator_sessions_opened_with"), "operator_sessions")
    op.drop_column("operator_sessions", "opened_with")
    op.drop_column("operators", "seen_at")
