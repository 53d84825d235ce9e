"""The vendor's endpoints by window of time, and what they answer by local day."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from wearable_gateway.errors import ProviderUnavailableError
from wearable_gateway.providers._base.client import get_json
from wearable_gateway.providers._base.reaching import Access
from wearable_gateway.providers._base.times import windows
from wearable_gateway.providers.dexcom.events import EventType

WINDOW_DAYS = 28
"""Two less than the vendor takes, for the hours that local days reach out of UTC's."""
_EARLIEST = timedelta(hours=-14)
_LATEST = timedelta(hours=12)

Item = Mapping[str, Any]
Days = dict[str, dict[str, list[Item]]]


async def records_of(provider: str, access: Access, name: str, first: date, last: date) -> list[Item]:
    """What `name` holds of the local days from `first` to `last`. Raises ProviderError.

    Times are compared with `systemTime`, the device's UTC, and written without an offset
    (https://developer.dexcom.com/docs/dexcomv3/endpoint-overview): any offset there is on earth is asked for, and
    `by_day` sorts out the rest.
    """
    span = {
        "startDate": _written(datetime.combine(first, time()) + _EARLIEST),
        "endDate": _written(datetime.combine(last + timedelta(days=1), time()) + _LATEST),
    }
    answer = await get_json(provider, access.client, f"/v3/users/self/{name}", **span)
    records = answer.get("records") if isinstance(answer, dict) else None
    if not isinstance(records, list):
        raise ProviderUnavailableError(provider, "the answer has no records")
    return [record for record in records if isinstance(record, dict)]


def _written(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def by_day(days: Days, name: str, records: Sequence[Item], first: date, last: date) -> None:
    """Lay `records` into `days` as `name`, those between `first` and `last` by the day their device showed."""
    for record in records:
        day = str(record.get("displayTime"))[:10]
        if first.isoformat() <= day <= last.isoformat():
            days[day].setdefault(name, []).append(record)


async def body_days(provider: str, access: Access, first: date, last: date) -> list[Item]:
    """Each day's estimates, calibrations and what was entered of insulin and blood. Raises ProviderError."""
    days: Days = defaultdict(dict)
    for start, end in windows(first, last, WINDOW_DAYS):
        for name in ("egvs", "calibrations", "events"):
            found = await records_of(provider, access, name, start, end)
            if name == "events":
                found = _entered(found, EventType.INSULIN, EventType.BLOOD_GLUCOSE)
            by_day(days, name, found, start, end)
    return _documents(days)


async def meal_days(provider: str, access: Access, first: date, last: date) -> list[Item]:
    """What was entered of carbohydrates, day by day. Raises ProviderError."""
    days: Days = defaultdict(dict)
    for start, end in windows(first, last, WINDOW_DAYS):
        found = await records_of(provider, access, "events", start, end)
        by_day(days, "events", _entered(found, EventType.CARBS), start, end)
    return _documents(days)


def _entered(events: Sequence[Item], *kinds: EventType) -> list[Item]:
    return [event for event in events if event.get("eventType") in kinds]


def _documents(days: Days) -> list[Item]:
    return [{"date": day, **parts} for day, parts in sorted(days.items())]
