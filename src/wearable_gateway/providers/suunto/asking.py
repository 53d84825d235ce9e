"""What is asked for to know of some days: workouts in pages, sleeps without their drafts, days laid together."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import quote

from wearable_gateway.errors import ProviderUnavailableError
from wearable_gateway.providers._base.reaching import Access
from wearable_gateway.providers._base.times import windows
from wearable_gateway.providers.suunto.calls import Item, ask, samples_of, span_ms, step_counts
from wearable_gateway.providers.suunto.document import SLUG

WINDOW_DAYS = 25
"""28 at most, less the hours that local days reach out of UTC's and the evening a night begins on."""
_PAGE = 100
_MOST_PAGES = 200


async def workouts(access: Access, first: date, last: date) -> list[Item]:
    """Those that began on these local days. Raises ProviderError."""
    begin, end = span_ms(first, last)
    query = {"since": str(begin), "until": str(end), "filter-by-modification-time": "false"}
    found: list[Item] = []
    for number in range(_MOST_PAGES):
        answer = await ask(
            access.client, "/v3/workouts/", **query, limit=str(_PAGE), offset=str(number * _PAGE)
        )
        page = answer.get("payload") if isinstance(answer, dict) else None
        if not isinstance(page, list):
            raise ProviderUnavailableError(SLUG, "the answer has no workouts")
        found.extend(one for one in page if isinstance(one, dict) and first <= _began_on(one) <= last)
        if len(page) < _PAGE:
            return found
    raise ProviderUnavailableError(SLUG, "the pages of workouts do not end")


def _began_on(workout: Item) -> date:
    """The local day; a day of the distant past where that cannot be told."""
    start, offset = workout.get("startTime"), workout.get("timeOffsetInMinutes")
    try:
        moment = datetime.fromtimestamp(float(str(start)) / 1000, UTC)
        return (moment + timedelta(minutes=float(str(offset or 0)))).date()
    except (ValueError, OverflowError, OSError):
        return date.min


async def workout(access: Access, key: str) -> Item | None:
    """One workout; None when there is none, which the vendor says with an empty answer. Raises ProviderError."""
    answer = await ask(access.client, f"/v3/workouts/{quote(key, safe='')}")
    found = answer.get("payload") if isinstance(answer, dict) else None
    # A list in the listing, the thing itself here; both have been seen here.
    if isinstance(found, list):
        found = found[0] if found else None
    return found if isinstance(found, dict) else None


async def sleeps(access: Access, first: date, last: date) -> list[Item]:
    """Those that ended on these local days, each in its last version. Raises ProviderError."""
    found: list[Item] = []
    for start, end in windows(first, last, WINDOW_DAYS):
        rows = await samples_of(access, "sleep", start - timedelta(days=1), end)
        found.extend(
            row
            for row in finished(rows)
            if start.isoformat() <= str(_entry(row).get("BedtimeEnd"))[:10] <= end.isoformat()
        )
    return found


def finished(rows: Iterable[Item]) -> list[Item]:
    """The longest of each sleep, of equals the later: the vendor sends one anew with every revision of it."""
    longest: dict[object, Item] = {}
    for row in rows:
        sleep_id = str(_entry(row).get("SleepId"))
        if sleep_id not in longest or _duration(row) >= _duration(longest[sleep_id]):
            longest[sleep_id] = row
    return list(longest.values())


def _entry(row: Item) -> Item:
    entry = row.get("entryData")
    return entry if isinstance(entry, dict) else {}


def _duration(row: Item) -> float:
    duration = _entry(row).get("Duration")
    return float(duration) if isinstance(duration, int | float) else 0.0


async def days(access: Access, first: date, last: date, *, samples: bool) -> list[Item]:
    """Each day's rows of activity and recovery and its counts of steps. Raises ProviderError."""
    laid: dict[str, dict[str, list[Item]]] = defaultdict(dict)
    for start, end in windows(first, last, WINDOW_DAYS):
        parts: Mapping[str, tuple[str, list[Item]]] = {
            "activity": ("timestamp", await samples_of(access, "activity", start, end)),
            "recovery": ("timestamp", await samples_of(access, "recovery", start, end) if samples else []),
            "stepcount": ("TimeISO8601", await step_counts(access, start, end)),
        }
        for name, (stamp, rows) in parts.items():
            for row in rows:
                day = str(row.get(stamp))[:10]
                if start.isoformat() <= day <= end.isoformat():
                    laid[day].setdefault(name, []).append(row)
    return [_document(day, parts) for day, parts in sorted(laid.items())]


def _document(day: str, parts: Mapping[str, Any]) -> Item:
    return {"date": day, **parts}
