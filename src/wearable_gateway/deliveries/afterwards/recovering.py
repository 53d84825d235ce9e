"""A worker takes a recovery to its end, some hundred events at a time; whoever dies is succeeded where it was.

A step is one transaction: what it queues, and how far the recovery is. It holds the recovery first, so a worker that was
taken for dead finds that somebody claimed it after it, and its step leaves no trace.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from wearable_gateway.db.session import Database, Session
from wearable_gateway.db.wakeups import DELIVERIES
from wearable_gateway.deliveries import destinations
from wearable_gateway.deliveries.afterwards import history, kept_events
from wearable_gateway.deliveries.afterwards.history import Tried
from wearable_gateway.deliveries.afterwards.log_sources import queued_rows
from wearable_gateway.deliveries.afterwards.recoveries import (
    Only,
    RecoveriesAcrossDevelopers,
    Recovery,
    RecoveryRepository,
    RecoveryState,
)
from wearable_gateway.deliveries.afterwards.recovery import below, is_wanted
from wearable_gateway.deliveries.destinations import bucket_of
from wearable_gateway.deliveries.models import Destination, DestinationState
from wearable_gateway.deliveries.sending.waiting import new_mark
from wearable_gateway.errors import NotFoundError
from wearable_gateway.kit.clock import Clock, utc_now

CLAIM = timedelta(minutes=1)
MOST_AT_ONCE = 500

# A row that is in the queue for sending is left as it is, also when it came there a moment ago.
_QUEUE = """
INSERT INTO deliveries AS d (dev_id, destination_id, event_id, bucket, state, attempts, tried_before, next_at)
SELECT $1, $2, u.event_id, $3, 'waiting', u.attempts, u.attempts, $6
FROM unnest($4::uuid[], $5::int[]) AS u (event_id, attempts)
ON CONFLICT (dev_id, destination_id, event_id)
DO UPDATE SET state = excluded.state, attempts = excluded.attempts, tried_before = excluded.tried_before,
  next_at = excluded.next_at
WHERE d.state = 'exhausted'
"""
# What was tried already has its next attempt hours after its destination was mended. Only a row that is there is
# changed: one that was delivered a moment ago does not come back.
_BRING_FORWARD = """
UPDATE deliveries SET state = 'waiting', tried_before = attempts, next_at = $4
WHERE dev_id = $1 AND destination_id = $2 AND event_id = ANY ($3)
  AND state = 'due' AND attempts > 0 AND next_at > $4
"""


async def work_next(db: Database, *, clock: Clock = utc_now) -> bool:
    """Take one due recovery a step further. False when none is due."""
    now = clock()
    for dev_id, recovery_id in await RecoveriesAcrossDevelopers(db.autocommit).due(now=now):
        repository = RecoveryRepository(db.autocommit, dev_id)
        recovery = await repository.claim(recovery_id, now=now, until=now + CLAIM)
        if recovery is not None:
            async with db.transaction() as session:
                await _step(session, recovery, now=clock())
            return True
    return False


async def _step(session: Session, recovery: Recovery, *, now: datetime) -> None:
    repository = RecoveryRepository(session, recovery.dev_id)
    # Due at once: behind those that waited longer.
    if not await repository.hold(recovery, due_at=now):
        return
    destination = await _find(session, recovery)
    if destination is None or destination.state is DestinationState.DISABLED:
        reason = "the destination is disabled" if destination else "the destination was deleted"
        await repository.finish(recovery.id, RecoveryState.FAILED, reason, now=now)
        return
    events = await kept_events.after(
        session, recovery.dev_id, recovery.reached, below(recovery.until), limit=MOST_AT_ONCE
    )
    types = recovery.event_types or destination.event_types
    examined = [
        event_id
        for event_id, kind, only_for in events
        if is_wanted(kind, types) and only_for in {None, recovery.destination_id}
    ]
    queued = await _queue(session, recovery, examined, now=now)
    if events:
        await repository.advance(recovery, events[-1][0], examined=len(examined), queued=queued)
    if len(events) < MOST_AT_ONCE:
        await repository.finish(recovery.id, RecoveryState.COMPLETED, now=now)


async def _find(session: Session, recovery: Recovery) -> Destination | None:
    try:
        return await destinations.get(session, recovery.dev_id, recovery.destination_id)
    except NotFoundError:
        return None


async def _queue(session: Session, recovery: Recovery, event_ids: Sequence[UUID], *, now: datetime) -> int:
    """Put those that are to be recovered where the worker takes them as the destination has room; how many."""
    dev_id, destination_id = recovery.dev_id, recovery.destination_id
    # The queue before the log: what is delivered in between is in the log by then, and is not sent twice.
    rows = await queued_rows(session, dev_id, destination_id, event_ids)
    states = {event_id: row.state for event_id, row in rows.items()}
    tried = await history.tried(session, dev_id, destination_id, event_ids)
    chosen = choose(recovery.only, event_ids, states, tried)
    numbers = [tried[event_id].number if event_id in tried else 0 for event_id in chosen]
    queued = 0
    if chosen:
        queued += await session.execute(
            _QUEUE, dev_id, destination_id, bucket_of(destination_id), chosen, numbers, now
        )
    if recovery.only is not Only.EXHAUSTED:
        queued += await session.execute(_BRING_FORWARD, dev_id, destination_id, event_ids, now)
    if queued:
        await session.execute(
            "UPDATE destinations SET waiting_mark = $3 WHERE dev_id = $1 AND id = $2",
            dev_id, destination_id, new_mark(),
        )  # fmt: skip
        session.wake(DELIVERIES)
    return queued


def choose(
    only: Only, event_ids: Collection[UUID], states: Mapping[UUID, str], tried: Mapping[UUID, Tried]
) -> list[UUID]:
    """Which of `event_ids` are to be queued, given what the queue says of them, and whether they were delivered."""

    def is_chosen(event_id: UUID) -> bool:
        state = states.get(event_id)
        if state not in {None, "exhausted"}:
            return False
        match only:
            case Only.ALL:
                return True
            case Only.EXHAUSTED:
                return state == "exhausted"
            case Only.UNDELIVERED:
                return event_id not in tried or not tried[event_id].taken

    return [event_id for event_id in event_ids if is_chosen(event_id)]
