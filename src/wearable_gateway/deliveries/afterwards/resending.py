"""One event, once more: to one destination, or to all that have not taken it."""

from datetime import datetime, timedelta
from uuid import UUID

from wearable_gateway.db.session import Session
from wearable_gateway.db.wakeups import DELIVERIES
from wearable_gateway.deliveries import destinations
from wearable_gateway.deliveries.afterwards import history, kept_events, lookup
from wearable_gateway.deliveries.afterwards.history import TAKEN
from wearable_gateway.deliveries.afterwards.kept_events import Outline
from wearable_gateway.deliveries.afterwards.log import LoggedDelivery, LogState
from wearable_gateway.deliveries.afterwards.log_sources import queued_rows
from wearable_gateway.deliveries.destinations import bucket_of
from wearable_gateway.deliveries.models import Destination, DestinationState
from wearable_gateway.developers import audit
from wearable_gateway.developers.keys import lock_developer
from wearable_gateway.errors import DisallowedError

_DUE_NOW = """
INSERT INTO deliveries (dev_id, destination_id, event_id, bucket, state, attempts, tried_before, next_at)
VALUES ($1, $2, $3, $4, 'due', $5, $5, $6)
ON CONFLICT (dev_id, destination_id, event_id)
DO UPDATE SET state = excluded.state, attempts = excluded.attempts, tried_before = excluded.tried_before,
  next_at = excluded.next_at
"""
# Of two who ask at a time the later may have looked at the clock first.
_AT_ONCE = timedelta(seconds=2)
DISABLED = "the destination is disabled: nothing is kept for it; enable it first"


async def resend(
    session: Session,
    dev_id: str,
    event_id: UUID,
    destination_id: UUID,
    *,
    actor: str,
    now: datetime,
    seen: int | None = None,
) -> LoggedDelivery:
    """Due at once, whether it was delivered, given up or is waiting for its next attempt; in a transaction.

    `seen` is the number of attempts that whoever asks knows of: when there is another since, or one is about to be made,
    they have asked already, and nothing is done.

    Raises NotFoundError for a destination or an event there is not, or no longer; DisallowedError for a destination
    that is disabled, and for one whose events are fetched.
    """
    destination = await destinations.get(session, dev_id, destination_id)
    event = await kept_events.get(session, dev_id, event_id)
    _check(destination)
    if seen is not None and await _was_asked(session, dev_id, event_id, destination_id, seen, now=now):
        return (await lookup.show_delivery(session, dev_id, event_id, destination_id)).delivery
    tried = (await history.tried(session, dev_id, destination_id, [event_id])).get(event_id)
    number = tried.number if tried else 0
    await session.execute(_DUE_NOW, dev_id, destination_id, event_id, bucket_of(destination_id), number, now)
    await audit.record(
        session, dev_id, actor=actor, action="delivery.resent", subject=f"destination:{destination_id}",
        after={"event_id": str(event_id)},
    )  # fmt: skip
    session.wake(DELIVERIES)
    last = await history.last_attempts(session, dev_id, destination_id, [event_id])
    outline = Outline(event.id, event.type, event.user_id, event.created_at)
    return LoggedDelivery(outline, destination_id, LogState.PENDING, number, now, last.get(event_id))


async def _was_asked(
    session: Session, dev_id: str, event_id: UUID, destination_id: UUID, seen: int, *, now: datetime
) -> bool:
    # One after the other: the second of two at a time finds what the first has done.
    await lock_developer(session, dev_id)
    queued = (await queued_rows(session, dev_id, destination_id, [event_id])).get(event_id)
    tried = (await history.tried(session, dev_id, destination_id, [event_id])).get(event_id)
    on_its_way = queued is not None and queued.state == "due" and queued.next_at <= now + _AT_ONCE
    return on_its_way or (tried.number if tried else 0) > seen


async def resend_failing(
    session: Session, dev_id: str, event_id: UUID, *, actor: str, now: datetime
) -> list[LoggedDelivery]:
    """To every destination that has not taken it, unless it is disabled; those deliveries. In a transaction.

    Asking again before they were tried again does nothing. Raises NotFoundError for an event there is not, or no longer.
    """
    await lock_developer(session, dev_id)
    shown = await lookup.show_event(session, dev_id, event_id)
    sent_to = {one.id: one for one in await destinations.list_destinations(session, dev_id)}
    return [
        await resend(session, dev_id, event_id, one.destination_id, actor=actor, now=now)
        for one in shown.deliveries
        if is_failing(one, now) and can_be_sent_to(sent_to[one.destination_id])
    ]


def is_failing(delivery: LoggedDelivery, now: datetime) -> bool:
    """Whether it was given up, or its last attempt failed and the next is not due yet."""
    if delivery.state is LogState.EXHAUSTED:
        return True
    last, next_at = delivery.last_attempt, delivery.next_attempt_at
    failed = last is not None and last.outcome not in TAKEN
    return failed and next_at is not None and next_at > now


def can_be_sent_to(destination: Destination) -> bool:
    return destination.state is not DestinationState.DISABLED and destination.url is not None


def _check(destination: Destination) -> None:
    if destination.state is DestinationState.DISABLED:
        raise DisallowedError(DISABLED)
    if destination.url is None:
        raise DisallowedError(
            "events of this destination are fetched and not sent: GET /v2/events with an earlier `after`"
        )
