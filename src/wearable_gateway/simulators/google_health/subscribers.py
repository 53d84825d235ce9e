"""`projects.subscribers`: who is told of changes, once both knocks at the door were answered as they must be.

https://developers.google.com/health/reference/rest/v4/projects.subscribers
"""

import re
import secrets
from typing import TYPE_CHECKING, Any

import httpx
import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from wearable_gateway.simulators._base.answers import Refusal
from wearable_gateway.simulators.google_health.errors import error, invalid
from wearable_gateway.simulators.google_health.signing import PROJECT

if TYPE_CHECKING:
    from wearable_gateway.simulators._base.simulator import Simulator

_PATH = f"/v4/projects/{PROJECT}/subscribers"
_ID = re.compile(r"[a-z]([a-z0-9-]{2,34}[a-z0-9])")
_KNOCK = b'{"type": "verification"}'
_AGENT = "Google-Health-API-Webhooks-Verifier"
_SHOWN = ("name", "endpointUri", "subscriberConfigs", "state")

Item = dict[str, Any]


class Subscribers:
    def __init__(self, vendor: "Simulator") -> None:
        self._vendor = vendor
        self.tokens: set[str] = set()
        """Of service accounts; nothing else may see to subscribers."""

    def routes(self) -> list[Route]:
        return [
            Route(_PATH, self._list, methods=["GET"]),
            Route(_PATH, self._create, methods=["POST"]),
            Route(f"{_PATH}/{{id}}", self._patch, methods=["PATCH"]),
            Route(f"{_PATH}/{{id}}", self._delete, methods=["DELETE"]),
        ]

    @property
    def all(self) -> dict[str, Item]:
        found: dict[str, Item] = self._vendor.book.more.setdefault("subscribers", {})
        return found

    def told_of(self, data_type: str) -> list[Item]:
        """The subscribers that want to know of changes of `data_type`."""
        return [
            one
            for one in self.all.values()
            if any(data_type in config["dataTypes"] for config in one["subscriberConfigs"])
        ]

    def _admit(self, request: Request) -> None:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if token not in self.tokens:
            raise Refusal(error(401, "Request had invalid authentication credentials."))

    async def _list(self, request: Request) -> Response:
        self._admit(request)
        return JSONResponse({"subscribers": [_shown(one) for one in self.all.values()]} if self.all else {})

    async def _create(self, request: Request) -> Response:
        self._admit(request)
        wanted = await request.json()
        made = request.query_params.get("subscriberId") or f"s{secrets.token_hex(8)}"
        if not _ID.fullmatch(made):
            raise invalid("subscriberId is not one")
        if made in self.all:
            return error(409, "the subscriber exists")
        return await self._keep(made, wanted)

    async def _patch(self, request: Request) -> Response:
        self._admit(request)
        found = self.all.get(request.path_params["id"])
        if found is None:
            return error(404, "there is no such subscriber")
        wanted = await request.json()
        mask = request.query_params.get("updateMask", "").split(",")
        return await self._keep(
            request.path_params["id"], {**found, **{name: wanted[name] for name in mask if name in wanted}}
        )

    async def _delete(self, request: Request) -> Response:
        self._admit(request)
        if self.all.pop(request.path_params["id"], None) is None:
            return error(404, "there is no such subscriber")
        return JSONResponse({"name": "operations/delete", "done": True, "response": {}})

    async def _keep(self, name: str, wanted: Item) -> Response:
        secret = wanted.get("endpointAuthorization", {}).get("secret", "")
        if " " not in secret:
            raise invalid("endpointAuthorization.secret must include the authorization scheme")
        if not await self._answers(wanted["endpointUri"], secret):
            return error(400, "endpoint verification failed", "FAILED_PRECONDITION")
        kept = {
            "name": f"projects/{PROJECT}/subscribers/{name}",
            "endpointUri": wanted["endpointUri"],
            "subscriberConfigs": wanted["subscriberConfigs"],
            "endpointAuthorization": {"secret": secret},
            "state": "ACTIVE",
        }
        self.all[name] = kept
        return JSONResponse({"name": f"operations/{name}", "done": True, "response": _shown(kept)})

    async def _answers(self, url: str, secret: str) -> bool:
        """With the secret 201 or 200, without it 401 or 403."""
        headers = {"content-type": "application/json", "user-agent": _AGENT}
        async with httpx.AsyncClient(timeout=10, trust_env=False) as http:
            try:
                known = await http.post(url, content=_KNOCK, headers={**headers, "authorization": secret})
                unknown = await http.post(url, content=_KNOCK, headers=headers)
            except (httpx.HTTPError, httpx.InvalidURL):
                return False
        return known.status_code in {200, 201} and unknown.status_code in {401, 403}


def _shown(subscriber: Item) -> Item:
    """As it is listed: that there is a secret, not which."""
    return {name: subscriber[name] for name in _SHOWN} | {"endpointAuthorization": {"secretSet": True}}


def batch_of(changes: list[Item]) -> bytes:
    """The body of a notice: an array of envelopes, 99 at most."""
    return orjson.dumps([{"data": change} for change in changes])
