"""The vendor's collections: pages of documents by day, laid together where several speak of one day."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from wearable_gateway.errors import ProviderRefusedError, ProviderUnavailableError
from wearable_gateway.providers._base.client import get_json
from wearable_gateway.providers._base.reaching import Access, Ask
from wearable_gateway.providers.oura.document import SLUG
from wearable_gateway.providers.oura.heart_rate_days import by_day, hours_of

Item = Mapping[str, Any]

TAGS, HEART_RATES = "enhanced_tag", "heartrate"
DAILY_SCOPES: Mapping[str, str] = {
    "daily_activity": "daily",
    "daily_sleep": "daily",
    "daily_readiness": "daily",
    "daily_stress": "daily",
    "daily_spo2": "spo2",
    "vO2_max": "heart_health",
    TAGS: "tag",
}
"""What makes up a day beside heart rate, and which scope it takes: the vendor's documents do not say, its partners do."""
DAILY = frozenset(name.lower() for name in DAILY_SCOPES)
"""What notices call them."""
_DAY_IN = {
    "sleep": "bedtime_end",
    "workout": "start_datetime",
    "session": "start_datetime",
    TAGS: "start_day",
}
"""Where the day stands that a document is found under here: a late nap's own `day` is the day after it."""
_MOST_PAGES = 500


def collection(name: str) -> str:
    """The path of a collection, which the vendor's notices write in lower case."""
    return "/v2/usercollection/" + ("vO2_max" if name.lower() == "vo2_max" else name)


def day_of(name: str, item: Item) -> str:
    return str(item.get(_DAY_IN.get(name, "day")))[:10]


async def items_of(access: Access, name: str, first: date, last: date) -> list[Item]:
    """The documents of the days from `first` to `last`, both included. Raises ProviderError."""
    # Of some collections the vendor counts the first day out, of some the last: more is asked for, and sorted out here.
    # https://github.com/the-momentum/open-wearables/pull/1007 and /issues/1161
    query = {
        "start_date": (first - timedelta(days=1)).isoformat(),
        "end_date": (last + timedelta(days=2)).isoformat(),
    }
    found = await _pages(access, name, query)
    return [item for item in found if first.isoformat() <= day_of(name, item) <= last.isoformat()]


async def _pages(access: Access, name: str, query: Mapping[str, str]) -> list[Item]:
    found: list[Item] = []
    more: Mapping[str, str] = {}
    for _ in range(_MOST_PAGES):
        answer = await get_json(SLUG, access.client, collection(name), **query, **more)
        items = answer.get("data") if isinstance(answer, dict) else None
        if not isinstance(answer, dict) or not isinstance(items, list):
            raise ProviderUnavailableError(SLUG, "the answer has no data")
        found.extend(item for item in items if isinstance(item, dict))
        token = answer.get("next_token")
        if not token:
            return found
        more = {"next_token": str(token)}
    raise ProviderUnavailableError(SLUG, "the pages of a collection do not end")


async def whole_days(access: Access, ask: Ask) -> list[Item]:
    """The documents of each day laid together, each under its collection's name. Raises ProviderError."""
    read = await _readable(access, ask)
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    for name, items in read.items():
        for item in items:
            if name == TAGS:
                found[day_of(name, item)].setdefault(name, []).append(item)
            else:
                found[day_of(name, item)][name] = item
    if TAGS in read:
        # A day whose last tag was taken out has none, which is not to say that we do not know.
        for parts in found.values():
            parts.setdefault(TAGS, [])
    if ask.samples and HEART_RATES in access.scopes:
        rows = [
            row for query in hours_of(ask.start, ask.end) for row in await _pages(access, HEART_RATES, query)
        ]
        for day, of_day in by_day(rows, found).items():
            if ask.start.isoformat() <= day <= ask.end.isoformat():
                found[day][HEART_RATES] = of_day
    return [{"day": day, **parts} for day, parts in sorted(found.items())]


async def _readable(access: Access, ask: Ask) -> dict[str, list[Item]]:
    """What the scopes reach. One collection refused does not cost the others: which scope it takes may have changed."""
    found: dict[str, list[Item]] = {}
    refusal: ProviderRefusedError | None = None
    for name, scope in DAILY_SCOPES.items():
        if scope not in access.scopes:
            continue
        try:
            found[name] = await items_of(access, name, ask.start, ask.end)
        except ProviderRefusedError as error:
            refusal = refusal or error
    if refusal is not None and not found:
        raise refusal
    return found


def today() -> date:
    return datetime.now(UTC).date()
