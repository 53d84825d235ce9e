"""The inbox of notices."""

from sqlalchemy import Column, Index, Integer, LargeBinary, Text, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from wearable_gateway.db.base import id_column, moment, shared_table

notices = shared_table(
    "notices",
    id_column(),
    Column("provider", Text, nullable=False),
    Column("provider_app_id", Uuid, nullable=False),
    Column("dedupe_key", LargeBinary, nullable=False),
    Column("kind", Text, nullable=False),
    Column("account_id", Text),
    Column("content", JSONB, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("outcome", Text),
    moment("received_at"),
    moment("due_at"),
    UniqueConstraint("provider_app_id", "dedupe_key"),
)
Index(
    "ix_notices_account",
    notices.c.provider_app_id,
    notices.c.account_id,
    notices.c.id,
    postgresql_where=notices.c.account_id.is_not(None),
)
Index("ix_notices_due_at", notices.c.due_at, postgresql_where=notices.c.state == "due")
