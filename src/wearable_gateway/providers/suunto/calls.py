"""Calls of the vendor's products, whose answers differ in shape and are refused in their own way."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

import httpx

from wearable_gateway.errors import ProviderLimitError, ProviderRejectedError, ProviderUnavailableError
from wearable_gateway.providers._base.client import get_json
from wearable_gateway.providers._base.reaching import Access
from wearable_gateway.providers.suunto.document import SLUG

Item = Mapping[str, Any]

_LIMIT_SECONDS = 120.0
_EARLIEST, _LATEST = timedelta(hours=-14), timedelta(hours=12)
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - both sides of the difference are UTC


async def ask(client: httpx.AsyncClient, path: str, **params: str) -> object:
    """GET `path`; None for an answer without a body. Raises ProviderError.

    The vendor's gateway answers 401 also for a limit that was reached, and only its body tells: were it taken for a
    token that has ended, each call over the limit would cost a refresh.
    """
    client.event_hooks = {"response": [_tell_limits]}
    return await get_json(SLUG, client, path, **params)


async def _tell_limits(response: httpx.Response) -> None:
    if response.status_code != httpx.codes.UNAUTHORIZED:
        return
    await response.aread()
    if b"RateLimitExceeded" in response.content:
        raise ProviderLimitError(SLUG, "answered 401 for a limit", _LIMIT_SECONDS)


async def samples_of(access: Access, product: str, first: date, last: date) -> list[Item]:
    """The rows of a 24/7 product that belong to the local days from `first` to `last`. Raises ProviderError."""
    begin, end = span_ms(first, last)
    return await _rows(access, f"/247samples/{product}", **{"from": str(begin), "to": str(end)})


async def step_counts(access: Access, first: date, last: date) -> list[Item]:
    """Each source's count of each day. Raises ProviderError."""
    begin, end = span(first, last)
    found = await _rows(
        access,
        "/247/daily-activity-statistics",
        startdate=begin.isoformat(timespec="seconds"),
        enddate=end.isoformat(timespec="seconds"),
    )
    return [
        sample
        for statistic in found
        if statistic.get("Name") == "stepcount" and statistic.get("Aggregation") == "sum"
        for source in _dicts(statistic.get("Sources"))
        for sample in _dicts(source.get("Samples"))
    ]


async def _rows(access: Access, path: str, **params: str) -> list[Item]:
    """A bare list; nothing where the app is not subscribed to the product, which is answered 404."""
    try:
        answer = await ask(access.client, path, **params)
    except ProviderRejectedError as error:
        if error.status != httpx.codes.NOT_FOUND:
            raise
        return []
    if answer is not None and not isinstance(answer, list):
        raise ProviderUnavailableError(SLUG, "the answer is no list")
    return _dicts(answer)


def _dicts(items: object) -> list[Item]:
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def span(first: date, last: date) -> tuple[datetime, datetime]:
    """From when to when, in UTC, it is one of these days anywhere on earth."""
    return (
        datetime.combine(first, time()) + _EARLIEST,
        datetime.combine(last + timedelta(days=1), time()) + _LATEST,
    )


def span_ms(first: date, last: date) -> tuple[int, int]:
    """The same in milliseconds since 1970."""
    begin, end = span(first, last)
    return (begin - _EPOCH) // timedelta(milliseconds=1), (end - _EPOCH) // timedelta(milliseconds=1)
