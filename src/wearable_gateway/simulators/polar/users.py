"""Who of the vendor's people is registered with the app."""

from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from wearable_gateway.simulators._base.book import Person

if TYPE_CHECKING:
    from wearable_gateway.simulators.polar import Polar


class Users:
    def __init__(self, vendor: "Polar") -> None:
        self._vendor = vendor

    def routes(self) -> list[Route]:
        return [
            Route("/v3/users", self._register, methods=["POST"]),
            Route("/v3/users/physical-info", self._physical_info),
            Route("/v3/users/{id:int}", self._show, methods=["GET"]),
            Route("/v3/users/{id:int}", self._delete, methods=["DELETE"]),
        ]

    @property
    def _registered(self) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = self._vendor.book.more.setdefault("registered", {})
        return found

    def count(self) -> int:
        return len(self._registered)

    def registered(self, person: Person) -> bool:
        return person.id in self._registered

    def registered_at(self, person: Person) -> float:
        """Only what was uploaded from then on is there for the app."""
        return float(self._registered[person.id]["at"])

    async def _register(self, request: Request) -> Response:
        person = self._vendor.caller(request)
        self._vendor.check_consents(person)
        try:
            member_id = (await request.json())["member-id"]
        except (ValueError, KeyError, TypeError):
            return JSONResponse({"message": "member-id is missing"}, 400)
        taken = any(one["member-id"] == member_id for one in self._registered.values())
        if person.id in self._registered or taken:
            return JSONResponse({"message": "user is registered already, or the member-id is taken"}, 409)
        self._registered[person.id] = {"member-id": member_id, "at": self._vendor.clock()}
        return JSONResponse(self._user(person))

    async def _show(self, request: Request) -> Response:
        person = self._vendor.caller(request)
        self._vendor.check_consents(person)
        if str(request.path_params["id"]) != person.id or person.id not in self._registered:
            return Response(status_code=204)
        return JSONResponse(self._user(person))

    async def _delete(self, request: Request) -> Response:
        """Out of the app's users, and with it every token the app has for this person."""
        person = self._vendor.caller(request)
        if str(request.path_params["id"]) == person.id:
            self._registered.pop(person.id, None)
            self._vendor.withdraw(person)
        return Response(status_code=204)

    async def _physical_info(self, request: Request) -> Response:
        return JSONResponse(self._vendor.documents.physical_info(self._vendor.reader(request)))

    def _user(self, person: Person) -> dict[str, Any]:
        return {
            "polar-user-id": int(person.id),
            "member-id": self._registered[person.id]["member-id"],
            "registration-date": "2026-11-01T12:00:00.000Z",
            "first-name": person.name.capitalize(),
            "last-name": "Testwell",
            "birthdate": "1984-02-29",
            "gender": "FEMALE",
            "weight": 66,
            "height": 170,
        }
