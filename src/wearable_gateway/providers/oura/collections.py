"""The vendor's collections: pages of documents by day, laid together where several speak of one day."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from wearable_gateway.errors import ProviderUnavailableError
from wearable_gateway.providers._base.client import get_json
from wearable_gateway.providers._base.reaching import Access

_DAILY_SCOPES: Mapping[str, frozenset[str]] = {
    "daily_activity": frozenset({"daily"}),
    "daily_sleep": frozenset({"daily"}),
    "daily_readiness": frozenset({"daily"}),
    "daily_stress": frozenset({"daily"}),
    "daily_spo2": frozenset({"spo2Daily", "spo2", "daily"}),
    "vO2_max": frozenset({"daily"}),
}
DAILY = frozenset(name.lower() for name in _DAILY_SCOPES) | {"enhanced_tag"}
"""What notices call the collections that make up a day."""
_MOST_PAGES = 200


def collection(name: str) -> str:
    """The path of a collection, which the vendor's notices write in lower case."""
    return "/v2/usercollection/" + ("vO2_max" if name.lower() == "vo2_max" else name)


async def items_of(
    provider: str, access: Access, name: str, first: date, last: date
) -> list[Mapping[str, Any]]:
    """The documents of the days from `first` to `last`, both included. Raises ProviderError."""
    # The vendor counts the end out for some collections: one day more is asked for, and sorted out below.
    days = {"start_date": first.isoformat(), "end_date": (last + timedelta(days=1)).isoformat()}
    found = await pages(provider, access, name, days)
    return [item for item in found if first.isoformat() <= str(item.get("day", first)) <= last.isoformat()]


async def pages(
    provider: str, access: Access, name: str, query: Mapping[str, str]
) -> list[Mapping[str, Any]]:
    """Every page of a collection. Raises ProviderError."""
    found: list[Mapping[str, Any]] = []
    token: str | None = None
    for _ in range(_MOST_PAGES):
        more = {"next_token": token} if token else {}
        answer = await get_json(provider, access.client, collection(name), **query, **more)
        items = answer.get("data") if isinstance(answer, dict) else None
        if not isinstance(answer, dict) or not isinstance(items, list):
            raise ProviderUnavailableError(provider, "the answer has no data")
        found.extend(item for item in items if isinstance(item, dict))
        token = answer.get("next_token")
        if not token:
            return found
    raise ProviderUnavailableError(provider, "the pages of a collection do not end")


async def day_documents(
    provider: str, access: Access, first: date, last: date, *, samples: bool
) -> Sequence[Mapping[str, Any]]:
    """The documents of each day laid together, each under its collection's name. Raises ProviderError."""
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    for name, scopes in _DAILY_SCOPES.items():
        if scopes & access.scopes:
            for item in await items_of(provider, access, name, first, last):
                found[str(item.get("day"))][name] = item
    if "tag" in access.scopes:
        for tag in await items_of(provider, access, "enhanced_tag", first, last):
            found[str(tag.get("start_day") or tag.get("day"))].setdefault("enhanced_tag", []).append(tag)
    if samples and "heartrate" in access.scopes:
        for row in await _heart_rates(provider, access, first, last):
            found[str(row.get("timestamp"))[:10]].setdefault("heartrate", []).append(row)
    return [
        {"day": day, **parts}
        for day, parts in sorted(found.items())
        if first.isoformat() <= day <= last.isoformat()
    ]


async def _heart_rates(provider: str, access: Access, first: date, last: date) -> list[Mapping[str, Any]]:
    hours = {
        "start_datetime": f"{first.isoformat()}T00:00:00+00:00",
        "end_datetime": f"{(last + timedelta(days=1)).isoformat()}T00:00:00+00:00",
    }
    return await pages(provider, access, "heartrate", hours)
