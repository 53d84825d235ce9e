"""The one push subscription that an app may have (https://developers.strava.com/docs/webhooks/#subscriptions)."""

import secrets
from typing import TYPE_CHECKING, Any

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from wearable_gateway.simulators._base.answers import Refusal
from wearable_gateway.simulators.strava.refusals import refused

if TYPE_CHECKING:
    from wearable_gateway.simulators._base.simulator import Simulator

_APPLICATION = 4242
_SECONDS_TO_ANSWER = 2


class Subscriptions:
    def __init__(self, vendor: "Simulator") -> None:
        self._vendor = vendor

    @property
    def current(self) -> dict[str, Any] | None:
        found: dict[str, Any] | None = self._vendor.book.more.get("subscription")
        return found

    async def list(self, request: Request) -> Response:
        self._check_client(dict(request.query_params))
        return JSONResponse([self.current] if self.current else [])

    async def create(self, request: Request) -> Response:
        form = {name: str(value) for name, value in (await request.form()).items()}
        self._check_client(form)
        if self.current:
            return refused(400, "Bad Request", "PushSubscription", "", "already exists")
        if not await self._answers(form.get("callback_url", ""), form.get("verify_token", "")):
            return refused(
                400,
                "Bad Request",
                "PushSubscription",
                "callback url",
                "GET to callback URL does not return 200",
            )
        made = {
            "id": secrets.randbelow(900_000) + 100_000,
            "resource_state": 2,
            "application_id": _APPLICATION,
            "callback_url": form["callback_url"],
            "created_at": "2026-07-01T01:44:15Z",
            "updated_at": "2026-07-01T01:44:15Z",
        }
        self._vendor.book.more["subscription"] = made
        return JSONResponse(made, 201)

    async def remove(self, request: Request) -> Response:
        self._check_client(dict(request.query_params))
        if self.current is None or str(self.current["id"]) != request.path_params["id"]:
            return refused(404, "Record Not Found", "PushSubscription", "id", "not found")
        del self._vendor.book.more["subscription"]
        return Response(status_code=204)

    def _check_client(self, given: dict[str, str]) -> None:
        config = self._vendor.config
        if (given.get("client_id"), given.get("client_secret")) != (config.client_id, config.client_secret):
            raise Refusal(refused(401, "Authorization Error", "Application", "client_id"))

    async def _answers(self, url: str, verify_token: str) -> bool:
        """The challenge, asked before the one who subscribes has an answer."""
        challenge = secrets.token_hex(8)
        query = {"hub.mode": "subscribe", "hub.verify_token": verify_token, "hub.challenge": challenge}
        async with httpx.AsyncClient(timeout=_SECONDS_TO_ANSWER, trust_env=False) as http:
            try:
                answer = await http.get(url, params=query)
                said = answer.json()
            except (httpx.HTTPError, httpx.InvalidURL, ValueError):
                return False
        return answer.status_code == httpx.codes.OK and said == {"hub.challenge": challenge}
