"""Events for those who fetch them: whose servers nobody can reach, or who want to set the pace."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Response

from wearable_gateway.deliveries.afterwards.feed import (
    LONGEST_WAIT,
    MOST,
    find_destination,
    read_position,
    wait_for_feed,
)
from wearable_gateway.web.answers.deliveries import FetchedEvents, fetched_fields
from wearable_gateway.web.bodies import json_answer
from wearable_gateway.web.callers import CurrentCaller
from wearable_gateway.web.deps import Svc
from wearable_gateway.web.ids import read_id
from wearable_gateway.web.parameters import Uuid, text
from wearable_gateway.web.refusals import refusals

router = APIRouter(tags=["deliveries"])

_Position = Annotated[str, text({"type": "string", "pattern": r"^[0-9]{0,18}$"})]


@router.get("/events", summary="Fetch events", responses={200: {"model": FetchedEvents}, **refusals(404)})
async def fetch_events(
    caller: CurrentCaller,
    svc: Svc,
    after: Annotated[
        _Position | None,
        Query(description="The `next` of the answer before; absent: from the oldest that is kept."),
    ] = None,
    limit: Annotated[int, Query(ge=1, le=MOST, description="How many at most.")] = 100,
    destination_id: Annotated[
        Uuid | None, Query(description="A destination of kind pull; needed when there are several.")
    ] = None,
    wait: Annotated[
        int,
        Query(
            ge=0,
            le=int(LONGEST_WAIT.total_seconds()),
            description="How many seconds to wait for an event when there is none.",
        ),
    ] = 0,
) -> Response:
    """The events of a destination of kind pull, in order. The same `after` is answered the same, as long as they are kept."""
    position = read_position(after)
    wanted = None if destination_id is None else read_id(destination_id, "destination")
    destination = await find_destination(svc.db.autocommit, caller.dev_id, wanted)
    feed = await wait_for_feed(
        svc.db.autocommit, caller.dev_id, destination.id,
        after=position, limit=limit, wait=timedelta(seconds=wait),
    )  # fmt: skip
    content = {
        "status": "success",
        "events": [fetched_fields(fed, destination.id) for fed in feed.events],
        "next": str(feed.next),
        "has_more": feed.has_more,
    }
    return json_answer(content)
