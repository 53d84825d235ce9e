"""Admin tokens with scopes and reach, and the answers to idempotency keys."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "admin_tokens", sa.Column("scopes", sa.ARRAY(sa.Text()), nullable=False, server_default="{*}")
    )
    op.alter_column("admin_tokens", "scopes", server_default=None)
    op.add_column("admin_tokens", sa.Column("dev_id", sa.Text(), nullable=True))
    op.create_table(
        "idempotency_keys",
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("is_done", sa.Boolean(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_idempotency_keys")),
        info={"owner": "shared"},
    )
    op.create_index("ix_idempotency_keys_created_at", "idempotency_keys", ["created_at"])


def downgrade() -> None:
    op.drop_table("idempotency_keys")
    # A token that was to reach less than everything must not come to reach more.
    op.execute("DELETE FROM admin_tokens WHERE dev_id IS NOT NULL OR NOT ('*' = ANY (scopes))")
    op.drop_column("admin_tokens", "dev_id")
    op.drop_column("admin_tokens", "scopes")
