"""A developer's events as a list, and sending one again wherever it was not taken. Ours: Terra has no calls for it.

Called by developers, and by operators for a developer.
"""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from wearable_gateway.connections.reference_ids import check_reference_id
from wearable_gateway.deliveries.afterwards.event_log import MOST, EventFilters, list_events, users_named
from wearable_gateway.deliveries.afterwards.resending import resend_failing
from wearable_gateway.kit.clock import wire_time
from wearable_gateway.web.answers.deliveries import (
    EventList,
    ResentDeliveries,
    delivery_fields,
    outline_fields,
)
from wearable_gateway.web.bodies import json_answer
from wearable_gateway.web.callers import CurrentCaller
from wearable_gateway.web.deps import Svc
from wearable_gateway.web.ids import read_cursor, read_id, read_moment
from wearable_gateway.web.log_parameters import EventIdPath, EventTypeText, Since, Until
from wearable_gateway.web.parameters import OptionalUserIdQuery, ReferenceIdQuery, Uuid
from wearable_gateway.web.refusals import refusals

router = APIRouter(tags=["deliveries"])


@router.get("/events/log", summary="List events", responses={200: {"model": EventList}, **refusals(404)})
async def list_all_events(
    caller: CurrentCaller,
    svc: Svc,
    type: Annotated[EventTypeText | None, Query(description="Only events of this type.")] = None,  # noqa: A002 - on the wire
    user_id: OptionalUserIdQuery = None,
    reference_id: ReferenceIdQuery = None,
    since: Since = None,
    until: Until = None,
    after: Annotated[Uuid | None, Query(description="The `next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=MOST, description="How many at most.")] = 100,
) -> Response:
    """Wherever they went: the newest first, a page at a time. A page may hold fewer than `limit`, and still have a `next`."""
    db = svc.db.autocommit
    about = None if user_id is None else read_id(user_id, "user")
    named = check_reference_id(reference_id)
    filters = EventFilters(
        type=type,
        user_ids=await users_named(db, caller.dev_id, user_id=about, reference_id=named),
        since=None if since is None else read_moment(since, "since"),
        until=None if until is None else read_moment(until, "until"),
    )
    place = None if after is None else read_cursor(after)
    page = await list_events(db, caller.dev_id, filters, after=place, limit=limit)
    back_to = page.looked_back_to
    content = {
        "status": "success",
        "events": [outline_fields(event) for event in page.events],
        "next": str(page.next) if page.next else None,
        "looked_back_to": wire_time(back_to) if back_to else None,
    }
    return json_answer(content)


@router.post(
    "/events/{event_id}/resend",
    status_code=202,
    summary="Send an event wherever it failed",
    responses={202: {"model": ResentDeliveries}, **refusals(404)},
)
async def resend_event(caller: CurrentCaller, svc: Svc, event_id: EventIdPath) -> Response:
    """At once, to each destination that gave it up or waits to try it again; not to those that are disabled."""
    async with svc.db.transaction() as session:
        sent = await resend_failing(
            session, caller.dev_id, read_id(event_id, "event"), actor=caller.actor, now=svc.clock()
        )
    return json_answer({"status": "success", "deliveries": [delivery_fields(one) for one in sent]}, 202)
