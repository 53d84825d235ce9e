"""A data request is a range of days a developer asked for; a large one is fetched window by window.

What a window brought waits as chunks, written as they will be sent, until the number of all of them is known.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from wearable_gateway.unified.records import DataType


class RequestState(StrEnum):
    """processing → sending (every window came to its end) → completed (every payload did) ; or failed."""

    PROCESSING = "processing"
    SENDING = "sending"
    COMPLETED = "completed"
    FAILED = "failed"


class WindowState(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Window:
    """A part of the range, fetched by itself. `reason` says why the last attempt brought nothing."""

    number: int
    start: date
    end: date
    state: WindowState = WindowState.WAITING
    attempts: int = 0
    records: int = 0
    reason: str | None = None
    retrying_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DataRequest:
    """`payload_ids` are the events its data was sent in, in order; None until they are."""

    dev_id: str
    id: UUID
    user_id: UUID
    type: DataType
    start: date
    end: date
    with_samples: bool
    is_large: bool
    state: RequestState
    reason: str | None
    payload_ids: tuple[UUID, ...] | None
    claims: int
    created_at: datetime
    finished_at: datetime | None
