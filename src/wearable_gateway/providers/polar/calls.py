"""What the vendor is asked for, and how far back it answers (https://www.polar.com/accesslink-api/)."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx

from wearable_gateway.errors import ProviderRejectedError, ProviderUnavailableError
from wearable_gateway.providers._base.client import get_json
from wearable_gateway.providers._base.reaching import Access
from wearable_gateway.providers._base.times import windows
from wearable_gateway.providers.polar.body_days import body_days
from wearable_gateway.providers.polar.document import SLUG, with_one_spelling
from wearable_gateway.providers.polar.records import CONTINUOUS_HEART_RATE

LONGEST_RANGE_DAYS = 26
"""The vendor's is 28; a day is asked for on either side where its days and the user's may differ."""

_OLDEST_DAY = timedelta(days=364)
"""Older days are a 400; one day is left for the clocks to differ."""

_OLDEST_LISTED = timedelta(days=28)
_OLDEST_UPLOAD = timedelta(days=30)
_ONE = timedelta(days=1)
_FEW = timedelta(days=2)
_BULK = {"samples": "true", "route": "true"}
_SERIES = {"steps": "true", "activity_zones": "true"}

Found = Sequence[Mapping[str, Any]]


async def exercises(access: Access, first: date, last: date, *, samples: bool) -> Found:
    """The workouts that began on those days, of all that were uploaded within the last 30."""
    # What is older may have been uploaded late; the list is then asked for without its bulk, which came by notice.
    detailed = samples and last >= _today() - _OLDEST_UPLOAD
    answer = await _found(access, "/v3/exercises", zones="true", **(_BULK if detailed else {}))
    return [
        one
        for one in _items(answer)
        if first.isoformat() <= str(one.get("start_time"))[:10] <= last.isoformat()
    ]


async def exercise(access: Access, exercise_id: str) -> Found:
    """One workout, with everything; none when it is gone, or too old."""
    return _items(await _found(access, f"/v3/exercises/{exercise_id}", zones="true", **_BULK))


async def days(access: Access, first: date, last: date, *, samples: bool) -> Found:
    """The activity of those days, and their heart rates, which are nothing but a series."""
    found: list[Mapping[str, Any]] = []
    for start, end in windows(max(first, _today() - _OLDEST_DAY), min(last, _today()), LONGEST_RANGE_DAYS):
        between = {"from": start.isoformat(), "to": end.isoformat()}
        found.extend(
            _items(await _found(access, "/v3/users/activities", **between, **(_SERIES if samples else {})))
        )
        if samples:
            found.extend(_heart_rates(await _found(access, "/v3/users/continuous-heart-rate", **between)))
    return found


async def activity_of(access: Access, day: date) -> Found:
    return _items(await _found(access, f"/v3/users/activities/{day.isoformat()}", **_SERIES))


async def heart_rates_of(access: Access, day: date) -> Found:
    return _heart_rates(await _found(access, f"/v3/users/continuous-heart-rate/{day.isoformat()}"))


async def nights(access: Access, first: date, last: date) -> Found:
    """The nights that ended on those days. Few are asked for one by one, more by the vendor's list of four weeks."""
    last = min(last, _today())
    first = max(first, _today() - _OLDEST_LISTED)
    if last - first < _FEW:
        return [found for start, _ in windows(first, last, 1) for found in await night_of(access, start)]
    sleeps = _items(await _found(access, "/v3/users/sleep"), "nights")
    recharges = _items(await _found(access, "/v3/users/nightly-recharge"), "recharges")
    asked = [one for one in sleeps if first.isoformat() <= str(one.get("date")) <= last.isoformat()]
    return _joined(asked, recharges, await _skin_temperatures(access, first, last))


async def night_of(access: Access, day: date) -> Found:
    sleeps = _items(await _found(access, f"/v3/users/sleep/{day.isoformat()}"))
    if not sleeps:
        return []
    recharges = _items(await _found(access, f"/v3/users/nightly-recharge/{day.isoformat()}"))
    return _joined(sleeps, recharges, await _skin_temperatures(access, day, day))


async def bodies(access: Access, first: date, last: date) -> Found:
    """What was measured on those days, and what is known of the body now, if it became known then."""
    info = await _found(access, "/v3/users/physical-info")
    measured: dict[str, list[Mapping[str, Any]]] = {"spo2": [], "ecg": [], "bodytemperature": []}
    for start, end in windows(first, min(last, _today()), LONGEST_RANGE_DAYS):
        around = {"from": (start - _ONE).isoformat(), "to": min(end + _ONE, _today()).isoformat()}
        for name, found in measured.items():
            found.extend(_items(await _found(access, f"/v3/users/biosensing/{name}", **around)))
    return body_days(
        first,
        last,
        physical_info=info if isinstance(info, dict) else None,
        spo2_tests=measured["spo2"],
        ecg_tests=measured["ecg"],
        temperature_periods=measured["bodytemperature"],
    )


async def user(access: Access) -> Found:
    return _items(await _found(access, f"/v3/users/{access.account_id}"))


async def _skin_temperatures(access: Access, first: date, last: date) -> Found:
    between = {"from": first.isoformat(), "to": last.isoformat()}
    return _items(await _found(access, "/v3/users/biosensing/skintemperature", **between))


def _joined(sleeps: Found, recharges: Found, temperatures: Found) -> Found:
    """Each night with what else the vendor has of it, by the day it ended on."""
    recharge = {str(one.get("date")): one for one in recharges}
    temperature = {str(one.get("sleep_date")): one for one in temperatures}
    return [
        {
            **one,
            "nightly_recharge": recharge.get(str(one.get("date"))),
            "skin_temperature": temperature.get(str(one.get("date"))),
        }
        for one in sleeps
    ]


def _heart_rates(answer: object) -> Found:
    # The documentation shows one day even for a range; what comes is a list of days.
    listed = isinstance(answer, dict) and "heart_rates" in answer
    days = _items(answer, "heart_rates") if listed else _items(answer)
    return [{"document": CONTINUOUS_HEART_RATE, **day} for day in days]


async def _found(access: Access, path: str, **params: str) -> object:
    """What the vendor has, in one spelling; None where it has nothing, which is 204 or 404. Raises ProviderError."""
    try:
        return with_one_spelling(await get_json(SLUG, access.client, path, **params))
    except ProviderRejectedError as error:
        if error.status != httpx.codes.NOT_FOUND:
            raise
        return None


def _items(answer: object, name: str | None = None) -> Found:
    """The documents of an answer: a list, a list under `name`, or one document by itself."""
    if answer is None:
        return []
    inner = answer.get(name) if name and isinstance(answer, dict) else answer
    if isinstance(inner, list):
        return [one for one in inner if isinstance(one, dict)]
    if isinstance(inner, dict):
        return [inner]
    raise ProviderUnavailableError(SLUG, "the answer holds no documents")


def _today() -> date:
    return datetime.now(UTC).date()
