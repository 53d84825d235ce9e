"""A flow is one attempt to connect; each trip of it to a provider has a state of its own, used once."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


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


@dataclass(frozen=True, slots=True)
class Flow:
    """`user_id` is the connection it will make. `provider` is None until the end user has chosen one.

    `show_disconnect`: who holds its link may see and end the connections of its `reference_id`.
    """

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
    show_disconnect: bool
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
