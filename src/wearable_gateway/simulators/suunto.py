"""Suunto's Cloud API, simulated (https://apizone.suunto.com).

A call of data needs the subscription key as well as the token. Notices are signed, and once they have failed for the
whole schedule they are never sent again. A sleep comes as a draft first and in full with the next sync.
"""

import base64
import datetime as dt
import hmac
import secrets
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from wearable_gateway.simulators._base.answers import Refusal
from wearable_gateway.simulators._base.book import Person, TokenSet
from wearable_gateway.simulators._base.simulator import Simulator
from wearable_gateway.simulators._base.tokens import rfc_body

_ZONE = dt.timezone(dt.timedelta(hours=2))
_OFFSET_MINUTES = 120
_LONGEST_MS = 28 * 24 * 3600 * 1000
_LARGEST_PAGE = 100
_SAMPLES_A_DAY = range(7 * 60, 21 * 60, 60)
_EVENTS = {
    "activity": "WORKOUT_CREATED",
    "sleep": "SUUNTO_247_SLEEP_CREATED",
    "daily": "SUUNTO_247_ACTIVITY_CREATED",
}

Item = dict[str, Any]


class Suunto(Simulator):
    name = "Suunto"
    authorize_path = "/oauth/authorize"
    token_path = "/oauth/token"  # noqa: S105 - a path
    data_paths = ("/v3/", "/247")
    scopes = ("workout",)
    kinds = ("activity", "sleep", "daily")
    extra: ClassVar[Mapping[str, str]] = {
        "subscription_key": "suunto-subscription-key",
        "notification_secret": "suunto-notification-secret",
    }
    client_auth = "basic"
    access_seconds = 86_400
    retry_schedule: ClassVar = (5, 30, 120)

    def routes(self) -> list[Route]:
        return [
            Route("/oauth/deauthorize", self._deauthorize),
            Route("/v3/workouts/", self._list_workouts),
            Route("/v3/workouts/{key}", self._one_workout),
            Route("/247samples/activity", self._rows(self._activity_rows)),
            Route("/247samples/recovery", self._rows(self._recovery_rows)),
            Route("/247samples/sleep", self._rows(self._sleep_rows)),
            Route("/247/daily-activity-statistics", self._statistics),
        ]

    # --- tokens ---

    def account_id(self, name: str) -> str:
        return f"{name}-{super().account_id(name)[:8]}"

    def new_access_token(self, person: Person) -> str:
        """A JWT with the claims that clients read; nobody but the vendor can check what it is signed with."""
        now = int(self.clock())
        claims = {
            "user": person.id,
            "sub": self.identifier(person, "sub", dt.date.min),
            "exp": now + self.access_seconds,
            "jti": secrets.token_hex(8),
        }
        return f"{_base64({'alg': 'HS256', 'typ': 'JWT'})}.{_base64(claims)}.{secrets.token_urlsafe(16)}"

    def token_answer(self, tokens: TokenSet, person: Person, *, first: bool) -> Response:
        return JSONResponse(rfc_body(tokens, self.access_seconds) | {"user": person.id, "scope": "workout"})

    def token_error(self, error: str) -> Response:
        """As the vendor's identity server puts it, where it does not keep to RFC 6749."""
        if error == "invalid_client":
            return JSONResponse({"error": "unauthorized", "error_description": "Bad credentials"}, 401)
        return super().token_error(error)

    async def _deauthorize(self, request: Request) -> Response:
        person = self.caller(request)
        if request.query_params.get("client_id") != self.config.client_id:
            return JSONResponse({"error": "unknown client_id"}, 400)
        self.withdraw(person)
        return Response(status_code=200)

    def tokens_of(self, request: Request) -> TokenSet:
        if request.url.path.startswith(self.data_paths):
            key = request.headers.get("ocp-apim-subscription-key", "")
            if not hmac.compare_digest(key.encode(), self.config.extra["subscription_key"].encode()):
                raise Refusal(_apim(401, "Access denied due to missing or invalid subscription key."))
        return super().tokens_of(request)

    def unauthorized(self) -> Response:
        return _apim(401, "JWT token is not valid.")

    # --- notices ---

    async def changed(self, person: Person, kind: str, day: dt.date) -> None:
        if person.scopes is None:
            return
        body: Item = {"type": _EVENTS[kind], "username": person.id}
        if kind == "activity":
            body |= {"workout": self._fresh(person, day), "gear": _GEAR}
        elif kind == "sleep":
            body["samples"] = self._sleep_rows(person, day)[-1:]
        else:
            body["samples"] = self._activity_rows(person, day)
        self.tell(orjson.dumps(body), self._signed)

    def _signed(self, body: bytes) -> Mapping[str, str]:
        secret = self.config.extra["notification_secret"].encode()
        return {
            "content-type": "application/json",
            "x-hmac-sha256-signature": hmac.digest(secret, body, "sha256").hex(),
        }

    # --- workouts ---

    async def _list_workouts(self, request: Request) -> Response:
        person = self.caller(request)
        query = request.query_params
        since, until = int(query.get("since", 0)), int(query.get("until", self.clock() * 1000))
        limit, offset = int(query.get("limit", 50)), int(query.get("offset", 0))
        if not 0 < limit <= _LARGEST_PAGE:
            return JSONResponse({"error": {"code": "400", "description": "limit"}, "payload": None}, 400)
        last = dt.datetime.fromtimestamp(min(until / 1000, self.clock()), _ZONE).date()
        first = max(dt.datetime.fromtimestamp(since / 1000, _ZONE).date(), last - dt.timedelta(days=400))
        found = [self._workout(person, day) for day in reversed(self.days(first, last))]
        kept = [one for one in found if since <= one["startTime"] <= until]
        return JSONResponse(_enveloped(kept[offset : offset + limit]))

    async def _one_workout(self, request: Request) -> Response:
        """Under `payload`, not in a list; an unknown key is answered with nothing at all."""
        person = self.caller(request)
        last = self.today()
        for day in reversed(self.days(last - dt.timedelta(days=400), last)):
            workout = self._workout(person, day)
            if workout["workoutKey"] == request.path_params["key"]:
                return JSONResponse(_enveloped(workout))
        return Response(status_code=200)

    def _fresh(self, person: Person, day: dt.date) -> Item:
        """What is known of a workout when it has just come in."""
        began = _at(day, 8 * 60)
        return {
            "workoutKey": self.identifier(person, "workout", day).replace("-", "")[:24],
            "activityId": 1,
            "startTime": _ms(began),
            "totalTime": 3600.0,
            "timeOffsetInMinutes": _OFFSET_MINUTES,
            "totalDistance": self.number(person, "activity", day, 5000, 12_000, "distance"),
            "totalAscent": 84.0,
            "totalDescent": 82.5,
            "startPosition": {"x": 24.94, "y": 60.17},
            "energyConsumption": self.whole(person, "activity", day, 300, 800),
            "stepCount": 9000,
            "avgSpeed": 2.8,
            "maxSpeed": 4.9,
            "hrdata": {"workoutAvgHR": 146, "workoutMaxHR": 171},
        }

    def _workout(self, person: Person, day: dt.date) -> Item:
        return self._fresh(person, day) | {
            "workoutId": 0,
            "stopTime": _ms(_at(day, 9 * 60 + 5)),
            "stopPosition": {"x": 24.95, "y": 60.17},
            "centerPosition": {"x": 24.94, "y": 60.18},
            "minAltitude": 4.0,
            "maxAltitude": 31.0,
            "avgPace": 5.95,
            "isManuallyAdded": False,
            "recoveryTime": 43_200,
            "hrdata": {
                "workoutAvgHR": 146,
                "workoutMaxHR": 171,
                "userMaxHR": 190,
                "avg": 146,
                "hrmax": 171,
                "max": 190,
            },
            "cadence": {"avg": 84, "max": 95},
            "tss": {"calculationMethod": "HR", "trainingStressScore": 61.5},
        }

    # --- 24/7 ---

    def _rows(self, make: Callable[[Person, dt.date], list[Item]]) -> Callable[[Request], Any]:
        """A bare list of the rows whose time is asked for."""

        async def answer(request: Request) -> Response:
            person = self.caller(request)
            try:
                begin, end = int(request.query_params["from"]), int(request.query_params["to"])
            except (KeyError, ValueError):
                return _apim(400, "from and to are milliseconds")
            if not 0 <= end - begin <= _LONGEST_MS:
                return _apim(400, "no more than 28 days")
            days = self.days(_day_of(begin), _day_of(end))
            rows = [row for day in days for row in make(person, day)]
            return JSONResponse([row for row in rows if begin <= _row_ms(row) <= end])

        return answer

    def _activity_rows(self, person: Person, day: dt.date) -> list[Item]:
        return [
            _row(
                _at(day, minute),
                HR=self.whole(person, "daily", day, 50, 110, f"hr{minute}"),
                HRExt={"Min": 48, "Max": 121},
                StepCount=self.whole(person, "daily", day, 0, 900, f"steps{minute}"),
                EnergyConsumption=self.whole(person, "daily", day, 50_000, 400_000, f"joules{minute}"),
                SpO2=0.97,
                HRV=44,
                Altitude=12.0,
            )
            for minute in _SAMPLES_A_DAY
        ]

    def _recovery_rows(self, person: Person, day: dt.date) -> list[Item]:
        """Each twice, as the vendor does at times."""
        rows = [
            _row(
                _at(day, minute),
                Balance=round(self.number(person, "daily", day, 0.2, 1, f"balance{minute}"), 3),
                StressState=1 + minute // 60 % 4,
            )
            for minute in _SAMPLES_A_DAY
        ]
        return [row for row in rows for _ in range(2)]

    def _sleep_rows(self, person: Person, day: dt.date) -> list[Item]:
        """The night that begins on `day`: a draft and what became of it, stamped alike."""
        bedtime = _at(day, 22 * 60 + 30)
        deep, rem = (
            self.whole(person, "sleep", day, 3000, 6000),
            self.whole(person, "sleep", day, 4000, 7000, "rem"),
        )
        light, latency, awake, rising = 15_000, 600, 900, 300
        shared = {"SleepId": _ms(bedtime) // 1000, "BedtimeStart": _iso(bedtime), "IsNap": False}
        draft = _row(
            bedtime, **shared, BedtimeEnd=_iso(bedtime + dt.timedelta(seconds=deep)), Duration=float(deep)
        )
        in_bed = deep + rem + light + latency + awake + rising
        final = _row(
            bedtime,
            **shared,
            BedtimeEnd=_iso(bedtime + dt.timedelta(seconds=in_bed)),
            Duration=float(deep + rem + light),
            DeepSleepDuration=float(deep),
            REMSleepDuration=float(rem),
            LightSleepDuration=float(light),
            SleepOnsetLatencyDuration=float(latency),
            WakeAfterSleepOnsetDuration=float(awake),
            WakeBeforeOffBedDuration=float(rising),
            HRAvg=53.0,
            HRMin=46.0,
            AvgHRV=51.0,
            MaxSpO2=0.98,
            SleepQualityScore=self.whole(person, "sleep", day, 50, 95, "score"),
        )
        return [draft, final]

    async def _statistics(self, request: Request) -> Response:
        person = self.caller(request)
        try:
            begin, end = (
                dt.datetime.fromisoformat(request.query_params[name]).replace(tzinfo=dt.UTC)
                for name in ("startdate", "enddate")
            )
        except (KeyError, ValueError):
            return _apim(400, "startdate and enddate are times")
        if not dt.timedelta() <= end - begin <= dt.timedelta(milliseconds=_LONGEST_MS):
            return _apim(400, "no more than 28 days")
        days = self.days(begin.astimezone(_ZONE).date(), end.astimezone(_ZONE).date())
        return JSONResponse(
            [
                _statistic(
                    "stepcount", [(day, self.whole(person, "daily", day, 3000, 15_000)) for day in days]
                ),
                _statistic("energyconsumption", [(day, None) for day in days]),
            ]
        )


_GEAR = {"manufacturer": "Suunto", "name": "Suunto Race", "productType": "SPORT_WATCH"}


def _statistic(name: str, values: list[tuple[dt.date, int | None]]) -> Item:
    samples = [{"TimeISO8601": _iso(_at(day, 0)), "Value": value} for day, value in values]
    return {"Name": name, "Aggregation": "sum", "Sources": [{"Name": "watch", "Samples": samples}]}


def _enveloped(payload: Any) -> Item:
    return {"error": None, "payload": payload, "metadata": {}}


def _apim(status: int, message: str) -> Response:
    """In the manner of the API gateway in front of the vendor."""
    return JSONResponse({"statusCode": status, "message": message}, status)


def _base64(part: Item) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(part)).rstrip(b"=").decode()


def _at(day: dt.date, minute: int) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, tzinfo=_ZONE) + dt.timedelta(minutes=minute)


def _day_of(milliseconds: int) -> dt.date:
    return dt.datetime.fromtimestamp(milliseconds / 1000, _ZONE).date()


def _iso(moment: dt.datetime) -> str:
    return moment.isoformat("T", "milliseconds")


def _ms(moment: dt.datetime) -> int:
    return int(moment.timestamp() * 1000)


def _row(moment: dt.datetime, **entry: Any) -> Item:
    return {"timestamp": _iso(moment), "entryData": entry}


def _row_ms(row: Item) -> int:
    return _ms(dt.datetime.fromisoformat(row["timestamp"]))


SIMULATOR = Suunto
