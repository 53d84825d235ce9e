"""Events, where developers want them, and what is still to be delivered.

Destinations stand here and not in `deliveries`, because an event and its deliveries are written in one
transaction with what caused them (docs/adr/0004); `deliveries` sends them.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

BUCKETS = 64


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event about to be recorded; `body` is what will be sent, to the byte.

    `at` is when what it says was so, if that is not the moment of recording.
    """

    dev_id: str
    id: UUID
    type: str
    user_id: UUID | None
    reference: UUID
    body: bytes
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event as it is kept; `chunk` is its number among the payloads of a large request."""

    dev_id: str
    id: UUID
    type: str
    user_id: UUID | None
    reference: UUID
    body: bytes
    chunk: int | None
    created_at: datetime
