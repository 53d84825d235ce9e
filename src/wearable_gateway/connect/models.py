"""A flow is one attempt to connect; each trip of it to a provider has a state of its own, used once."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    ARRAY,
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


class FlowKind(StrEnum):
    AUTH_URL = "auth_url"
    WIDGET = "widget"


class FlowState(StrEnum):
    """open → exchanging (a code is being redeemed) → exchanged (tokens kept) → completed; or failed from any."""

    OPEN = "open"
    EXCHANGING = "exchanging"
    EXCHANGED = "exchanged"
    COMPLETED = "completed"
    FAILED = "failed"


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


@dataclass(frozen=True, slots=True)
class Flow:
    """`user_id` is the connection it will make. `provider` is None until the end user has chosen one."""

    dev_id: str
    id: UUID
    kind: FlowKind
    state: FlowState
    reason: str | None
    user_id: UUID
    provider: str | None
    providers: tuple[str, ...] | None
    reference_id: str | None
    success_url: str | None
    failure_url: str | None
    language: str | None
    provider_app_id: UUID | None
    expected_account: str | None
    pending_tokens: bytes | None
    opened_at: datetime | None
    claimed_at: datetime | None
    created_at: datetime
    expires_at: datetime

    @property
    def is_pending(self) -> bool:
        """Whether it may still make a connection."""
        return self.state in {FlowState.OPEN, FlowState.EXCHANGING, FlowState.EXCHANGED}


@dataclass(frozen=True, slots=True)
class Trip:
    """What the callback needs of the trip to the provider that it ends."""

    flow_id: UUID
    verifier: str
    provider: str
    provider_app_id: UUID


@dataclass(frozen=True, slots=True)
class Returned:
    """What the end user's browser brings back from the provider."""

    state: str
    browser: str
    code: str | None
    error: str | None
    scope: str | None = None
    """What the end user agreed to, where the vendor says so here and not with the tokens."""
