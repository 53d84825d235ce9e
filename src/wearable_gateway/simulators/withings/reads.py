"""The calls of data: forms with an `action`, pages of which each kind of call writes `more` in its own way."""

import datetime as dt
from collections import deque
from collections.abc import Mapping
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from wearable_gateway.simulators._base.answers import Refusal
from wearable_gateway.simulators._base.book import Person
from wearable_gateway.simulators.withings.data import ZONE, Data, Row, epoch
from wearable_gateway.simulators.withings.envelopes import (
    INVALID,
    NOT_ALLOWED,
    NOT_THERE,
    envelope,
    fault,
)

if TYPE_CHECKING:
    from wearable_gateway.simulators.withings import Withings

_PAGE = 3
_A_DAY = 86_400
_MINUTE, _MOST_CALLS = 60, 120

Form = Mapping[str, str]


class Reads:
    def __init__(self, vendor: "Withings") -> None:
        self._vendor = vendor
        self._data = Data(vendor)
        self.calls: deque[float] = deque()
        self._actions = {
            ("/measure", "getmeas"): ("user.metrics", self._measures),
            ("/v2/measure", "getactivity"): ("user.activity", self._days),
            ("/v2/measure", "getworkouts"): ("user.activity", self._workouts),
            ("/v2/measure", "getintradayactivity"): ("user.activity", self._intraday),
            ("/v2/sleep", "getsummary"): ("user.activity", self._nights),
            ("/v2/sleep", "get"): ("user.activity", self._stages),
            ("/v2/heart", "list"): ("user.activity", self._hearts),
            ("/v2/user", "getdevice"): ("user.info", self._devices),
        }

    async def answer(self, request: Request) -> Response:
        self._count()
        person = self._vendor.caller(request)
        form = {name: str(value) for name, value in (await request.form()).items()}
        scope, read = self._actions.get((request.url.path, form.get("action", "")), ("", None))
        if read is None:
            return fault(NOT_THERE, "Not implemented")
        if scope not in self._vendor.tokens_of(request).scopes:
            return fault(NOT_ALLOWED, "Unauthorized")
        try:
            return envelope(read(person, form))
        except (KeyError, ValueError):
            return fault(INVALID, "Invalid Params")

    def _count(self) -> None:
        """120 calls in a minute, whoever's data they are about."""
        now = self._vendor.clock()
        while self.calls and self.calls[0] <= now - _MINUTE:
            self.calls.popleft()
        if len(self.calls) >= _MOST_CALLS:
            raise Refusal(self._vendor.too_many(_MINUTE))
        self.calls.append(now)

    def _days_of(self, form: Form) -> list[dt.date]:
        first = dt.date.fromisoformat(form["startdateymd"])
        return self._vendor.days(first, dt.date.fromisoformat(form["enddateymd"]))

    def _days_around(self, form: Form) -> list[dt.date]:
        first, last = _moment(form["startdate"]).date(), _moment(form["enddate"]).date()
        return self._vendor.days(first, last)

    def _days(self, person: Person, form: Form) -> Row:
        rows = [self._data.activity(person, day) for day in self._days_of(form)]
        return _page([_asked(row, form, row.keys() - _NAMES) for row in rows], form, "activities")

    def _workouts(self, person: Person, form: Form) -> Row:
        rows = [self._data.workout(person, day) for day in self._days_of(form)]
        kept = [row for row in rows if str(row["id"]) not in person.deleted]
        return _page([{**row, "data": _asked(row["data"], form)} for row in kept], form, "series")

    def _nights(self, person: Person, form: Form) -> Row:
        rows = [self._data.night(person, day) for day in self._days_of(form)]
        return _page([{**row, "data": _asked(row["data"], form)} for row in rows], form, "series")

    def _intraday(self, person: Person, form: Form) -> Row:
        first = int(form["startdate"])
        last = min(int(form["enddate"]), first + _A_DAY)
        series = {
            str(at): _asked(self._data.entry(person, day, hour), form, {"deviceid", "model", "model_id"})
            for day in self._days_around(form)
            for hour in range(24)
            if first <= (at := epoch(day, hour)) < last
        }
        return {"series": series or []}

    def _stages(self, person: Person, form: Form) -> Row:
        first = int(form["startdate"])
        last = min(int(form["enddate"]), first + _A_DAY)
        always = {"startdate", "enddate", "state", "model", "model_id", "hash_deviceid"}
        series = [
            _asked(stage, form, always)
            for day in self._days_around(form)
            for stage in self._data.stages(person, day)
            if first <= stage["startdate"] < last
        ]
        return {"series": series, "model": 32}

    def _measures(self, person: Person, form: Form) -> Row:
        first, last = int(form["startdate"]), int(form["enddate"])
        types = form.get("meastypes", "").split(",")
        found = [
            {**group, "measures": [one for one in group["measures"] if str(one["type"]) in types]}
            for day in self._days_around(form)
            for group in self._data.groups(person, day)
            if first <= group["date"] <= last and str(group["grpid"]) not in person.deleted
        ]
        page = _page([group for group in found if group["measures"]], form, "measuregrps")
        more = {"more": 1, "offset": page["offset"]} if page["more"] else {}
        now = int(self._vendor.clock())
        return {"updatetime": now, "timezone": ZONE.key, "measuregrps": page["measuregrps"], **more}

    def _hearts(self, person: Person, form: Form) -> Row:
        first, last = int(form["startdate"]), int(form["enddate"])
        rows = [self._data.heart(person, day) for day in self._days_around(form)]
        return _page([row for row in rows if first <= row["timestamp"] <= last], form, "series")

    def _devices(self, _person: Person, _form: Form) -> Row:
        return {"devices": self._data.devices(self._vendor.today())}


_NAMES = frozenset(
    (
        *("steps", "distance", "elevation", "soft", "moderate", "intense", "active", "calories"),
        *("hr_average", "hr_min", "hr_max", "hr_zone_0", "hr_zone_1", "hr_zone_2", "hr_zone_3"),
        "totalcalories",
    )
)


def _asked(row: Row, form: Form, always: "frozenset[str] | set[str]" = frozenset()) -> Row:
    """What nobody asks for by name is not there."""
    wanted = set(form.get("data_fields", "").split(",")) | always
    return {name: value for name, value in row.items() if name in wanted}


def _page(rows: list[Row], form: Form, name: str) -> Row:
    start = int(form.get("offset") or 0)
    more = start + _PAGE < len(rows)
    return {name: rows[start : start + _PAGE], "more": more, "offset": start + _PAGE if more else 0}


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromtimestamp(int(text), ZONE)
