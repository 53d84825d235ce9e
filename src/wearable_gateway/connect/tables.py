"""Flows and their trips to providers."""

from sqlalchemy import (
    ARRAY,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    Uuid,
)

from wearable_gateway.db.base import developer_table, id_column, moment

flows = developer_table(
    "flows",
    id_column(),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text),
    Column("token_hash", LargeBinary, nullable=False),
    Column("user_id", Uuid, nullable=False),
    Column("provider", Text),
    Column("providers", ARRAY(Text)),
    Column("reference_id", Text),
    Column("success_url", Text),
    Column("failure_url", Text),
    Column("language", Text),
    Column("show_disconnect", Boolean, nullable=False),
    Column("provider_app_id", Uuid),
    Column("expected_account", Text),
    Column("pending_tokens", LargeBinary),
    moment("opened_at", nullable=True),
    moment("left_at", nullable=True),
    moment("claimed_at", nullable=True),
    moment("created_at"),
    moment("expires_at"),
    UniqueConstraint("dev_id", "token_hash"),
    UniqueConstraint("dev_id", "user_id"),
    CheckConstraint("kind IN ('auth_url', 'widget')", name="kind"),
    CheckConstraint("state IN ('open', 'exchanging', 'exchanged', 'completed', 'failed')", name="state"),
)
Index(
    "ix_flows_unfinished",
    flows.c.expires_at,
    postgresql_where=flows.c.state.in_(["open", "exchanging", "exchanged"]),
)

flow_states = developer_table(
    "flow_states",
    Column("state_hash", LargeBinary, primary_key=True),
    Column("flow_id", Uuid, nullable=False),
    Column("browser_hash", LargeBinary, nullable=False),
    Column("verifier", LargeBinary, nullable=False),
    Column("provider", Text, nullable=False),
    Column("provider_app_id", Uuid, nullable=False),
    moment("created_at"),
    moment("expires_at"),
    ForeignKeyConstraint(["dev_id", "flow_id"], ["flows.dev_id", "flows.id"], ondelete="CASCADE"),
)
Index("ix_flow_states_flow_id", flow_states.c.dev_id, flow_states.c.flow_id)
