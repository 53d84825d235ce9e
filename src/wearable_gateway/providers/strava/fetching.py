"""How is what an athlete did got from the vendor: a list, then each activity with its series and zones?

https://developers.strava.com/docs/reference/#api-Activities
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import httpx
from pydantic import ValidationError

from wearable_gateway.errors import ProviderRefusedError, ProviderRejectedError, ProviderUnavailableError
from wearable_gateway.providers._base.client import get_json
from wearable_gateway.providers._base.documents import read_document
from wearable_gateway.providers.strava.activities import Started
from wearable_gateway.providers.strava.document import SLUG
from wearable_gateway.providers.strava.streams import KEYS

ATHLETE = "/athlete"
_PER_PAGE = 200
_MOST_PAGES = 500
_A_DAY = timedelta(days=1)


async def athlete_document(client: httpx.AsyncClient) -> Mapping[str, Any]:
    """Who the token's athlete is. Raises ProviderError."""
    return await _object(client, ATHLETE)


async def list_activities(client: httpx.AsyncClient, start: date, end: date) -> list[int]:
    """The numbers of the activities that began on a local day from `start` to `end`. Raises ProviderError."""
    # The vendor compares with UTC, from which no place is a whole day away.
    asked = {
        "after": str(_midnight(start - _A_DAY)),
        "before": str(_midnight(end + 2 * _A_DAY)),
        "per_page": str(_PER_PAGE),
    }
    found: list[int] = []
    # A page may be short of what the athlete hides, and yet not be the last.
    for page in range(1, _MOST_PAGES + 1):
        items = objects(await get_json(SLUG, client, "/athlete/activities", **asked, page=str(page)))
        if not items:
            return found
        found.extend(began.id for began in map(_started, items) if began and start <= began.day <= end)
    raise ProviderUnavailableError(SLUG, "the list of activities does not end")


async def activity_documents(
    client: httpx.AsyncClient, number: int, *, samples: bool
) -> list[Mapping[str, Any]]:
    """The activity with its parts; none when it went away or was hidden meanwhile. Raises ProviderError."""
    path = f"/activities/{number}"
    try:
        document = await _object(client, path, include_all_efforts="false")
    except ProviderRejectedError as error:
        if error.status != httpx.codes.NOT_FOUND:
            raise
        return []
    parts: dict[str, object] = {}
    if samples:
        parts["streams"] = await _if_any(client, f"{path}/streams", keys=KEYS, key_by_type="true")
    available = document.get("available_zones")
    if isinstance(available, list) and "heartrate" in available:
        parts["zones"] = await _if_any(client, f"{path}/zones")
    return [{**document, **{name: part for name, part in parts.items() if part is not None}}]


def objects(answer: object) -> list[Mapping[str, Any]]:
    """The objects of a list. Raises ProviderUnavailableError for what is none."""
    if not isinstance(answer, list):
        raise ProviderUnavailableError(SLUG, "the answer is no list")
    return [item for item in answer if isinstance(item, dict)]


async def _object(client: httpx.AsyncClient, path: str, **params: str) -> Mapping[str, Any]:
    answer = await get_json(SLUG, client, path, **params)
    if not isinstance(answer, dict):
        raise ProviderUnavailableError(SLUG, "the answer is no object")
    return answer


async def _if_any(client: httpx.AsyncClient, path: str, **params: str) -> object:
    """What stands at `path`; None where the activity has no such thing, or the athlete does not pay for it."""
    try:
        return await get_json(SLUG, client, path, **params)
    except ProviderRejectedError:
        return None
    except ProviderRefusedError as error:
        if error.status == httpx.codes.UNAUTHORIZED:
            raise
        return None


def _midnight(day: date) -> int:
    return int(datetime.combine(day, time(), UTC).timestamp())


def _started(item: Mapping[str, Any]) -> Started | None:
    try:
        return read_document(SLUG, Started, item)
    except ValidationError:
        return None
