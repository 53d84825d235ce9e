"""What names a delivery, an event, a recovery or a time, as the OpenAPI document tells it."""

from typing import Annotated

from fastapi import Path, Query

from wearable_gateway.events.catalog import EventType
from wearable_gateway.web.parameters import Uuid, text

_ID = "01a20425-b71b-77e5-9bd9-d8a42cd85b62"

Moment = Annotated[
    str,
    text({"type": "string", "format": "date-time"}),
]
Cursor = Annotated[str, text({"type": "string", "pattern": "^[A-Za-z0-9_-]{43}$"})]
EventTypeText = Annotated[str, text({"type": "string", "enum": [kind.value for kind in EventType]})]

EventIdPath = Annotated[
    Uuid, Path(description="The id of an event: the `webhook-id` it was sent with.", examples=[_ID])
]
DestinationIdPath = Annotated[Uuid, Path(description="The id of a destination.", examples=[_ID])]
RecoveryIdPath = Annotated[Uuid, Path(description="The id of a recovery.", examples=[_ID])]
DestinationIdQuery = Annotated[
    Uuid | None, Query(description="The id of a destination; all of them when absent.", examples=[_ID])
]
Since = Annotated[
    Moment | None,
    Query(description="Events made at this moment or later.", examples=["2026-11-20T08:15:00Z"]),
]
Until = Annotated[
    Moment | None,
    Query(description="Events made at this moment or earlier.", examples=["2026-11-20T10:15:00Z"]),
]
