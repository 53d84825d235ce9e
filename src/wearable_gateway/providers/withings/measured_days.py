"""The measures and electrocardiograms of some days, as one document for each day on which any were taken."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import ValidationError

from wearable_gateway.errors import ProviderRefusedError
from wearable_gateway.providers.withings.document import Moment, Zoned
from wearable_gateway.providers.withings.fetching import Call, Row, around, of_rows, pages_of, rows_of
from wearable_gateway.providers.withings.measures import READ
from wearable_gateway.unified.lenient import build

_FORBIDDEN = 403


class _Taken(Zoned):
    moment: Moment


async def fetch_bodies(call: Call, start: date, end: date, *, hearts: bool) -> list[Row]:
    """Without `hearts`, which need a scope of their own, without electrocardiograms. Raises ProviderError."""
    window = around(start, end)
    asked = {**window, "meastypes": ",".join(map(str, READ)), "category": "1"}
    pages = await pages_of(call, "/measure", "getmeas", asked)
    zone = next((page["timezone"] for page in pages if page.get("timezone")), None)
    groups = [row for page in pages for row in of_rows(page.get("measuregrps"))]
    ecgs = await _ecgs(call, window) if hearts else []
    days: dict[date, Row] = {}
    for name, rows, time in (("measuregrps", groups, "date"), ("heart", ecgs, "timestamp")):
        for row in rows:
            day = _day(row.get(time), zone)
            if day is not None and start <= day <= end:
                empty: Row = {"date": day.isoformat(), "timezone": zone, "measuregrps": [], "heart": []}
                days.setdefault(day, empty)[name].append(row)
    return [days[day] for day in sorted(days)]


def _day(moment: Any, zone: Any) -> date | None:
    """The local day of `moment`; None when it cannot be read."""
    try:
        taken, _ = build(_Taken, {"moment": moment, "timezone": zone})
    except ValidationError:
        return None
    return taken.local(taken.moment).date()


async def _ecgs(call: Call, window: Mapping[str, str]) -> list[Row]:
    try:
        return await rows_of(call, "/v2/heart", "list", "series", window)
    except ProviderRefusedError as error:
        # Which scope it needs is not said for sure; the measures do not suffer for it.
        if error.status != _FORBIDDEN:
            raise
        return []
