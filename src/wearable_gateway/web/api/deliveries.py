"""What became of deliveries, and sending one again. Ours: Terra has no calls for it.

Called by developers, and by operators for a developer.
"""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from wearable_gateway.deliveries.afterwards import log, lookup
from wearable_gateway.deliveries.afterwards.log import MOST, Filters, LogState
from wearable_gateway.deliveries.afterwards.resending import resend
from wearable_gateway.kit import json
from wearable_gateway.kit.clock import wire_time
from wearable_gateway.web.answers.deliveries import (
    DeliveryList,
    OneDelivery,
    OneEvent,
    ResentDelivery,
    attempt_fields,
    delivery_fields,
)
from wearable_gateway.web.bodies import json_answer
from wearable_gateway.web.callers import CurrentCaller
from wearable_gateway.web.deps import Svc
from wearable_gateway.web.ids import read_id, read_moment
from wearable_gateway.web.log_parameters import (
    Cursor,
    DestinationIdPath,
    DestinationIdQuery,
    EventIdPath,
    EventTypeText,
    Since,
    Until,
)
from wearable_gateway.web.refusals import refusals

router = APIRouter(tags=["deliveries"])


@router.get(
    "/deliveries", summary="List deliveries", responses={200: {"model": DeliveryList}, **refusals(404)}
)
async def list_deliveries(
    caller: CurrentCaller,
    svc: Svc,
    destination_id: DestinationIdQuery = None,
    state: Annotated[LogState | None, Query(description="What became of it so far.")] = None,
    type: Annotated[EventTypeText | None, Query(description="The type of the event.")] = None,  # noqa: A002 - on the wire
    since: Since = None,
    until: Until = None,
    after: Annotated[Cursor | None, Query(description="The `next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=MOST, description="How many at most.")] = 100,
) -> Response:
    """The newest event first, a page at a time. A page may hold fewer than `limit`, and still have a `next`."""
    filters = Filters(
        destination_id=None if destination_id is None else read_id(destination_id, "destination"),
        state=state,
        type=type,
        since=None if since is None else read_moment(since, "since"),
        until=None if until is None else read_moment(until, "until"),
    )
    page = await log.list_deliveries(svc.db.autocommit, caller.dev_id, filters, after=after, limit=limit)
    rows = [delivery_fields(one) for one in page.deliveries]
    return json_answer({"status": "success", "deliveries": rows, "next": page.next})


@router.get(
    "/deliveries/{event_id}/{destination_id}",
    summary="Show a delivery",
    responses={200: {"model": OneDelivery}, **refusals(404)},
)
async def show_delivery(
    caller: CurrentCaller, svc: Svc, event_id: EventIdPath, destination_id: DestinationIdPath
) -> Response:
    """One event and one destination: the payload, and every attempt."""
    found = await lookup.show_delivery(
        svc.db.autocommit, caller.dev_id, read_id(event_id, "event"), read_id(destination_id, "delivery")
    )
    content = {
        "status": "success",
        "delivery": delivery_fields(found.delivery),
        "payload": json.written(found.event.body),
        "attempts": [attempt_fields(attempt) for attempt in found.attempts],
    }
    return json_answer(content)


@router.post(
    "/deliveries/{event_id}/{destination_id}/resend",
    status_code=202,
    summary="Send an event again",
    responses={202: {"model": ResentDelivery}, **refusals(403, 404)},
)
async def resend_delivery(
    caller: CurrentCaller, svc: Svc, event_id: EventIdPath, destination_id: DestinationIdPath
) -> Response:
    """At once, whether it was delivered, given up or is still to be tried again, or was never made for it."""
    event, destination = read_id(event_id, "event"), read_id(destination_id, "destination")
    async with svc.db.transaction() as session:
        delivery = await resend(
            session, caller.dev_id, event, destination, actor=caller.actor, now=svc.clock()
        )
    return json_answer({"status": "success", "delivery": delivery_fields(delivery)}, 202)


@router.get(
    "/events/{event_id}", summary="Show an event", responses={200: {"model": OneEvent}, **refusals(404)}
)
async def show_event(caller: CurrentCaller, svc: Svc, event_id: EventIdPath) -> Response:
    """Its payload, and what became of it at each destination."""
    found = await lookup.show_event(svc.db.autocommit, caller.dev_id, read_id(event_id, "event"))
    event = found.event
    content = {
        "event_id": str(event.id),
        "type": event.type,
        "user_id": str(event.user_id) if event.user_id else None,
        "reference": str(event.reference),
        "created_at": wire_time(event.created_at),
        "payload": json.written(event.body),
    }
    rows = [delivery_fields(one) for one in found.deliveries]
    return json_answer({"status": "success", "event": content, "deliveries": rows})
