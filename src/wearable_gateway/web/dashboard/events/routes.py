"""Tools > Debug > Events and deliveries: the two lists, one event, and sending it again."""

from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Form, Response

from wearable_gateway.connections.repository import ConnectionRepository
from wearable_gateway.db.session import Session
from wearable_gateway.deliveries import destinations
from wearable_gateway.deliveries.afterwards import kept_events, log
from wearable_gateway.deliveries.afterwards.event_log import EventFilters, list_events, users_named
from wearable_gateway.deliveries.afterwards.log import Filters, LogState
from wearable_gateway.deliveries.afterwards.resending import resend, resend_failing
from wearable_gateway.events.meanings import FAMILIES
from wearable_gateway.kit.ids import moment_of
from wearable_gateway.web.dashboard.addresses import section
from wearable_gateway.web.dashboard.deps import Here, Working, Workplace
from wearable_gateway.web.dashboard.events.event_page import event_page
from wearable_gateway.web.dashboard.events.filters import AskedDeliveries, DeliveriesWanted, EventsWanted
from wearable_gateway.web.dashboard.events.words import STATES, name_of, told_attempt, told_delivery
from wearable_gateway.web.dashboard.pages import framed, go_to
from wearable_gateway.web.deps import Svc
from wearable_gateway.web.ids import read_id

router = section("/{dev_id}/events")

PAGE_SIZE = 50


@router.get("")
async def show_events(svc: Svc, here: Here, asked: EventsWanted) -> Response:
    db = svc.db.autocommit
    filters = EventFilters(
        type=asked.type or None,
        user_ids=await _about(db, here.dev_id, asked.user),
        since=asked.wanted_since,
        until=asked.wanted_until,
    )
    found = await list_events(db, here.dev_id, filters, after=asked.wanted_after, limit=PAGE_SIZE)
    return framed(
        "events.html",
        here,
        "events",
        asked=asked,
        families=FAMILIES,
        events=found.events,
        names=await _reference_ids(db, here.dev_id, {event.user_id for event in found.events}),
        older=str(found.next) if found.next else None,
        looked_back_to=found.looked_back_to,
        now=svc.clock(),
    )


async def _about(db: Session, dev_id: str, user: str) -> Sequence[UUID] | None:
    if not user:
        return None
    named = await users_named(db, dev_id, reference_id=user) or []
    try:
        return [UUID(user), *named]
    except ValueError:
        return named


async def _reference_ids(
    db: Session, dev_id: str, user_ids: Collection[UUID | None]
) -> Mapping[UUID, str | None]:
    """By user_id, of the users there still are."""
    found = await ConnectionRepository(db, dev_id).of_ids([one for one in user_ids if one])
    return {one.id: one.reference_id for one in found}


@router.get("/deliveries")
async def show_deliveries(svc: Svc, here: Here, asked: DeliveriesWanted) -> Response:
    db = svc.db.autocommit
    known = {one.id: name_of(one) for one in await destinations.list_destinations(db, here.dev_id)}
    found = await log.list_deliveries(
        db, here.dev_id, _filters(asked), after=asked.after or None, limit=PAGE_SIZE
    )
    full = len(found.deliveries) == PAGE_SIZE
    return framed(
        "deliveries.html",
        here,
        "events",
        asked=asked,
        families=FAMILIES,
        states=STATES,
        destinations=known,
        names=await _reference_ids(db, here.dev_id, {one.event.user_id for one in found.deliveries}),
        deliveries=[
            (one, told_delivery(one), told_attempt(one.last_attempt) if one.last_attempt else None)
            for one in found.deliveries
        ],
        older=found.next,
        looked_back_to=None if full or not found.next else moment_of(log.read_cursor(found.next)[0]),
        now=svc.clock(),
        pending=LogState.PENDING,
    )


def _filters(asked: AskedDeliveries) -> Filters:
    return Filters(
        destination_id=asked.wanted_destination,
        state=asked.wanted_state,
        failed=asked.retrying,
        type=asked.type or None,
        since=asked.wanted_since,
        until=asked.wanted_until,
    )


@router.get("/{event_id}")
async def show_event(svc: Svc, here: Here, event_id: str, sent: str = "") -> Response:
    return await event_page(svc, here, read_id(event_id, "event"), sent=sent)


@router.get("/{event_id}/payload")
async def download_payload(svc: Svc, here: Here, event_id: str) -> Response:
    """To the byte as it is sent; the frame around every page forbids to take it for anything else."""
    event = await kept_events.get(svc.db.autocommit, here.dev_id, read_id(event_id, "event"))
    name = f"{event.type}-{event.id}.json"
    return Response(
        event.body,
        media_type="application/json",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


@router.post("/{event_id}/resend")
async def send_to_failing(svc: Svc, here: Working, event_id: str) -> Response:
    wanted = read_id(event_id, "event")
    async with svc.db.transaction() as session:
        sent = await resend_failing(session, here.dev_id, wanted, actor=here.actor, now=svc.clock())
    return _back(here, wanted, len(sent))


@router.post("/{event_id}/{destination_id}/resend")
async def send_again(
    svc: Svc, here: Working, event_id: str, destination_id: str, seen: Annotated[str, Form()] = ""
) -> Response:
    """`seen`: the attempts that the form was shown with, so that sending it twice sends the event once."""
    wanted = read_id(event_id, "event")
    async with svc.db.transaction() as session:
        await resend(
            session, here.dev_id, wanted, read_id(destination_id, "destination"),
            actor=here.actor, now=svc.clock(), seen=int(seen) if seen.isdecimal() and len(seen) < 10 else None,  # noqa: PLR2004 - digits of a number of attempts
        )  # fmt: skip
    return _back(here, wanted, 1)


def _back(here: Workplace, event_id: UUID, sent: int) -> Response:
    path: Any = f"{here.home}/events/{event_id}"
    return go_to(f"{path}?sent={sent}#deliveries")
