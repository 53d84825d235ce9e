"""What a vendor tells us, and how it is answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from wearable_gateway.unified.records import DataType


class NoticeKind(StrEnum):
    DATA_CHANGED = "data_changed"
    DATA_DELETED = "data_deleted"
    REVOKED = "revoked"
    SCOPES_CHANGED = "scopes_changed"
    PING = "ping"


@dataclass(frozen=True, slots=True)
class NoticeRequest:
    """A vendor's call as it came in: header names in lower case, the body untouched."""

    headers: Mapping[str, str]
    body: bytes
    received_at: datetime
    method: str = "POST"
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NoticeAnswer:
    """An answer with a meaning to the vendor; `body` is sent as JSON."""

    status: int
    body: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing a vendor told us. `key` is the same for every repeat of it and for nothing else."""

    key: str
    kind: NoticeKind
    account_id: str | None
    occurred_at: datetime | None = None
    data_types: tuple[DataType, ...] = ()
    start: date | None = None
    end: date | None = None
    scopes: tuple[str, ...] | None = None
    record_keys: tuple[str, ...] = ()
    """Of DATA_DELETED: the records, of `data_types`, that are no more."""
    documents: Mapping[DataType, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    """Where the vendor sends the data itself: nothing is fetched, and they are forgotten once they are normalised."""
    hints: Mapping[str, Any] = field(default_factory=dict)
    """What the provider's own `fetch_noticed` needs to know: an id, a URL. JSON."""
