"""The numbers, for who shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from wearable_gateway.counts.models import EVERYBODY, Subject
from wearable_gateway.db.session import Session

_SLOTS = """
SELECT subject, key, floor(extract(epoch FROM hour - $3) / $4)::int AS slot, sum(number)::bigint AS number
FROM hourly_counts WHERE dev_id = $1 AND subject = ANY ($2) AND hour >= $3 AND hour < $5
GROUP BY subject, key, slot
"""


@dataclass(frozen=True, slots=True)
class ConnectionCount:
    """`troubled` of them are active, and their provider refused the last time."""

    provider: str
    state: str
    number: int
    troubled: int


async def connection_counts(session: Session, dev_id: str) -> list[ConnectionCount]:
    """Of a developer, or of `EVERYBODY`; those there is one of."""
    rows = await session.fetch(
        "SELECT provider, state, number, troubled FROM connection_counts WHERE dev_id = $1 AND number > 0"
        " ORDER BY number DESC, provider, state",
        dev_id,
    )
    return [ConnectionCount(**row) for row in rows]


Numbers = dict[Subject, dict[str, list[int]]]
"""By subject and key, one number for each part of the time."""


async def numbers(session: Session, dev_id: str, start: datetime, step: timedelta, slots: int) -> Numbers:
    """What happened in `slots` parts of `step`, whole hours, from `start` on."""
    rows = await session.fetch(
        _SLOTS,
        dev_id,
        [subject.value for subject in Subject],
        start,
        step.total_seconds(),
        start + slots * step,
    )
    found: Numbers = {subject: {} for subject in Subject}
    for row in rows:
        found[Subject(row["subject"])].setdefault(row["key"], [0] * slots)[row["slot"]] = row["number"]
    return found


async def counted_to(session: Session, subjects: Sequence[str]) -> datetime | None:
    """The moment to which all of `subjects` are counted; None before the first count."""
    rows = await session.fetch("SELECT counted_to FROM count_marks WHERE subject = ANY ($1)", list(subjects))
    return min((row["counted_to"] for row in rows), default=None) if len(rows) == len(subjects) else None


async def largest(session: Session, most: int = 8) -> list[tuple[str, int]]:
    """The developers with most connections that are not revoked, and how many."""
    rows = await session.fetch(
        "SELECT dev_id, sum(number)::bigint AS number FROM connection_counts"
        f" WHERE dev_id <> '{EVERYBODY}' AND state <> 'revoked' AND number > 0"
        " GROUP BY dev_id ORDER BY number DESC, dev_id LIMIT $1",
        most,
    )
    return [(row["dev_id"], row["number"]) for row in rows]
