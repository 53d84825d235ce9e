"""The audit log by actor and by action, when a key was last used, and counts of what uses a provider."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_index("ix_audit_entries_actor", "audit_entries", ["dev_id", "actor", "id"])
    op.create_index("ix_audit_entries_action", "audit_entries", ["dev_id", "action", "id"])
    op.create_index("ix_grants_provider_app_id", "grants", ["provider_app_id"])
    op.add_column("api_keys", sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("api_keys", "last_used_at")
    op.drop_index("ix_grants_provider_app_id", table_name="grants")
    op.drop_index("ix_audit_entries_action", table_name="audit_entries")
    op.drop_index("ix_audit_entries_actor", table_name="audit_entries")
