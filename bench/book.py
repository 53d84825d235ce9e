"""What a receiver has been sent: how often, when, and whether each repetition had the same bytes."""

from dataclasses import dataclass, field
from hashlib import sha256

from wearable_gateway.kit import json


@dataclass(slots=True)
class Entry:
    """One event at one path. `altered` counts repetitions whose body was not that of the first."""

    digest: str
    first_at: float
    last_at: float
    times: int = 1
    altered: int = 0


@dataclass(slots=True)
class Count:
    requests: int
    first_at: float
    last_at: float


Ledger = dict[str, dict[str, Entry]]
"""By path, then by `webhook-id`."""


@dataclass(slots=True)
class Book:
    """`keeps_ledger` costs a digest for each request; without it only numbers are kept."""

    keeps_ledger: bool
    counts: dict[str, Count] = field(default_factory=dict)
    ledger: Ledger = field(default_factory=dict)
    open_connections: int = 0
    most_connections: int = 0

    def connected(self, change: int) -> None:
        self.open_connections += change
        self.most_connections = max(self.most_connections, self.open_connections)

    def write(self, path: str, event_id: str, body: bytes, at: float) -> bool:
        """Whether this event came to this path for the first time; unknown, and so true, without a ledger."""
        count = self.counts.get(path)
        if count is None:
            self.counts[path] = Count(1, at, at)
        else:
            count.requests += 1
            count.last_at = at
        return not self.keeps_ledger or self._enter(path, event_id, body, at)

    def _enter(self, path: str, event_id: str, body: bytes, at: float) -> bool:
        digest = sha256(body).hexdigest()
        entries = self.ledger.setdefault(path, {})
        entry = entries.get(event_id)
        if entry is None:
            entries[event_id] = Entry(digest, at, at)
            return True
        entry.times += 1
        entry.last_at = at
        entry.altered += digest != entry.digest
        return False

    def forget(self) -> None:
        self.counts.clear()
        self.ledger.clear()
        self.most_connections = self.open_connections

    def counts_as_json(self) -> bytes:
        return json.dump({"counts": self.counts, "most_connections": self.most_connections})

    def ledger_as_json(self) -> bytes:
        return json.dump(self.ledger)


def read_ledger(text: bytes) -> Ledger:
    return {
        path: {event_id: Entry(**entry) for event_id, entry in entries.items()}
        for path, entries in json.load(text).items()
    }
