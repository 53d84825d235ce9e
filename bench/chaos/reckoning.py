"""What is in the database held against what a destination was sent."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from bench.book import Ledger
from bench.producer import Committed

Stored = Mapping[str, Mapping[str, str]]
"""By path of a destination: the events it is to have, and the digest of their bodies."""

Records = Mapping[tuple[str, str], tuple[int, int]]
"""By path and event: how many attempts are recorded as delivered, and how many come after the first of these."""


@dataclass(frozen=True, slots=True)
class Reckoning:
    """`vanished` were committed and are not in the database; the others are deliveries, an event to one path."""

    expected: int
    vanished: int
    lost: int
    sent_twice: int
    altered: int
    unrecorded: int
    recorded_late: int


def reckon(
    stored: Stored, ledger: Ledger, records: Records, committed: Collection[Committed] = ()
) -> Reckoning:
    known = {event_id for events in stored.values() for event_id in events}
    lost = sent_twice = altered = unrecorded = recorded_late = 0
    for path, events in stored.items():
        entries = ledger.get(path, {})
        for event_id, digest in events.items():
            delivered, later = records.get((path, event_id), (0, 0))
            unrecorded += delivered == 0
            recorded_late += later
            entry = entries.get(event_id)
            if entry is None:
                lost += 1
                continue
            sent_twice += entry.times - 1
            altered += entry.altered + (entry.digest != digest)
    return Reckoning(
        expected=sum(len(events) for events in stored.values()),
        vanished=sum(event.event_id not in known for event in committed),
        lost=lost,
        sent_twice=sent_twice,
        altered=altered,
        unrecorded=unrecorded,
        recorded_late=recorded_late,
    )
