"""What was tried already? The attempts of deliveries, found by developer, destination and event."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from wearable_gateway.db.session import Session
from wearable_gateway.kit.ids import first_uuid7, shifted_uuid7

TAKEN = ("delivered", "available")
"""Outcomes of an attempt after which there is nothing left to do."""

# An attempt is made after its event, and so is its id; but clocks of two machines differ.
_EARLIER = timedelta(hours=-1)

_COLUMNS = "event_id, destination_id, number, at, outcome, status, duration_ms, detail, response_excerpt"
_ALL = f"""
SELECT {_COLUMNS} FROM attempts
WHERE dev_id = $1 AND destination_id = ANY ($2) AND event_id = $3 AND id >= $4
ORDER BY destination_id, number, id
"""
_LAST = f"""
SELECT DISTINCT ON (event_id) {_COLUMNS} FROM attempts
WHERE dev_id = $1 AND destination_id = $2 AND event_id = ANY ($3) AND id >= $4
ORDER BY event_id, number DESC, id DESC
"""
_SUMS = """
SELECT event_id, max(number) AS number, bool_or(outcome = ANY ($5)) AS taken FROM attempts
WHERE dev_id = $1 AND destination_id = $2 AND event_id = ANY ($3) AND id >= $4 GROUP BY event_id
"""

_LAST_FAILURE = f"""
SELECT {_COLUMNS} FROM (
  SELECT {_COLUMNS} FROM attempts WHERE dev_id = $1 AND destination_id = $2 AND id >= $3 ORDER BY event_id DESC LIMIT $5
) newest
WHERE outcome <> ALL ($4) ORDER BY at DESC LIMIT 1
"""
_MOST_LOOKED_AT = 500


@dataclass(frozen=True, slots=True)
class LoggedAttempt:
    """`response_excerpt` is the beginning of what the destination answered, in its own words."""

    event_id: UUID
    destination_id: UUID
    number: int
    at: datetime
    outcome: str
    status: int | None
    duration_ms: int
    detail: str | None
    response_excerpt: str | None


@dataclass(frozen=True, slots=True)
class Tried:
    """Of one delivery: the number of its last attempt, and whether one of them succeeded."""

    number: int
    taken: bool


def made_after(event_ids: Collection[UUID]) -> UUID:
    """No attempt of these events has a lower id; naming it spares a look into the days before."""
    return shifted_uuid7(min(event_ids), _EARLIER)


async def attempts_of(
    session: Session, dev_id: str, destination_ids: Sequence[UUID], event_id: UUID
) -> list[LoggedAttempt]:
    """Every attempt to bring an event to these destinations, one destination after the other, in order."""
    rows = await session.fetch(_ALL, dev_id, list(destination_ids), event_id, made_after([event_id]))
    return [LoggedAttempt(**row) for row in rows]


async def last_attempts(
    session: Session, dev_id: str, destination_id: UUID, event_ids: Collection[UUID]
) -> dict[UUID, LoggedAttempt]:
    """By event; those that were not tried yet are left out."""
    if not event_ids:
        return {}
    rows = await session.fetch(_LAST, dev_id, destination_id, list(event_ids), made_after(event_ids))
    return {row["event_id"]: LoggedAttempt(**row) for row in rows}


async def tried(
    session: Session, dev_id: str, destination_id: UUID, event_ids: Collection[UUID]
) -> dict[UUID, Tried]:
    """By event; those that were not tried yet are left out."""
    if not event_ids:
        return {}
    rows = await session.fetch(
        _SUMS, dev_id, destination_id, list(event_ids), made_after(event_ids), list(TAKEN)
    )
    return {row["event_id"]: Tried(row["number"], row["taken"]) for row in rows}


async def last_failure(
    session: Session, dev_id: str, destination_id: UUID, *, since: datetime
) -> LoggedAttempt | None:
    """The newest attempt that failed; None when there is none among the newest, or none that is kept."""
    row = await session.fetchrow(
        _LAST_FAILURE, dev_id, destination_id, first_uuid7(since + _EARLIER), list(TAKEN), _MOST_LOOKED_AT
    )
    return LoggedAttempt(**row) if row else None
