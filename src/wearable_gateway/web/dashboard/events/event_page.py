"""One event: its payload, its headers, and what became of it at each destination."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from fastapi import Response

from wearable_gateway.connections.repository import ConnectionRepository
from wearable_gateway.deliveries import destinations
from wearable_gateway.deliveries.afterwards import history, lookup
from wearable_gateway.deliveries.afterwards.history import LoggedAttempt
from wearable_gateway.deliveries.afterwards.log import LoggedDelivery
from wearable_gateway.deliveries.afterwards.resending import can_be_sent_to, is_failing
from wearable_gateway.deliveries.models import Destination, DestinationState
from wearable_gateway.deliveries.sending.headers import OF_AN_ATTEMPT, lasting_headers, trace_id
from wearable_gateway.events.models import StoredEvent
from wearable_gateway.web.dashboard.deps import Workplace
from wearable_gateway.web.dashboard.events.payloads import shown_payload
from wearable_gateway.web.dashboard.events.words import Told, name_of, told_attempt, told_delivery
from wearable_gateway.web.dashboard.pages import framed
from wearable_gateway.web.deps import Services

# What is tried within this time is worth waiting for with the page open.
_SOON = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Line:
    """A delivery with what is to be said of it. `can_send`: there is somewhere to send it."""

    destination: Destination
    name: str
    delivery: LoggedDelivery
    told: Told
    attempts: Sequence[tuple[LoggedAttempt, Told]]
    can_send: bool
    trace_id: str

    @property
    def seen(self) -> int:
        return self.attempts[-1][0].number if self.attempts else 0


async def event_page(svc: Services, here: Workplace, event_id: UUID, *, sent: str) -> Response:
    """Raises NotFoundError."""
    db, dev_id, now = svc.db.autocommit, here.dev_id, svc.clock()
    found = await lookup.show_event(db, dev_id, event_id)
    known = {one.id: one for one in await destinations.list_destinations(db, dev_id)}
    tried = await history.attempts_of(db, dev_id, list(known), event_id)
    lines = [
        _line(found.event, one, known[one.destination_id], tried)
        for one in found.deliveries
        if one.destination_id in known
    ]
    event, there = found.event, {line.destination.id for line in lines}
    elsewhere = [one for one in known.values() if one.id not in there and can_be_sent_to(one)]
    user = await ConnectionRepository(db, dev_id).find(event.user_id) if event.user_id else None
    return framed(
        "event.html",
        here,
        "events",
        event=event,
        user=user,
        lines=lines,
        failing=sum(is_failing(line.delivery, now) and line.can_send for line in lines),
        elsewhere=[(one.id, name_of(one)) for one in elsewhere],
        payload=shown_payload(event.body),
        headers=_headers(event),
        sent=int(sent) if sent.isdecimal() and len(sent) < 4 else None,  # noqa: PLR2004 - digits of a number of destinations
        refresh=any(_is_soon(line, now) for line in lines),
        disabled=DestinationState.DISABLED,
        now=now,
    )


def _line(
    event: StoredEvent, delivery: LoggedDelivery, destination: Destination, tried: Sequence[LoggedAttempt]
) -> Line:
    own = [one for one in tried if one.destination_id == destination.id]
    return Line(
        destination,
        name_of(destination),
        delivery,
        told_delivery(delivery),
        [(one, told_attempt(one)) for one in own],
        can_be_sent_to(destination),
        trace_id(event.id, destination.id, event.reference, event.chunk),
    )


_TRACE = "x-terra-trace-id"


def _headers(event: StoredEvent) -> Sequence[tuple[str, str, bool]]:
    """Name, value, and whether it is one: words stand where it differs between destinations or attempts."""
    lasting = lasting_headers(event.id, event.id, event.reference, event.chunk, event.created_at)
    one_each = {_TRACE: "one for each destination, shown with its delivery"}
    anew = dict.fromkeys(OF_AN_ATTEMPT, "made anew for each attempt")
    words = one_each | anew
    return [(name, value, name not in words) for name, value in (lasting | words).items()]


def _is_soon(line: Line, now: datetime) -> bool:
    next_at = line.delivery.next_attempt_at
    return (
        next_at is not None and next_at - now < _SOON and line.destination.state is DestinationState.ENABLED
    )
