"""The inbox: what vendors told us, kept before they are answered."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from wearable_gateway.providers._base.notices import Notice


@dataclass(frozen=True, slots=True)
class StoredNotice:
    """A notice somebody has claimed; `attempts` counts this one."""

    id: UUID
    provider: str
    provider_app_id: UUID
    notice: Notice
    attempts: int
    received_at: datetime


@dataclass(frozen=True, slots=True)
class KeptNotice:
    """A notice as it can be shown; `state` is `due` or `done`, `outcome` says what became of its last try."""

    id: UUID
    kind: str
    state: str
    outcome: str | None
    attempts: int
    received_at: datetime
    due_at: datetime
