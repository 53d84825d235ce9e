"""A bulk job is one thing done to many users; each of its rows names one of them, or one reference_id."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

MOST_ROWS = 50_000
MOST_BYTES = 2_000_000


class JobKind(StrEnum):
    ASSIGN = "assign"
    DEAUTHENTICATE = "deauthenticate"
    PAUSE = "pause"
    RESUME = "resume"
    ERASE = "erase"


class JobState(StrEnum):
    """draft: looked at, and nothing done → running → completed or cancelled."""

    DRAFT = "draft"
    RUNNING = "running"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class RowState(StrEnum):
    """broken: it cannot be done as it stands and never is · unchanged: it was so already."""

    WAITING = "waiting"
    BROKEN = "broken"
    DONE = "done"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Row:
    """`number` is its line in the file. Of a row that names no user_id, every connection with the reference_id is meant.

    `text` is what stood there, of a row that could not be read.
    """

    number: int
    user_id: UUID | None
    reference_id: str | None
    state: RowState = RowState.WAITING
    reason: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """`total` counts all rows, `broken` those of them that are left out; `reached` is the last row that was ended."""

    dev_id: str
    id: UUID
    key: bytes
    kind: JobKind
    state: JobState
    actor: str
    reference_id: str | None
    notes: Sequence[str]
    total: int
    broken: int
    done: int
    unchanged: int
    failed: int
    events_erased: int
    reached: int
    claims: int
    created_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None

    @property
    def good(self) -> int:
        return self.total - self.broken

    @property
    def ended(self) -> int:
        """How many rows came to their end."""
        return self.done + self.unchanged + self.failed
