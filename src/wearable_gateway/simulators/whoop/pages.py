"""The vendor's collections: which span is asked for, and one page of what is in it."""

import base64
import binascii
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import JSONResponse, Response

from wearable_gateway.simulators._base.answers import Refusal

_DEFAULT, _MOST = 10, 25
_BACK = dt.timedelta(days=60)


def span_of(query: Mapping[str, str], now: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """`start`, included, and `end`, excluded. Raises Refusal."""
    try:
        end = dt.datetime.fromisoformat(query["end"]) if "end" in query else now
        start = dt.datetime.fromisoformat(query["start"]) if "start" in query else end - _BACK
    except ValueError as error:
        raise _bad_request() from error
    if start.tzinfo is None or end.tzinfo is None or start > end:
        raise _bad_request()
    return start, end


def page_of(items: Sequence[dict[str, Any]], query: Mapping[str, str]) -> Response:
    """At most 25, and where the next page begins; the last page says nothing of a next one. Raises Refusal."""
    try:
        limit = int(query.get("limit", _DEFAULT))
        first = int(base64.b64decode(query.get("nextToken", "MA=="), validate=True))
    except (ValueError, binascii.Error) as error:
        raise _bad_request() from error
    if not 1 <= limit <= _MOST or first < 0:
        raise _bad_request()
    records, left = items[first : first + limit], len(items) - first - limit
    token = base64.b64encode(str(first + limit).encode()).decode()
    return JSONResponse({"records": records, **({"next_token": token} if left > 0 else {})})


def _bad_request() -> Refusal:
    return Refusal(JSONResponse({"message": "the request cannot be read"}, 400))
