"""What the app may read of a registered person, and how far back: 204 or 404 where there is nothing."""

import datetime as dt
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from wearable_gateway.simulators._base.answers import Refusal
from wearable_gateway.simulators._base.book import Person

if TYPE_CHECKING:
    from wearable_gateway.simulators.polar import Polar

Item = dict[str, Any]
Make = Callable[[Person, dt.date], Item]
Answer = Callable[[Request], Awaitable[Response]]

_UPLOADED = dt.timedelta(days=30)
_LISTED = dt.timedelta(days=28)
_OLDEST = dt.timedelta(days=365)


class Data:
    def __init__(self, vendor: "Polar") -> None:
        self._vendor = vendor

    def routes(self) -> list[Route]:
        made = self._vendor.documents
        users = "/v3/users"
        return [
            Route("/v3/exercises", self._exercises),
            Route("/v3/exercises/{id}", self._exercise),
            Route(f"{users}/activities", self._activities),
            Route(f"{users}/activities/{{date}}", self._activity),
            Route(f"{users}/continuous-heart-rate", self._heart_rates),
            Route(f"{users}/continuous-heart-rate/{{date}}", self._of_day("daily", made.heart_rates, 404)),
            Route(f"{users}/sleep", self._listed("nights", made.night)),
            Route(f"{users}/sleep/{{date}}", self._of_day("sleep", made.night, 404)),
            Route(f"{users}/nightly-recharge", self._listed("recharges", made.recharge)),
            Route(f"{users}/nightly-recharge/{{date}}", self._of_day("sleep", made.recharge, 404)),
            Route(f"{users}/biosensing/skintemperature", self._biosensing("sleep", made.skin_temperature)),
            Route(f"{users}/biosensing/spo2", self._biosensing("body", made.spo2)),
            Route(f"{users}/biosensing/ecg", self._biosensing("body", None)),
            Route(f"{users}/biosensing/bodytemperature", self._biosensing("body", None)),
        ]

    # --- workouts ---

    async def _exercises(self, request: Request) -> Response:
        person = self._vendor.reader(request)
        return JSONResponse([self._made(request, person, day) for day in self._uploaded(person)])

    async def _exercise(self, request: Request) -> Response:
        person = self._vendor.reader(request)
        for day in self._uploaded(person):
            if self._vendor.documents.exercise_id(person, day) == request.path_params["id"]:
                return JSONResponse(self._made(request, person, day))
        return Response(status_code=404)

    def _made(self, request: Request, person: Person, day: dt.date) -> Item:
        asked = {name: request.query_params.get(name) == "true" for name in ("samples", "zones", "route")}
        return self._vendor.documents.exercise(person, day, **asked)

    def _uploaded(self, person: Person) -> list[dt.date]:
        """The days with a workout: uploaded within 30 days, and since the person was registered."""
        today = self._vendor.today()
        since = dt.datetime.fromtimestamp(self._vendor.users.registered_at(person), dt.UTC).date()
        days = set(self._vendor.days(max(since, today - _UPLOADED), today))
        for name, at in person.more.get("uploads", {}).items():
            kind, _, day = name.partition("/")
            uploaded = dt.datetime.fromtimestamp(at, dt.UTC).date()
            if kind == "activity" and uploaded >= max(since, today - _UPLOADED):
                days.add(dt.date.fromisoformat(day))
        return sorted(day for day in days if f"activity/{day}" not in person.deleted)

    # --- days ---

    async def _activities(self, request: Request) -> Response:
        person = self._vendor.reader(request)
        return JSONResponse([self._summary(request, person, day) for day in self._range(request, "daily")])

    async def _activity(self, request: Request) -> Response:
        person = self._vendor.reader(request)
        day = _day(request.path_params["date"])
        self._check_age(day)
        if day > self._vendor.today() or f"daily/{day}" in person.deleted:
            return Response(status_code=204)
        return JSONResponse(self._summary(request, person, day))

    def _summary(self, request: Request, person: Person, day: dt.date) -> Item:
        asked = request.query_params
        return self._vendor.documents.activity(
            person, day, steps=asked.get("steps") == "true", zones=asked.get("activity_zones") == "true"
        )

    async def _heart_rates(self, request: Request) -> Response:
        person = self._vendor.reader(request)
        days = self._range(request, "daily")
        return JSONResponse(
            {"heart_rates": [self._vendor.documents.heart_rates(person, day) for day in days]}
        )

    # --- nights, and what is measured by hand ---

    def _of_day(self, kind: str, make: Make, nothing: int) -> Answer:
        async def answer(request: Request) -> Response:
            person = self._vendor.reader(request)
            day = _day(request.path_params["date"])
            if day > self._vendor.today() or f"{kind}/{day}" in person.deleted:
                return Response(status_code=nothing)
            return JSONResponse(make(person, day))

        return answer

    def _listed(self, name: str, make: Make) -> Answer:
        async def answer(request: Request) -> Response:
            person = self._vendor.reader(request)
            today = self._vendor.today()
            days = [
                day
                for day in self._vendor.days(today - _LISTED, today)
                if f"sleep/{day}" not in person.deleted
            ]
            return JSONResponse({name: [make(person, day) for day in days]})

        return answer

    def _biosensing(self, kind: str, make: Make | None) -> Answer:
        """Only of wearables that can; of some measurements nobody here has any."""

        async def answer(request: Request) -> Response:
            person = self._vendor.reader(request)
            days = self._range(request, kind)
            if make is None or not days:
                return Response(status_code=204)
            return JSONResponse([make(person, day) for day in days])

        return answer

    def _range(self, request: Request, kind: str) -> list[dt.date]:
        """The days that were asked for and have data; the last 28 where none were. Raises Refusal with 400."""
        person = self._vendor.caller(request)
        today = self._vendor.today()
        first = _day(request.query_params.get("from", (today - _LISTED).isoformat()))
        last = _day(request.query_params.get("to", today.isoformat()))
        if first > last or last - first > _LISTED:
            raise Refusal(_bad_date())
        self._check_age(first)
        return [day for day in self._vendor.days(first, last) if f"{kind}/{day}" not in person.deleted]

    def _check_age(self, day: dt.date) -> None:
        if day < self._vendor.today() - _OLDEST:
            raise Refusal(_bad_date())


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise Refusal(_bad_date()) from None


def _bad_date() -> Response:
    return JSONResponse({"status": 400, "message": "invalid or too old date"}, 400)
