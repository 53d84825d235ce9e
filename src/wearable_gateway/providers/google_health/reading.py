"""How are data points listed and rolled up by day, page by page, with what the end user did not allow left out?

https://developers.google.com/health/reference/rest/v4/users.dataTypes.dataPoints
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx

from wearable_gateway.errors import ProviderRefusedError, ProviderUnavailableError
from wearable_gateway.providers._base.client import get_json, post_json
from wearable_gateway.providers._base.reaching import Access
from wearable_gateway.providers._base.times import windows
from wearable_gateway.providers.google_health.document import SLUG
from wearable_gateway.providers.google_health.scopes import SETTINGS, scopes_of

Raw = Mapping[str, Any]

USER = "/v4/users/me"
_MOST_POINTS = 10_000
_MOST_SESSIONS = 25
_SESSIONS = frozenset({"exercise", "sleep"})
_MOST_DAYS_ROLLED_UP = 14
"""For some types; 90 for the others. One limit for all keeps every window the same."""
_MOST_PAGES = 1000
"""Page tokens that never end must not keep a worker for ever."""


class Reader:
    """One grant's reads. A data type whose scope was not granted is empty; only when all are, it is an error."""

    def __init__(self, access: Access) -> None:
        self._client = access.client
        self._scopes = access.scopes
        self._answered = False
        self._refusal: ProviderRefusedError | None = None

    def finish(self) -> None:
        """Return if the vendor let anything be read. Raises ProviderRefusedError when it refused all of it."""
        if self._refusal is not None and not self._answered:
            raise self._refusal

    async def document(self, path: str, needed: Iterable[str]) -> Raw:
        """One document below the user's; empty when none of the scopes is granted. Raises ProviderError."""
        if self._scopes.isdisjoint(needed):
            return {}
        return await self._allowed(get_json(SLUG, self._client, f"{USER}/{path}"))

    async def devices(self) -> list[Raw]:
        """The paired devices; a hundred are more than anybody has. Raises ProviderError."""
        if SETTINGS not in self._scopes:
            return []
        answer = await self._allowed(get_json(SLUG, self._client, f"{USER}/pairedDevices", pageSize="100"))
        return _items(answer, "pairedDevices")

    async def by_day(self, data_type: str, field: str, start: date, end: date) -> list[Raw]:
        """The points whose civil `field` is on a day from `start` to `end`. Raises ProviderError."""
        return await self._points(data_type, field, start.isoformat(), (end + timedelta(days=1)).isoformat())

    async def between(self, data_type: str, start: datetime, end: datetime) -> list[Raw]:
        """The samples from `start` up to `end`. Raises ProviderError."""
        return await self._points(data_type, "sample_time.physical_time", _utc(start), _utc(end))

    async def since(self, data_type: str, start: datetime) -> list[Raw]:
        """The intervals from `start` on, of a type that can be asked for in no other way. Raises ProviderError."""
        return await self._points(data_type, "interval.start_time", _utc(start), None)

    async def totals(self, data_type: str, start: date, end: date) -> list[Raw]:
        """The roll-ups of the civil days from `start` to `end`. Raises ProviderError."""
        if self._scopes.isdisjoint(scopes_of(data_type)):
            return []
        found: list[Raw] = []
        for first, last in windows(start, end, _MOST_DAYS_ROLLED_UP):
            found.extend(await self._roll_up(data_type, first, last))
        return found

    async def _roll_up(self, data_type: str, start: date, end: date) -> list[Raw]:
        path = f"{USER}/dataTypes/{data_type}/dataPoints:dailyRollUp"
        asked = {
            "range": {"start": _civil(start), "end": _civil(end + timedelta(days=1))},
            "windowSizeDays": 1,
        }
        return await self._pages(
            "rollupDataPoints", lambda token: post_json(SLUG, self._client, path, {**asked, **token})
        )

    async def _points(self, data_type: str, field: str, start: str, end: str | None) -> list[Raw]:
        if self._scopes.isdisjoint(scopes_of(data_type)):
            return []
        name = f"{data_type.replace('-', '_')}.{field}"
        until = "" if end is None else f' AND {name} < "{end}"'
        query = {
            "filter": f'{name} >= "{start}"{until}',
            "pageSize": str(_MOST_SESSIONS if data_type in _SESSIONS else _MOST_POINTS),
        }
        path = f"{USER}/dataTypes/{data_type}/dataPoints"
        return await self._pages(
            "dataPoints", lambda token: get_json(SLUG, self._client, path, **query, **token)
        )

    async def _pages(self, name: str, ask: Callable[[dict[str, str]], Awaitable[object]]) -> list[Raw]:
        found: list[Raw] = []
        token: dict[str, str] = {}
        for _ in range(_MOST_PAGES):
            # What was allowed on the first page and is refused on another is cut off, not absent.
            answer = _document(await ask(token)) if token else await self._allowed(ask(token))
            found.extend(_items(answer, name))
            following = answer.get("nextPageToken")
            if not isinstance(following, str) or not following:
                return found
            token = {"pageToken": following}
        raise ProviderUnavailableError(SLUG, "the pages do not end")

    async def _allowed(self, answer: Awaitable[object]) -> Raw:
        """What was answered, or nothing when the scope is missing (403 PERMISSION_DENIED)."""
        try:
            document = await answer
        except ProviderRefusedError as error:
            if error.status != httpx.codes.FORBIDDEN:
                raise
            self._refusal = error
            return {}
        self._answered = True
        return _document(document)


def _document(answer: object) -> Raw:
    if not isinstance(answer, dict):
        raise ProviderUnavailableError(SLUG, "the answer is no document")
    return answer


def _items(answer: Raw, name: str) -> list[Raw]:
    """An empty list is left out of an answer, as of all of Google's JSON."""
    items = answer.get(name, [])
    if not isinstance(items, list):
        raise ProviderUnavailableError(SLUG, "the answer has no list of items")
    return [item for item in items if isinstance(item, dict)]


def _civil(day: date) -> dict[str, Any]:
    return {"date": {"year": day.year, "month": day.month, "day": day.day}}


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
