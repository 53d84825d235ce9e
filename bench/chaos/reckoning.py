"""What is in the database held against what a destination was sent."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from bench.book import Ledger
from bench.producer import Committed

Stored = Mapping[str, Mapping[str, str]]
"""By path of a destination: the events it is to have, and the digest of their bodies."""


@dataclass(slots=True)
class Recorded:
    """The attempts of one delivery, in their order: `late` are those after the first success."""

    failed: int = 0
    delivered: int = 0
    late: int = 0

    def add(self, *, delivered: bool) -> None:
        if self.delivered:
            self.late += 1
        elif delivered:
            self.delivered = 1
        else:
            self.failed += 1


Records = Mapping[tuple[str, str], Recorded]
"""By path and event."""


@dataclass(frozen=True, slots=True)
class Reckoning:
    """`vanished` were committed and are not in the database; the others are deliveries, an event to one path.

    `sent_twice` are requests for which there is no attempt: whoever sent them did not live to write it down, or
    was no longer to.
    """

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
            recorded = records.get((path, event_id), Recorded())
            unrecorded += not recorded.delivered
            recorded_late += recorded.late
            entry = entries.get(event_id)
            if entry is None:
                lost += 1
                continue
            sent_twice += max(entry.times - max(recorded.failed + recorded.delivered, 1), 0)
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
