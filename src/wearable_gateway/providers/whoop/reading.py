"""Which calls bring the documents of some days, or the ones a notice names? Cycles, nights and recoveries put together.

https://developer.whoop.com/api: collections come newest first, in pages of at most 25.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import httpx
from pydantic import ValidationError

from wearable_gateway.errors import ProviderRejectedError, ProviderUnavailableError
from wearable_gateway.providers.whoop.days import day_of_cycle
from wearable_gateway.providers.whoop.document import SLUG, Moment, Timed
from wearable_gateway.unified.lenient import build

Item = Mapping[str, Any]
Get = Callable[..., Awaitable[object]]
"""Asks the vendor for a path with some parameters, in the name of one grant."""

CYCLES = "/developer/v2/cycle"
RECOVERIES = "/developer/v2/recovery"
SLEEPS = "/developer/v2/activity/sleep"
WORKOUTS = "/developer/v2/activity/workout"
PROFILE = "/developer/v2/user/profile/basic"
MEASUREMENT = "/developer/v2/user/measurement/body"
_PAGE = "25"
_MOST_PAGES = 500
"""Tokens that never end must not keep a worker for ever."""
_AROUND = timedelta(days=2)
"""Days are local and the vendor asks for moments; and a night or a cycle begins on the day before its own."""


class _Placed(Timed):
    start: Moment
    end: Moment | None = None


async def cycles_of(get: Get, first: date, last: date, *, with_recovery: bool) -> list[Item]:
    """Cycles and their recoveries, oldest first: of two on one day the later is the one that counts."""
    cycles = await _every(get, CYCLES, first, last)
    recoveries = await _recoveries(get, first, last, "cycle_id") if with_recovery else {}
    return [
        {"cycle": cycle, "recovery": _of(recoveries, cycle.get("id"))}
        for cycle in _within(cycles, first, last, lambda placed: day_of_cycle(placed, placed.start))
    ]


async def nights_of(get: Get, first: date, last: date, *, with_recovery: bool) -> list[Item]:
    """Sleeps and their recoveries, oldest first."""
    sleeps = await _every(get, SLEEPS, first, last)
    recoveries = await _recoveries(get, first, last, "sleep_id") if with_recovery else {}
    return [
        {"sleep": sleep, "recovery": _of(recoveries, sleep.get("id"))}
        for sleep in _within(sleeps, first, last, lambda placed: placed.local_day(placed.end or placed.start))
    ]


async def workouts_of(get: Get, first: date, last: date) -> list[Item]:
    workouts = await _every(get, WORKOUTS, first, last)
    return _within(workouts, first, last, lambda placed: placed.local_day(placed.start))


async def recovery_of(get: Get, sleep: Item) -> Item | None:
    """The recovery after `sleep`, which names its cycle; None where there is none, as after a nap."""
    # There is no call for a recovery by itself: https://developer.whoop.com/api#tag/Recovery
    found = await one(get, f"{CYCLES}/{sleep['cycle_id']}/recovery")
    return found if found is not None and found.get("sleep_id") == sleep.get("id") else None


async def one(get: Get, path: str) -> Item | None:
    """The document at `path`; None where there is none, or none any more. Raises ProviderError."""
    try:
        answer = await get(path)
    except ProviderRejectedError as error:
        if error.status == httpx.codes.NOT_FOUND:
            return None
        raise
    return answer if isinstance(answer, dict) else None


def today_of(nights: Sequence[Item], now: datetime) -> tuple[date, Any]:
    """The day it is where the person last slept, and what the clock there is off by; UTC's when nobody knows."""
    offset = nights[-1]["sleep"].get("timezone_offset") if nights else None
    clock, _ = build(Timed, {"timezone_offset": offset})
    return clock.local_day(now), offset


async def _every(get: Get, path: str, first: date, last: date) -> list[Item]:
    """All that may be of those days, oldest first. Raises ProviderError."""
    asked = {
        "limit": _PAGE,
        "start": _text(first - _AROUND),
        "end": _text(last + _AROUND),
    }
    found: list[Item] = []
    token = ""
    for _ in range(_MOST_PAGES):
        answer = await get(path, **asked, **({"nextToken": token} if token else {}))
        records = answer.get("records") if isinstance(answer, dict) else None
        if not isinstance(answer, dict) or not isinstance(records, list):
            raise ProviderUnavailableError(SLUG, "the answer has no records")
        found.extend(record for record in records if isinstance(record, dict))
        # The request says nextToken, the answer next_token, and the last page neither.
        following = str(answer.get("next_token") or "")
        if not following:
            return found[::-1]
        if following == token:
            break
        token = following
    raise ProviderUnavailableError(SLUG, "the pages do not end")


async def _recoveries(get: Get, first: date, last: date, by: str) -> dict[int | str, Item]:
    recoveries = await _every(get, RECOVERIES, first, last)
    return {name: item for item in recoveries if isinstance(name := item.get(by), int | str)}


def _of(recoveries: Mapping[int | str, Item], name: object) -> Item | None:
    return recoveries.get(name) if isinstance(name, int | str) else None


def _within(items: Iterable[Item], first: date, last: date, day_of: Callable[[_Placed], date]) -> list[Item]:
    return [item for item in items if _is_within(item, first, last, day_of)]


def _is_within(item: Item, first: date, last: date, day_of: Callable[[_Placed], date]) -> bool:
    try:
        placed, _ = build(_Placed, item)
    except ValidationError:
        # Reading it in earnest will say what is wrong with it.
        return True
    return first <= day_of(placed) <= last


def _text(day: date) -> str:
    return datetime.combine(day, time(), UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
