"""The one webhook an app can have: tried before it is made, its secret told once, put to sleep when it fails."""

import datetime as dt
import hmac
import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import httpx
import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from wearable_gateway.simulators._base.answers import Refusal
from wearable_gateway.simulators._base.book import Person
from wearable_gateway.simulators._base.sending import Sent
from wearable_gateway.simulators._base.tokens import basic_of

if TYPE_CHECKING:
    from wearable_gateway.simulators.polar import Polar

_EVENTS = frozenset(
    {
        "EXERCISE",
        "SLEEP",
        "CONTINUOUS_HEART_RATE",
        "SLEEP_WISE_CIRCADIAN_BEDTIME",
        "SLEEP_WISE_ALERTNESS",
        "ACTIVITY_SUMMARY",
        "PHYSICAL_INFORMATION",
    }
)
_SLEEPS_AFTER_SECONDS = 7 * 24 * 3600
_OK, _CREATED, _EMPTY = 200, 201, 204
_URLS = {
    "EXERCISE": "/v3/exercises/{entity_id}",
    "SLEEP": "/v3/users/sleep/{date}",
    "CONTINUOUS_HEART_RATE": "/v3/users/continuous-heart-rate/{date}",
    "ACTIVITY_SUMMARY": "/v3/users/activities/{date}",
    "PHYSICAL_INFORMATION": "/v3/users/physical-info",
}


class Webhook:
    def __init__(self, vendor: "Polar") -> None:
        self._vendor = vendor
        self._failing_since: float | None = None

    def routes(self) -> list[Route]:
        return [
            Route("/v3/webhooks", self._show, methods=["GET"]),
            Route("/v3/webhooks", self._create, methods=["POST"]),
            Route("/v3/webhooks/activate", self._activate, methods=["POST"]),
            Route("/v3/webhooks/deactivate", self._deactivate, methods=["POST"]),
            Route("/v3/webhooks/{id}", self._change, methods=["PATCH"]),
            Route("/v3/webhooks/{id}", self._delete, methods=["DELETE"]),
        ]

    @property
    def made(self) -> dict[str, Any] | None:
        found: dict[str, Any] | None = self._vendor.book.more.get("webhook")
        return found

    def tell(self, person: Person, event: str, about: Mapping[str, Any]) -> None:
        """Queue a notice, if the app has asked for such, and may know of this person."""
        made = self.made
        if made is None or not made["active"] or event not in made["events"]:
            return
        if not self._vendor.users.registered(person) or not person.scopes:
            return
        body = {
            "event": event,
            "user_id": int(person.id),
            **about,
            "timestamp": self._now(),
            "url": self._vendor.config.url + _URLS[event].format(**about),
        }
        self._vendor.tell(orjson.dumps(body), self._signed, made["url"])

    def failed(self, notice: Sent) -> None:
        """Nothing was taken of the app's since some moment; after seven days no more is sent."""
        now = self._vendor.clock()
        if any(one.status == _OK for one in self._vendor.sender.sent):
            self._failing_since = None
        self._failing_since = self._failing_since or now
        if self.made is not None and now - self._failing_since >= _SLEEPS_AFTER_SECONDS:
            self.made["active"] = False

    def _signed(self, body: bytes) -> Mapping[str, str]:
        secret = str(self.made["secret"]) if self.made else ""
        return {
            "content-type": "application/json",
            "Polar-Webhook-Event": str(orjson.loads(body)["event"]),
            "Polar-Webhook-Signature": hmac.digest(secret.encode(), body, "sha256").hex(),
        }

    def _check_client(self, request: Request) -> None:
        config = self._vendor.config
        if basic_of(request) != (config.client_id, config.client_secret):
            raise Refusal(JSONResponse({"message": "client credentials are needed"}, 401))

    async def _show(self, request: Request) -> Response:
        self._check_client(request)
        return JSONResponse({"data": [self._public()] if self.made else []})

    async def _create(self, request: Request) -> Response:
        self._check_client(request)
        wanted = await request.json()
        if self.made is not None:
            return JSONResponse({"message": "webhook already exists"}, 409)
        if not _EVENTS.issuperset(wanted["events"]) or not await self._answers(wanted["url"]):
            return JSONResponse({"message": "webhook cannot be created"}, 400)
        self._vendor.book.more["webhook"] = {
            "id": secrets.token_hex(3),
            "events": wanted["events"],
            "url": wanted["url"],
            "active": True,
            "secret": secrets.token_hex(16),
        }
        told = {name: value for name, value in self._public().items() if name != "active"}
        return JSONResponse({"data": told | {"signature_secret_key": self._made["secret"]}}, _CREATED)

    async def _change(self, request: Request) -> Response:
        self._check_client(request)
        if self.made is None or self.made["id"] != request.path_params["id"]:
            return JSONResponse({"message": "webhook not found"}, 404)
        wanted = await request.json()
        if "url" in wanted and not await self._answers(wanted["url"]):
            return JSONResponse({"message": "webhook cannot be updated"}, 400)
        self.made.update({name: wanted[name] for name in ("events", "url") if name in wanted})
        return JSONResponse({"data": [self._public()]})

    async def _delete(self, request: Request) -> Response:
        self._check_client(request)
        if self.made is None or self.made["id"] != request.path_params["id"]:
            return JSONResponse({"message": "webhook not found"}, 404)
        del self._vendor.book.more["webhook"]
        return Response(status_code=_EMPTY)

    async def _activate(self, request: Request) -> Response:
        self._check_client(request)
        if self.made is None or not await self._answers(self.made["url"]):
            return Response(status_code=_EMPTY)
        self.made["active"], self._failing_since = True, None
        return Response(status_code=_OK)

    async def _deactivate(self, request: Request) -> Response:
        self._check_client(request)
        if self.made is None:
            return Response(status_code=_EMPTY)
        self.made["active"] = False
        return Response(status_code=_OK)

    @property
    def _made(self) -> dict[str, Any]:
        assert self.made is not None  # noqa: S101 - for those who have just seen to it
        return self.made

    def _public(self) -> dict[str, Any]:
        return {name: value for name, value in self._made.items() if name != "secret"}

    async def _answers(self, url: str) -> bool:
        """A ping must be answered 200. Nobody can sign it: the secret of a new webhook is not told yet."""
        ping = {"timestamp": self._now(), "event": "PING"}
        async with httpx.AsyncClient(timeout=10, trust_env=False) as http:
            try:
                return (await http.post(url, json=ping)).status_code == _OK
            except (httpx.HTTPError, httpx.InvalidURL):
                return False

    def _now(self) -> str:
        at = dt.datetime.fromtimestamp(self._vendor.clock(), dt.UTC)
        return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
