"""How long from the commit of an event until a destination has it?"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bench.book import Ledger
from bench.client import LoadError
from bench.producer import Committed


@dataclass(frozen=True, slots=True)
class Waits:
    """In milliseconds, from the moment the commit returned; `asked_p50` from the moment it was asked for."""

    count: int
    p50: float
    p99: float
    most: float
    asked_p50: float


def percentile(values: Collection[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def waits(committed: Sequence[Committed], ledger: Ledger) -> Waits:
    """Of every event at every path it came to. Raises LoadError when one came nowhere."""
    firsts: dict[str, list[float]] = {}
    for entries in ledger.values():
        for event_id, entry in entries.items():
            firsts.setdefault(event_id, []).append(entry.first_at)
    missing = sum(event.event_id not in firsts for event in committed)
    if missing or not committed:
        raise LoadError(f"{missing} of {len(committed)} events did not come")
    # An event may come before its commit has returned to whoever asked for it; no wait is less than none.
    found = [max(at - event.returned_at, 0) * 1000 for event in committed for at in firsts[event.event_id]]
    asked = [(at - event.asked_at) * 1000 for event in committed for at in firsts[event.event_id]]
    return Waits(
        count=len(found),
        p50=percentile(found, 0.5),
        p99=percentile(found, 0.99),
        most=max(found),
        asked_p50=percentile(asked, 0.5),
    )


def waits_after(committed: Sequence[Committed], ledger: Ledger, moment: float) -> list[float]:
    """Seconds from `moment`, or from a later commit, of the events that came after it.

    Raises LoadError when one came nowhere.
    """
    firsts = {event_id: entry.first_at for entries in ledger.values() for event_id, entry in entries.items()}
    missing = sum(event.event_id not in firsts for event in committed)
    if missing:
        raise LoadError(f"{missing} of {len(committed)} events did not come")
    arrivals = ((event, firsts[event.event_id]) for event in committed)
    found = [at - max(event.returned_at, moment) for event, at in arrivals if at >= moment]
    if not found:
        raise LoadError("no event came any more")
    return found
