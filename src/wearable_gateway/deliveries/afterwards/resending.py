"""One event, once more, to one destination."""

from datetime import datetime
from uuid import UUID

from wearable_gateway.db.session import Session
from wearable_gateway.db.wakeups import DELIVERIES
from wearable_gateway.deliveries import destinations
from wearable_gateway.deliveries.afterwards import history, kept_events
from wearable_gateway.deliveries.afterwards.kept_events import Outline
from wearable_gateway.deliveries.afterwards.log import LoggedDelivery, LogState
from wearable_gateway.deliveries.destinations import bucket_of
from wearable_gateway.deliveries.models import Destination, DestinationState
from wearable_gateway.developers import audit
from wearable_gateway.errors import DisallowedError

_DUE_NOW = """
INSERT INTO deliveries (dev_id, destination_id, event_id, bucket, state, attempts, tried_before, next_at)
VALUES ($1, $2, $3, $4, 'due', $5, $5, $6)
ON CONFLICT (dev_id, destination_id, event_id)
DO UPDATE SET state = excluded.state, attempts = excluded.attempts, tried_before = excluded.tried_before,
  next_at = excluded.next_at
"""
DISABLED = "the destination is disabled: nothing is kept for it; enable it first"


async def resend(
    session: Session, dev_id: str, event_id: UUID, destination_id: UUID, *, actor: str, now: datetime
) -> LoggedDelivery:
    """Due at once, whether it was delivered, given up or is waiting for its next attempt; in a transaction.

    Raises NotFoundError for a destination or an event there is not, or no longer; DisallowedError for a destination
    that is disabled, and for one whose events are fetched.
    """
    destination = await destinations.get(session, dev_id, destination_id)
    event = await kept_events.get(session, dev_id, event_id)
    _check(destination)
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


def _check(destination: Destination) -> None:
    if destination.state is DestinationState.DISABLED:
        raise DisallowedError(DISABLED)
    if destination.url is None:
        raise DisallowedError(
            "events of this destination are fetched and not sent: GET /v2/events with an earlier `after`"
        )
