"""Does a destination take what it is sent? An event is made up for it alone, and delivered like any other."""

from datetime import datetime
from uuid import UUID

from wearable_gateway.db.session import Session
from wearable_gateway.deliveries import destinations
from wearable_gateway.deliveries.models import DestinationState
from wearable_gateway.deliveries.samples.sample_events import PROVIDER, sample_event
from wearable_gateway.developers import audit
from wearable_gateway.developers.keys import find_developer
from wearable_gateway.developers.settings import DeveloperSettings
from wearable_gateway.errors import DisallowedError, InvalidInputError, NotFoundError
from wearable_gateway.events import outbox
from wearable_gateway.events.catalog import EventType


async def send_test(
    session: Session,
    dev_id: str,
    destination_id: UUID,
    event_type: str,
    now: datetime,
    *,
    actor: str,
    provider: str = PROVIDER,
) -> UUID:
    """The id of the event, which is on its way, or waits while the destination is paused. In a transaction.

    It is sent whichever types the destination wants. Raises NotFoundError, InvalidInputError for a type that there is
    not, and DisallowedError when the destination is disabled.
    """
    kind = read_event_type(event_type)
    destination = await destinations.get(session, dev_id, destination_id)
    if destination.state is DestinationState.DISABLED:
        raise DisallowedError("the destination is disabled; enable it first")
    settings = DeveloperSettings.of((await find_developer(session, dev_id)).settings)
    event = sample_event(dev_id, kind, version=settings.api_version, now=now, provider=provider)
    if not await outbox.record_for(session, event, destination_id, now=now):
        raise NotFoundError("destination", "it was changed this moment; look at it again")
    await audit.record(
        session, dev_id, actor=actor, action="destination.tested", subject=f"destination:{destination_id}",
        after={"type": kind.value, "event_id": str(event.id)},
    )  # fmt: skip
    return event.id


def read_event_type(text: str) -> EventType:
    """Raises InvalidInputError, which names those there are."""
    if text not in set(EventType):
        raise InvalidInputError("type", "one of " + ", ".join(EventType))
    return EventType(text)
