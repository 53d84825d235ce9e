"""How does a destination fare? What waits for it, what was given up, and whether it takes what it is sent."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from wearable_gateway.db.session import Session
from wearable_gateway.deliveries.afterwards.history import TAKEN
from wearable_gateway.deliveries.models import Destination, DestinationState
from wearable_gateway.kit.ids import first_uuid7, moment_of

MOST_COUNTED = 5_000
MOST_ATTEMPTS = 500
# An event is made before the first attempt that fails, but seldom by more.
_BEFORE = timedelta(hours=1)

# Of its rows the newest: what waits is seldom behind thousands that were given up.
_PENDING = """
SELECT count(*) AS looked_at, count(*) FILTER (WHERE state <> 'exhausted') AS pending FROM (
  SELECT state FROM deliveries WHERE dev_id = $1 AND destination_id = $2 ORDER BY event_id DESC LIMIT $3
) newest
"""
_EXHAUSTED = """
SELECT count(*) FROM (
  SELECT 1 FROM deliveries WHERE dev_id = $1 AND destination_id = $2 AND state = 'exhausted' LIMIT $3
) counted
"""
_OLDEST_EXHAUSTED = """
SELECT event_id FROM deliveries WHERE dev_id = $1 AND destination_id = $2 AND state = 'exhausted'
ORDER BY event_id LIMIT 1
"""
_ATTEMPTS = """
SELECT count(*) AS attempts, count(*) FILTER (WHERE outcome = ANY ($4)) AS taken,
  max(at) FILTER (WHERE outcome = ANY ($4)) AS last_taken_at
FROM (
  SELECT at, outcome FROM attempts WHERE dev_id = $1 AND destination_id = $2 AND id >= $3
  ORDER BY event_id DESC LIMIT $5
) newest
"""


@dataclass(frozen=True, slots=True)
class Faring:
    """`pending` and `exhausted` are counted up to `MOST_COUNTED`; `…at_least` says that counting ended there.

    `attempts`, and `taken` of them, are the newest, at most `MOST_ATTEMPTS`. `last_taken_at` is None when none of these
    was. `given_up_since` is when the oldest event was made that was given up.
    """

    pending: int
    pending_at_least: bool
    exhausted: int
    exhausted_at_least: bool
    given_up_since: datetime | None
    attempts: int
    taken: int
    last_taken_at: datetime | None


async def faring(session: Session, dev_id: str, destination_id: UUID, *, kept_since: datetime) -> Faring:
    """`kept_since`: older attempts are no longer there. All is zero for a destination there is not."""
    queue = await session.fetchrow(_PENDING, dev_id, destination_id, MOST_COUNTED)
    exhausted: int = await session.fetchval(_EXHAUSTED, dev_id, destination_id, MOST_COUNTED)
    oldest: UUID | None = await session.fetchval(_OLDEST_EXHAUSTED, dev_id, destination_id)
    tried = await session.fetchrow(
        _ATTEMPTS, dev_id, destination_id, first_uuid7(kept_since), list(TAKEN), MOST_ATTEMPTS
    )
    assert queue is not None  # noqa: S101 - a count is a row
    assert tried is not None  # noqa: S101 - a count is a row
    return Faring(
        pending=queue["pending"],
        pending_at_least=queue["looked_at"] == MOST_COUNTED,
        exhausted=exhausted,
        exhausted_at_least=exhausted == MOST_COUNTED,
        given_up_since=None if oldest is None else moment_of(oldest),
        attempts=tried["attempts"],
        taken=tried["taken"],
        last_taken_at=tried["last_taken_at"],
    )


def missing_since(
    destination: Destination, fares: Faring, *, kept_for: timedelta, now: datetime
) -> datetime | None:
    """Where a recovery has to begin to bring all that the destination is known to miss; None when that is nothing."""
    starts = [fares.given_up_since]
    if destination.state is DestinationState.DISABLED:
        starts.append(destination.failing_since or fares.last_taken_at or destination.updated_at)
    start = min((moment for moment in starts if moment), default=None)
    if start is None:
        return None
    # Of what is about to be forgotten nothing is begun: whoever asks has to have read this first.
    earliest = now - kept_for + _BEFORE
    return max(start - _BEFORE, earliest).replace(second=0, microsecond=0)
