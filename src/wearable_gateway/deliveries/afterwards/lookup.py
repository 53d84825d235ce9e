"""One delivery with everything that was tried, and one event with its deliveries."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from wearable_gateway.db.session import Session
from wearable_gateway.deliveries import destinations
from wearable_gateway.deliveries.afterwards import history, kept_events
from wearable_gateway.deliveries.afterwards.history import TAKEN, LoggedAttempt
from wearable_gateway.deliveries.afterwards.kept_events import Outline
from wearable_gateway.deliveries.afterwards.log import LoggedDelivery, LogState, logged
from wearable_gateway.deliveries.afterwards.log_sources import Queued, queued_rows
from wearable_gateway.errors import NotFoundError
from wearable_gateway.events.models import StoredEvent

_QUEUED = """
SELECT destination_id, state, attempts, next_at FROM deliveries
WHERE dev_id = $1 AND destination_id = ANY ($2) AND event_id = $3
"""


@dataclass(frozen=True, slots=True)
class ShownDelivery:
    event: StoredEvent
    delivery: LoggedDelivery
    attempts: Sequence[LoggedAttempt]


@dataclass(frozen=True, slots=True)
class ShownEvent:
    """`deliveries` are those to destinations that there still are."""

    event: StoredEvent
    deliveries: Sequence[LoggedDelivery]


async def show_delivery(session: Session, dev_id: str, event_id: UUID, destination_id: UUID) -> ShownDelivery:
    """Raises NotFoundError: also when the event is no longer kept, or was never for this destination."""
    event = await kept_events.get(session, dev_id, event_id)
    queued = (await queued_rows(session, dev_id, destination_id, [event_id])).get(event_id)
    attempts = await history.attempts_of(session, dev_id, [destination_id], event_id)
    if queued is None and not attempts:
        raise NotFoundError("delivery", "the event was not made for this destination; it can be resent there")
    return ShownDelivery(event, _delivery(event, destination_id, queued, attempts), attempts)


async def show_event(session: Session, dev_id: str, event_id: UUID) -> ShownEvent:
    """Raises NotFoundError."""
    event = await kept_events.get(session, dev_id, event_id)
    ids = [one.id for one in await destinations.list_destinations(session, dev_id)]
    rows = await session.fetch(_QUEUED, dev_id, ids, event_id)
    queued = {row["destination_id"]: Queued(row["state"], row["attempts"], row["next_at"]) for row in rows}
    attempts = await history.attempts_of(session, dev_id, ids, event_id)
    known = {*queued, *(attempt.destination_id for attempt in attempts)}
    return ShownEvent(
        event,
        [
            _delivery(
                event, destination_id, queued.get(destination_id),
                [attempt for attempt in attempts if attempt.destination_id == destination_id],
            )
            for destination_id in ids if destination_id in known
        ],
    )  # fmt: skip


def _delivery(
    event: StoredEvent, destination_id: UUID, queued: Queued | None, attempts: Sequence[LoggedAttempt]
) -> LoggedDelivery:
    outline = Outline(event.id, event.type, event.user_id, event.created_at)
    taken = any(attempt.outcome in TAKEN for attempt in attempts)
    if queued is None and not taken:
        # What was still to be sent to a destination when it was deleted is dropped.
        number = attempts[-1].number if attempts else 0
        return LoggedDelivery(outline, destination_id, LogState.EXHAUSTED, number, None, attempts[-1])
    last = {(event.id, destination_id): attempts[-1]} if attempts else {}
    return logged(outline, destination_id, queued, last)
