"""Oura, simulated (https://cloud.ouraring.com/v2/docs)."""

import datetime as dt
import hmac
import secrets
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import httpx
import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from wearable_gateway.simulators._base.answers import Refusal
from wearable_gateway.simulators._base.book import Person
from wearable_gateway.simulators._base.simulator import Simulator

_ZONE = dt.timezone(dt.timedelta(hours=1))
_DATA = "/v2/usercollection"
_SUBSCRIPTIONS = "/v2/webhook/subscription"
_LIFE = dt.timedelta(days=90)
_PAGE = 50
_EVENTS = {
    "daily": ("daily_activity", "daily_sleep", "daily_readiness"),
    "sleep": ("sleep",),
    "activity": ("workout",),
}
_EMPTY = ("daily_stress", "daily_spo2", "vO2_max", "enhanced_tag", "session")
_SCOPES = {
    "workout": ("workout",),
    "session": ("session",),
    "heartrate": ("heartrate",),
    "daily_spo2": ("spo2Daily", "spo2", "daily"),
    "enhanced_tag": ("tag",),
}

Item = dict[str, Any]


class Oura(Simulator):
    name = "Oura"
    authorize_path = "/oauth/authorize"
    token_path = "/oauth/token"  # noqa: S105 - a path
    data_paths = (_DATA,)
    scopes = ("personal", "daily", "heartrate", "workout", "tag", "session", "spo2Daily")
    kinds = ("daily", "sleep", "activity")
    access_seconds = 86_400
    retry_schedule: ClassVar = (10, 60, 300, 600, 900)

    def routes(self) -> list[Route]:
        return [
            Route("/oauth/revoke", self._revoke, methods=["POST"]),
            Route(f"{_DATA}/personal_info", self._personal_info),
            Route(f"{_DATA}/heartrate", self._heart_rates),
            *(Route(f"{_DATA}/{name}", self._collection(name)) for name in self._documents),
            *(Route(f"{_DATA}/{name}", self._nothing(name)) for name in _EMPTY),
            *(Route(f"{_DATA}/{name}/{{id}}", self._single(name)) for name in self._documents),
            Route(_SUBSCRIPTIONS, self._list, methods=["GET"]),
            Route(_SUBSCRIPTIONS, self._subscribe, methods=["POST"]),
            Route(f"{_SUBSCRIPTIONS}/{{id}}", self._change, methods=["PUT", "DELETE"]),
            Route(f"{_SUBSCRIPTIONS}/renew/{{id}}", self._renew, methods=["PUT"]),
        ]

    def unauthorized(self) -> Response:
        return JSONResponse({"status": 401, "title": "Unauthorized", "detail": "invalid access token"}, 401)

    # --- notices ---

    async def changed(self, person: Person, kind: str, day: dt.date) -> None:
        event = "create" if person.revision(kind, day) == 1 else "update"
        for name in _EVENTS[kind]:
            self._tell(person, event, name, self.identifier(person, name, day))

    async def delete(self, person: Person, kind: str, day: dt.date) -> int:
        for name in _EVENTS[kind]:
            object_id = self.identifier(person, name, day)
            person.deleted.append(object_id)
            self._tell(person, "delete", name, object_id)
        return len(_EVENTS[kind])

    def _tell(self, person: Person, event: str, name: str, object_id: str) -> None:
        at = dt.datetime.fromtimestamp(self.clock(), dt.UTC).isoformat()
        data_type = name.lower()
        subscription = next(
            (
                one
                for one in self._subscriptions.values()
                if (one["event_type"], one["data_type"]) == (event, data_type)
            ),
            None,
        )
        if subscription is None or person.scopes is None:
            return
        body = orjson.dumps(
            {
                "event_type": event,
                "data_type": data_type,
                "object_id": object_id,
                "event_time": at,
                "user_id": person.id,
            }
        )
        self.tell(body, self._signed, subscription["callback_url"])

    def _signed(self, body: bytes) -> Mapping[str, str]:
        at = str(int(self.clock()))
        signature = hmac.digest(self.config.client_secret.encode(), at.encode() + body, "sha256").hex()
        return {
            "content-type": "application/json",
            "x-oura-timestamp": at,
            "x-oura-signature": signature.upper(),
        }

    # --- subscriptions ---

    @property
    def _subscriptions(self) -> dict[str, Item]:
        found: dict[str, Item] = self.book.more.setdefault("subscriptions", {})
        return found

    def _check_client(self, request: Request) -> None:
        given = (request.headers.get("x-client-id"), request.headers.get("x-client-secret"))
        if given != (self.config.client_id, self.config.client_secret):
            raise Refusal(JSONResponse({"detail": "unknown client"}, 401))

    async def _list(self, request: Request) -> Response:
        self._check_client(request)
        return JSONResponse(list(self._subscriptions.values()))

    async def _subscribe(self, request: Request) -> Response:
        self._check_client(request)
        wanted = await request.json()
        if any(_same(one, wanted) for one in self._subscriptions.values()):
            return JSONResponse({"detail": "subscription exists"}, 409)
        if not await self._answers(wanted):
            return _unprocessable("callback_url")
        made = {
            "id": secrets.token_hex(8),
            **{name: wanted[name] for name in ("callback_url", "event_type", "data_type")},
        }
        made["expiration_time"] = self._expiration()
        self._subscriptions[made["id"]] = made
        return JSONResponse(made, 201)

    async def _change(self, request: Request) -> Response:
        self._check_client(request)
        found = self._subscriptions.get(request.path_params["id"])
        if found is None:
            return JSONResponse({"detail": "not found"}, 404)
        if request.method == "DELETE":
            del self._subscriptions[found["id"]]
            return Response(status_code=204)
        wanted = await request.json()
        if not await self._answers(wanted):
            return _unprocessable("callback_url")
        found["callback_url"] = wanted["callback_url"]
        return JSONResponse(found)

    async def _renew(self, request: Request) -> Response:
        self._check_client(request)
        found = self._subscriptions.get(request.path_params["id"])
        if found is None:
            return JSONResponse({"detail": "not found"}, 404)
        found["expiration_time"] = self._expiration()
        return JSONResponse(found)

    async def _answers(self, wanted: Item) -> bool:
        """The challenge: the address must say back what it is told, and know the token it was set up with."""
        challenge = secrets.token_hex(8)
        query = {"verification_token": str(wanted.get("verification_token")), "challenge": challenge}
        async with httpx.AsyncClient(timeout=10, trust_env=False) as http:
            try:
                answer = await http.get(str(wanted.get("callback_url")), params=query)
                return bool(answer.status_code == 200 and answer.json().get("challenge") == challenge)  # noqa: PLR2004 - as it must
            except (httpx.HTTPError, httpx.InvalidURL, ValueError):
                return False

    def _expiration(self) -> str:
        return (dt.datetime.fromtimestamp(self.clock(), dt.UTC) + _LIFE).isoformat()

    # --- data ---

    async def _revoke(self, request: Request) -> Response:
        tokens = self.book.tokens.get(request.query_params.get("access_token", ""))
        if tokens is None:
            return self.unauthorized()
        self.withdraw(self.book.people[tokens.name])
        return Response(status_code=200)

    async def _personal_info(self, request: Request) -> Response:
        person = self.caller(request)
        return JSONResponse(
            {
                "id": person.id,
                "age": 34,
                "weight": 72.5,
                "height": 1.8,
                "biological_sex": "male",
                "email": None,
            }
        )

    def _collection(self, name: str) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            person = self._entitled(request, name)
            try:
                first = dt.date.fromisoformat(request.query_params["start_date"])
                last = dt.date.fromisoformat(request.query_params["end_date"])
            except (KeyError, ValueError):
                return _unprocessable("start_date")
            if first > last:
                return _unprocessable("start_date")
            items = [self._documents[name](self, person, day) for day in self.days(first, last)]
            kept = [item for item in items if item["id"] not in person.deleted]
            start = int(request.query_params.get("next_token") or 0)
            more = start + _PAGE < len(kept)
            return JSONResponse(
                {"data": kept[start : start + _PAGE], "next_token": str(start + _PAGE) if more else None}
            )

        return answer

    def _nothing(self, name: str) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            self._entitled(request, name)
            return JSONResponse({"data": [], "next_token": None})

        return answer

    def _single(self, name: str) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            person = self._entitled(request, name)
            wanted = request.path_params["id"]
            for day in reversed(self.days(self.today() - dt.timedelta(days=400), self.today())):
                if self.identifier(person, name, day) == wanted and wanted not in person.deleted:
                    return JSONResponse(self._documents[name](self, person, day))
            return JSONResponse({"status": 404, "title": "Not Found", "detail": "no such document"}, 404)

        return answer

    def _entitled(self, request: Request, name: str) -> Person:
        person = self.caller(request)
        if not set(_SCOPES.get(name, ("daily",))) & set(person.scopes or ()):
            raise Refusal(JSONResponse({"status": 403, "title": "Forbidden", "detail": "missing scope"}, 403))
        return person

    async def _heart_rates(self, request: Request) -> Response:
        person = self._entitled(request, "heartrate")
        first = dt.datetime.fromisoformat(request.query_params["start_datetime"])
        last = dt.datetime.fromisoformat(request.query_params["end_datetime"])
        rows = [
            {
                "bpm": self.whole(person, "heartrate", day, 48, 90, str(hour)),
                "source": "awake",
                "timestamp": at.isoformat(),
            }
            for day in self.days(first.date(), last.date())
            for hour in range(0, 24, 6)
            if first <= (at := dt.datetime(day.year, day.month, day.day, hour, tzinfo=dt.UTC)) < last
        ]
        return JSONResponse({"data": rows, "next_token": None})

    def _daily_activity(self, person: Person, day: dt.date) -> Item:
        active = self.whole(person, "daily", day, 200, 900)
        return {
            "id": self.identifier(person, "daily_activity", day),
            "class_5_min": "1" * 288,
            "score": self.whole(person, "daily", day, 60, 99, "score"),
            "active_calories": active,
            "total_calories": active + 1700,
            "steps": self.whole(person, "daily", day, 3000, 15_000, "steps"),
            "equivalent_walking_distance": self.whole(person, "daily", day, 2500, 12_000, "distance"),
            "high_activity_time": 1800,
            "medium_activity_time": 3600,
            "low_activity_time": 14_400,
            "sedentary_time": 30_000,
            "resting_time": 28_800,
            "non_wear_time": 600,
            "average_met_minutes": 1.6,
            "day": day.isoformat(),
            "timestamp": _at(day, 4).isoformat(),
        }

    def score(self, name: str, person: Person, day: dt.date) -> Item:
        return {
            "id": self.identifier(person, name, day),
            "score": self.whole(person, "daily", day, 55, 98, name),
            "day": day.isoformat(),
            "timestamp": f"{day.isoformat()}T00:00:00+00:00",
        }

    def _sleep(self, person: Person, day: dt.date) -> Item:
        deep, rem = (
            self.whole(person, "sleep", day, 3000, 6000),
            self.whole(person, "sleep", day, 4000, 7000, "rem"),
        )
        light, awake = self.whole(person, "sleep", day, 12_000, 16_000, "light"), 1800
        began = _at(day, 7) - dt.timedelta(seconds=deep + rem + light + awake)
        return {
            "id": self.identifier(person, "sleep", day),
            "average_breath": 14.5,
            "average_heart_rate": self.number(person, "sleep", day, 48, 60),
            "lowest_heart_rate": 46,
            "average_hrv": self.whole(person, "sleep", day, 25, 90, "hrv"),
            "awake_time": awake,
            "bedtime_start": began.isoformat(),
            "bedtime_end": _at(day, 7).isoformat(),
            "day": day.isoformat(),
            "deep_sleep_duration": deep,
            "light_sleep_duration": light,
            "rem_sleep_duration": rem,
            "total_sleep_duration": deep + light + rem,
            "time_in_bed": deep + light + rem + awake,
            "efficiency": 92,
            "latency": 600,
            "sleep_phase_5_min": "42113344",
            "type": "long_sleep",
        }

    def _workout(self, person: Person, day: dt.date) -> Item:
        return {
            "id": self.identifier(person, "workout", day),
            "activity": "running",
            "calories": self.number(person, "activity", day, 150, 600),
            "day": day.isoformat(),
            "distance": self.number(person, "activity", day, 2000, 9000, "distance"),
            "start_datetime": _at(day, 8).isoformat(),
            "end_datetime": _at(day, 9).isoformat(),
            "intensity": "moderate",
            "label": None,
            "source": "confirmed",
        }

    _documents: ClassVar[Mapping[str, Callable[["Oura", Person, dt.date], Item]]] = {
        "daily_activity": _daily_activity,
        "daily_sleep": lambda vendor, person, day: vendor.score("daily_sleep", person, day),
        "daily_readiness": lambda vendor, person, day: vendor.score("daily_readiness", person, day),
        "sleep": _sleep,
        "workout": _workout,
    }


def _at(day: dt.date, hour: int) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, hour, tzinfo=_ZONE)


def _same(one: Item, other: Item) -> bool:
    return all(one.get(name) == other.get(name) for name in ("event_type", "data_type"))


def _unprocessable(field: str) -> Response:
    return JSONResponse({"detail": [{"type": "value_error", "loc": ["body", field], "msg": "invalid"}]}, 422)


SIMULATOR = Oura
