"""Operators with roles and several places, sessions that can be listed, invitations.

Sessions and sign-in links of before are over: everybody signs in once more.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("operators", sa.Column("role", sa.Text(), nullable=False, server_default="owner"))
    op.alter_column("operators", "role", server_default=None)
    op.create_check_constraint(
        op.f("ck_operators_role"), "operators", "role IN ('owner', 'member', 'read_only')"
    )
    op.drop_constraint(op.f("uq_operators_email"), "operators")
    op.create_unique_constraint(
        op.f("uq_operators_email_dev_id"),
        "operators",
        ["email", "dev_id"],
        postgresql_nulls_not_distinct=True,
    )
    op.create_index("ix_operators_dev_id", "operators", ["dev_id"])

    op.drop_table("operator_sessions")
    op.create_table(
        "operator_sessions",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("operator_ids", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("csrf_token", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("user_agent", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_operator_sessions")),
        sa.UniqueConstraint("id", name=op.f("uq_operator_sessions_id")),
        info={"owner": "shared"},
    )
    op.create_index("ix_operator_sessions_email", "operator_sessions", ["email"])
    op.drop_table("sign_in_links")
    op.create_table(
        "sign_in_links",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("operator_ids", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_in_links")),
        info={"owner": "shared"},
    )
    op.create_table(
        "invitations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("dev_id", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("invited_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitations_token_hash")),
        sa.UniqueConstraint(
            "email", "dev_id", name=op.f("uq_invitations_email_dev_id"), postgresql_nulls_not_distinct=True
        ),
        info={"owner": "shared"},
    )
    op.create_index("ix_invitations_dev_id", "invitations", ["dev_id"])


def downgrade() -> None:
    op.drop_table("invitations")
    op.drop_table("operator_sessions")
    op.create_table(
        "operator_sessions",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("operator_id", sa.Uuid(), nullable=False),
        sa.Column("csrf_token", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_operator_sessions")),
        info={"owner": "shared"},
    )
    op.drop_table("sign_in_links")
    op.create_table(
        "sign_in_links",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("operator_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_in_links")),
        info={"owner": "shared"},
    )
    op.drop_index("ix_operators_dev_id", table_name="operators")
    op.drop_constraint(op.f("uq_operators_email_dev_id"), "operators")
    # Of several places of one person the first is kept: before, there could be only one.
    op.execute(
        "DELETE FROM operators o USING operators first WHERE first.email = o.email AND first.id < o.id"
    )
    op.create_unique_constraint(op.f("uq_operators_email"), "operators", ["email"])
    op.drop_constraint(op.f("ck_operators_role"), "operators")
    op.drop_column("operators", "role")
