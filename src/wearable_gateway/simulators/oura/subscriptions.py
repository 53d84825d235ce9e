"""What an app is told about: one subscription for each kind of event and of data, made against a challenge."""

import datetime as dt
import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import httpx
import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from wearable_gateway.simulators._base.answers import Refusal
from wearable_gateway.simulators._base.sending import Sent

if TYPE_CHECKING:
    from wearable_gateway.simulators._base.simulator import Simulator

_PATH = "/v2/webhook/subscription"
_LIFE = dt.timedelta(days=90)
_EVENTS = ("create", "update", "delete")
_DATA = (
    "tag", "enhanced_tag", "workout", "session", "sleep", "daily_sleep", "daily_readiness", "daily_activity",
    "daily_spo2", "sleep_time", "rest_mode_period", "ring_configuration", "daily_stress",
    "daily_cardiovascular_age", "daily_resilience", "vo2_max", "meal",
)  # fmt: skip
_OK = 200

Item = dict[str, Any]


class Subscriptions:
    def __init__(self, vendor: "Simulator") -> None:
        self._vendor = vendor

    def routes(self) -> Sequence[Route]:
        return [
            Route(_PATH, self._list, methods=["GET"]),
            Route(_PATH, self._make, methods=["POST"]),
            Route(f"{_PATH}/{{id}}", self._show, methods=["GET"]),
            Route(f"{_PATH}/{{id}}", self._change, methods=["PUT"]),
            Route(f"{_PATH}/{{id}}", self._end, methods=["DELETE"]),
            Route(f"{_PATH}/renew/{{id}}", self._renew, methods=["PUT"]),
        ]

    @property
    def _kept(self) -> dict[str, Item]:
        found: dict[str, Item] = self._vendor.book.more.setdefault("subscriptions", {})
        return found

    def url_for(self, event: str, data: str) -> str | None:
        """Where to tell of it; None when nobody wants to know, or no longer."""
        now = self._now().isoformat()
        return next(
            (one["callback_url"] for one in self._of(event, data) if one["expiration_time"] > now), None
        )

    def cancel(self, sent: Sent) -> None:
        """The app answered that it is gone."""
        told = orjson.loads(sent.body)
        for one in list(self._of(told["event_type"], told["data_type"])):
            del self._kept[one["id"]]

    def _of(self, event: str, data: str) -> list[Item]:
        return [one for one in self._kept.values() if (one["event_type"], one["data_type"]) == (event, data)]

    def _now(self) -> dt.datetime:
        """Without an offset, as the vendor writes when a subscription ends."""
        return dt.datetime.fromtimestamp(self._vendor.clock(), dt.UTC).replace(tzinfo=None)

    def _check_client(self, request: Request) -> None:
        given = (request.headers.get("x-client-id"), request.headers.get("x-client-secret"))
        if given != (self._vendor.config.client_id, self._vendor.config.client_secret):
            raise Refusal(JSONResponse({"detail": "unknown client"}, 401))

    def _found(self, request: Request) -> Item:
        """The subscription of the path. Raises Refusal."""
        self._check_client(request)
        found = self._kept.get(request.path_params["id"])
        if found is None:
            raise Refusal(JSONResponse({"detail": "Webhook with specified id does not exist."}, 403))
        return found

    async def _list(self, request: Request) -> Response:
        self._check_client(request)
        return JSONResponse(list(self._kept.values()))

    async def _make(self, request: Request) -> Response:
        self._check_client(request)
        wanted = await _json(request)
        for field in ("callback_url", "verification_token", "event_type", "data_type"):
            if not isinstance(wanted.get(field), str):
                return unprocessable("body", field)
        if wanted["event_type"] not in _EVENTS or wanted["data_type"] not in _DATA:
            return unprocessable("body", "data_type")
        if self._of(wanted["event_type"], wanted["data_type"]):
            return JSONResponse({"detail": "subscription exists"}, 409)
        if not await self._answers(wanted["callback_url"], wanted["verification_token"]):
            return unprocessable("body", "callback_url")
        made = {
            "id": secrets.token_hex(8),
            **{name: wanted[name] for name in ("callback_url", "event_type", "data_type")},
            "expiration_time": (self._now() + _LIFE).isoformat(),
        }
        self._kept[made["id"]] = made
        return JSONResponse(made, 201)

    async def _show(self, request: Request) -> Response:
        return JSONResponse(self._found(request))

    async def _change(self, request: Request) -> Response:
        found, wanted = self._found(request), await _json(request)
        if not isinstance(wanted.get("verification_token"), str):
            return unprocessable("body", "verification_token")
        url = wanted.get("callback_url") or found["callback_url"]
        if not await self._answers(url, wanted["verification_token"]):
            return unprocessable("body", "callback_url")
        found["callback_url"] = url
        return JSONResponse(found)

    async def _end(self, request: Request) -> Response:
        del self._kept[self._found(request)["id"]]
        return Response(status_code=204)

    async def _renew(self, request: Request) -> Response:
        found = self._found(request)
        found["expiration_time"] = (self._now() + _LIFE).isoformat()
        return JSONResponse(found)

    async def _answers(self, url: str, token: str) -> bool:
        """The challenge: the address must say back what it is told, and know the token it was set up with."""
        challenge = secrets.token_hex(8)
        query = {"verification_token": token, "challenge": challenge}
        async with httpx.AsyncClient(timeout=10, trust_env=False) as http:
            try:
                answer = await http.get(url, params=query)
                return answer.status_code == _OK and bool(answer.json().get("challenge") == challenge)
            except (httpx.HTTPError, httpx.InvalidURL, ValueError):
                return False


async def _json(request: Request) -> Item:
    try:
        read = orjson.loads(await request.body())
    except orjson.JSONDecodeError:
        return {}
    return read if isinstance(read, dict) else {}


def unprocessable(where: str, field: str) -> Response:
    return JSONResponse({"detail": [{"type": "value_error", "loc": [where, field], "msg": "invalid"}]}, 422)
