"""Dexcom, simulated (https://developer.dexcom.com/docs/dexcomv3/endpoint-overview).

It tells nobody anything. Records of even days come from a phone and have offsets, those of odd days from a receiver and
have none; one estimate in a while is beyond what the sensor measures.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from wearable_gateway.simulators._base.answers import Refusal
from wearable_gateway.simulators._base.book import Person, TokenSet, new_token
from wearable_gateway.simulators._base.simulator import Simulator
from wearable_gateway.simulators._base.tokens import rfc_body

_ZONE = dt.timezone(dt.timedelta(hours=1))
_SELF = "/v3/users/self"
_LONGEST = dt.timedelta(days=30)
_EVERY_MINUTES = 5
_HIGHEST = 400
_TRENDS = ("flat", "flat", "flat", "fortyFiveUp", "fortyFiveDown", "singleUp", "singleDown")

Item = dict[str, Any]
Make = Callable[[Person, dt.date], list[Item]]


class Dexcom(Simulator):
    name = "Dexcom"
    authorize_path = "/v2/oauth2/login"
    token_path = "/v2/oauth2/token"  # noqa: S105 - a path
    data_paths = (_SELF,)
    scopes = ("offline_access",)
    kinds = ("body", "nutrition")
    code_prefix = "US_"
    access_seconds = 7200
    gives_back = False

    def routes(self) -> list[Route]:
        return [
            Route(f"{_SELF}/dataRange", self._data_range),
            Route(f"{_SELF}/devices", self._devices),
            Route(f"{_SELF}/egvs", self._records("egv", self._estimates)),
            Route(f"{_SELF}/calibrations", self._records("calibration", self._calibrations)),
            Route(f"{_SELF}/events", self._records("event", self._events)),
        ]

    def token_answer(self, tokens: TokenSet, person: Person, *, first: bool) -> Response:
        """In the manner of the vendor's identity server: with more than the RFC asks for, and without a scope."""
        body = rfc_body(tokens, self.access_seconds)
        del body["scope"]
        more = {"refresh_expires_in": 0, "not-before-policy": 1_600_000_000, "session_state": new_token()}
        return JSONResponse(body | more)

    def unauthorized(self) -> Response:
        return JSONResponse({"fault": {"faultstring": "Invalid access token"}}, 401)

    async def delete(self, person: Person, kind: str, day: dt.date) -> int:
        """What was entered that day is kept, and marked."""
        if kind == "nutrition":
            person.deleted.append(self.identifier(person, "carbs", day))
        return int(kind == "nutrition")

    # --- answers ---

    def _answer(self, person: Person, kind: str, records: list[Item]) -> Response:
        head = {"recordType": kind, "recordVersion": "3.0", "userId": person.id}
        return JSONResponse(head | {"records": records})

    async def _data_range(self, request: Request) -> Response:
        person = self.caller(request)
        first = self.today() - dt.timedelta(days=90)
        ends = {
            "start": _times(dt.datetime(first.year, first.month, first.day, tzinfo=_ZONE), phone=False),
            "end": _times(dt.datetime.fromtimestamp(self.clock(), _ZONE), phone=False),
        }
        head = {"recordType": "dataRange", "recordVersion": "3.0", "userId": person.id}
        return JSONResponse(head | dict.fromkeys(("calibrations", "egvs", "events"), ends))

    async def _devices(self, request: Request) -> Response:
        person = self.caller(request)
        device = {
            "lastUploadDate": dt.datetime.fromtimestamp(self.clock(), dt.UTC).isoformat(timespec="seconds"),
            "transmitterId": self.identifier(person, "transmitter", dt.date.min),
            "transmitterGeneration": "g7",
            "displayDevice": "iOS",
            "displayApp": "G7",
            "alertSchedules": [],
        }
        return self._answer(person, "device", [device])

    def _records(self, kind: str, make: Make) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            person = self.caller(request)
            first, last = _window(request)
            # Times are compared as the device's UTC; a local day can begin on the day before.
            days = self.days((first - dt.timedelta(days=1)).date(), (last + dt.timedelta(days=1)).date())
            records = [record for day in days for record in make(person, day)]
            kept = [record for record in records if first <= _system_time(record) < last]
            return self._answer(person, kind, sorted(kept, key=_system_time, reverse=True))

        return answer

    # --- records ---

    def _estimates(self, person: Person, day: dt.date) -> list[Item]:
        return [self._estimate(person, day, number) for number in range(24 * 60 // _EVERY_MINUTES)]

    def _estimate(self, person: Person, day: dt.date, number: int) -> Item:
        value = self.whole(person, "body", day, 70, 410, f"egv{number // 12}") - number % 12
        is_high = value > _HIGHEST
        phone = _is_phone(day)
        return {
            "recordId": self.identifier(person, "egv", day, str(number)),
            **_times(_at(day, number * _EVERY_MINUTES), phone=phone),
            "transmitterId": self.identifier(person, "transmitter", dt.date.min) if phone else None,
            "transmitterTicks": number * 300,
            "value": _HIGHEST + 1 if is_high else value,
            "status": "high" if is_high else "ok",
            "trend": _TRENDS[number % len(_TRENDS)],
            "trendRate": 0.4 if phone else None,
            "unit": "mg/dL",
            "rateUnit": "mg/dL/min",
            **_device(day),
        }

    def _calibrations(self, person: Person, day: dt.date) -> list[Item]:
        return [
            {
                "recordId": self.identifier(person, "calibration", day),
                **_times(_at(day, 8 * 60), phone=_is_phone(day)),
                "value": self.whole(person, "body", day, 80, 180, "calibration"),
                "unit": "mg/dL",
                **_device(day),
            }
        ]

    def _events(self, person: Person, day: dt.date) -> list[Item]:
        carbs = str(self.whole(person, "nutrition", day, 15, 90))
        units = str(self.whole(person, "body", day, 2, 9, "insulin"))
        return [
            self._event(person, day, 8 * 60 + 10, "insulin", "fastActing", units, "units"),
            self._event(person, day, 8 * 60 + 15, "carbs", None, carbs, "grams"),
            self._event(person, day, 18 * 60, "exercise", "light", "30", "minutes"),
            self._event(person, day, 21 * 60, "notes", None, "felt fine", None),
        ]

    def _event(
        self,
        person: Person,
        day: dt.date,
        minute: int,
        kind: str,
        subtype: str | None,
        value: str,
        unit: str | None,
    ) -> Item:
        record_id = self.identifier(person, kind, day)
        return {
            "recordId": record_id,
            **_times(_at(day, minute), phone=_is_phone(day)),
            "eventType": kind,
            "eventSubType": subtype,
            "value": value,
            "unit": unit,
            "eventStatus": "deleted" if record_id in person.deleted else "created",
            **_device(day),
        }


def _is_phone(day: dt.date) -> bool:
    return day.toordinal() % 2 == 0


def _device(day: dt.date) -> Item:
    phone = _is_phone(day)
    return {
        "transmitterGeneration": "g7" if phone else "g6",
        "displayDevice": "iOS" if phone else "receiver",
    }


def _at(day: dt.date, minute: int) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, tzinfo=_ZONE) + dt.timedelta(minutes=minute)


def _times(moment: dt.datetime, *, phone: bool) -> Item:
    system = moment.astimezone(dt.UTC)
    if phone:
        return {"systemTime": f"{system:%Y-%m-%dT%H:%M:%S}Z", "displayTime": moment.isoformat("T", "seconds")}
    return {"systemTime": f"{system:%Y-%m-%dT%H:%M:%S}", "displayTime": f"{moment:%Y-%m-%dT%H:%M:%S}"}


def _system_time(record: Item) -> dt.datetime:
    return dt.datetime.fromisoformat(record["systemTime"]).replace(tzinfo=dt.UTC)


def _window(request: Request) -> tuple[dt.datetime, dt.datetime]:
    """What is asked for, without an offset and no longer than thirty days. Raises Refusal."""
    try:
        first, last = (
            dt.datetime.fromisoformat(request.query_params[name]) for name in ("startDate", "endDate")
        )
    except (KeyError, ValueError):
        raise Refusal(_bad("startDate and endDate are times")) from None
    if first.tzinfo is not None or last.tzinfo is not None:
        raise Refusal(_bad("times have no offset"))
    if not dt.timedelta() <= last - first <= _LONGEST:
        raise Refusal(_bad("startDate is before endDate, by thirty days at most"))
    return first.replace(tzinfo=dt.UTC), last.replace(tzinfo=dt.UTC)


def _bad(message: str) -> Response:
    return JSONResponse({"errors": [{"message": message}]}, 400)


SIMULATOR = Dexcom
