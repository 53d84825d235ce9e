"""How do command lines and tests play the person, the wearable and a failing vendor?"""

import datetime as dt
import hmac
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from wearable_gateway.sandbox.accounts import NAME_PATTERN, account_named
from wearable_gateway.sandbox.api import FIRST_DAY, LAST_DAY
from wearable_gateway.sandbox.bodies import Body, read_json
from wearable_gateway.sandbox.config import SYNCED_KINDS, Kind
from wearable_gateway.sandbox.data import profile_of
from wearable_gateway.sandbox.instruments import PlannedFailure
from wearable_gateway.sandbox.rejections import RequestError
from wearable_gateway.sandbox.syncs import sync_day
from wearable_gateway.sandbox.vendor import Vendor, vendor_of

Name = Annotated[str, StringConstraints(pattern=NAME_PATTERN)]
Scope = Kind | Literal["write"]


class _Order(BaseModel):
    # Strict, or pydantic takes a number for a date.
    model_config = ConfigDict(strict=True, extra="forbid")


class Push(_Order):
    account: Name
    date: Annotated[dt.date, Field(ge=FIRST_DAY, le=LAST_DAY)] | None = None
    kinds: tuple[Kind, ...] = SYNCED_KINDS


class Revoke(_Order):
    account: Name
    client_id: str | None = None


class ChangeScopes(_Order):
    account: Name
    client_id: str
    scopes: tuple[Scope, ...]


class Fail(_Order):
    endpoint: Literal["token", "revoke", "me", "data", "write"]
    status: Literal[202] | Annotated[int, Field(ge=400, le=599)] = 503
    """202: the vendor prepares an answer and wants to be asked again."""
    times: int = Field(1, ge=0)
    error: str = Field("temporarily_unavailable", pattern=r"^[a-z_]{1,64}$")
    retry_after: int | None = Field(None, ge=0, le=86_400)


class Switch(_Order):
    second_consent_kills_earlier: bool


class Resend(_Order):
    notice_id: str


class Ping(_Order):
    client_id: str | None = None


async def push(request: Request) -> Response:
    vendor, order = await _ordered(request, Push)
    account_id = account_named(order.account).account_id
    day = order.date or profile_of(account_id).today(vendor.clock())
    notices = sync_day(vendor, account_id, day, order.kinds)
    return JSONResponse({"account_id": account_id, "date": day.isoformat(), "notices": notices})


async def revoke(request: Request) -> Response:
    vendor, order = await _ordered(request, Revoke)
    account_id = account_named(order.account).account_id
    found = [authorisation.client_id for authorisation in vendor.authorisations.of_account(account_id)]
    chosen = found if order.client_id is None else [order.client_id]
    return JSONResponse(
        {"revoked": sum(vendor.authorisations.revoke(account_id, client) for client in chosen)}
    )


async def change_scopes(request: Request) -> Response:
    vendor, order = await _ordered(request, ChangeScopes)
    authorisation = vendor.authorisations.find(account_named(order.account).account_id, order.client_id)
    if authorisation is None:
        raise RequestError(404, "not_found", "This client is not connected to this account.")
    changed = vendor.authorisations.change_scopes(authorisation, order.scopes)
    return JSONResponse({"scopes": authorisation.scopes, "changed": changed})


async def plan_failure(request: Request) -> Response:
    vendor, order = await _ordered(request, Fail)
    failure = PlannedFailure(order.status, order.times, order.error, order.retry_after)
    vendor.instruments.plan_failure(order.endpoint, failure)
    return JSONResponse({"endpoint": order.endpoint, "times": order.times})


async def switch(request: Request) -> Response:
    vendor, order = await _ordered(request, Switch)
    vendor.instruments.second_consent_kills_earlier = order.second_consent_kills_earlier
    return JSONResponse(order.model_dump())


async def count(request: Request) -> Response:
    vendor = _controlled(request)
    return JSONResponse({"calls": vendor.instruments.calls, "notices": vendor.notices.counts()})


async def resend(request: Request) -> Response:
    vendor, order = await _ordered(request, Resend)
    if not vendor.notices.resend(order.notice_id):
        raise RequestError(404, "not_found", "No delivered or failed notice has this id.")
    return JSONResponse({"notice_id": order.notice_id})


async def ping(request: Request) -> Response:
    vendor, order = await _ordered(request, Ping)
    chosen = list(vendor.state.clients) if order.client_id is None else [order.client_id]
    notices = sum(vendor.notices.add("ping", account_id=None, client_id=client) for client in chosen)
    return JSONResponse({"notices": notices})


def _controlled(request: Request) -> Vendor:
    vendor = vendor_of(request)
    if vendor.config.control_token is None:
        raise RequestError(404, "not_found")
    wanted = f"Bearer {vendor.config.control_token}"
    if not hmac.compare_digest(request.headers.get("authorization", "").encode(), wanted.encode()):
        raise RequestError(401, "invalid_token")
    return vendor


async def _ordered(request: Request, model: type[Body]) -> tuple[Vendor, Body]:
    vendor = _controlled(request)
    return vendor, await read_json(request, model)
