"""What may a client add to an account, and take away again?"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from wearable_gateway.sandbox.api import FIRST_DAY, LAST_DAY, Handler, admit
from wearable_gateway.sandbox.bodies import describe, read_body
from wearable_gateway.sandbox.config import WRITE
from wearable_gateway.sandbox.data import profile_of
from wearable_gateway.sandbox.items import NewMeals, NewMeasurement, NewPlan, NewWorkout
from wearable_gateway.sandbox.kinds import BODY, MEALS, PLANS, WORKOUTS, Kind
from wearable_gateway.sandbox.rejections import RequestError
from wearable_gateway.sandbox.state import Written
from wearable_gateway.sandbox.syncs import tell_of
from wearable_gateway.sandbox.vendor import Vendor

MAX_ITEM_BYTES = 1024 * 1024


@dataclass(frozen=True)
class Writable:
    kind: Kind
    model: type[BaseModel]
    prefix: str
    start: Callable[..., datetime]
    removable: bool = True


WRITABLE = (
    Writable(WORKOUTS, NewWorkout, "wrk", lambda item: item.started_at, removable=False),
    Writable(BODY, NewMeasurement, "msr", lambda item: item.started_at),
    Writable(MEALS, NewMeals, "mea", lambda item: item.started_at),
    Writable(PLANS, NewPlan, "pln", lambda item: item.starts_at),
)


def add_item(writable: Writable) -> Handler:
    kind = writable.kind

    async def add(request: Request) -> Response:
        vendor, authorisation = admit(request, call=f"write.{kind.name}", endpoint="write", scope=WRITE)
        account_id = authorisation.account_id
        item = await _read(request, writable.model, account_id)
        day = writable.start(item).date()
        if not FIRST_DAY <= day <= LAST_DAY:
            raise RequestError(422, "invalid_item", "It starts on a day that no calendar here has.")
        item_id = f"{writable.prefix}_{secrets.token_hex(10)}"
        content = item.model_dump(mode="json", by_alias=True, exclude_none=True)
        written = vendor.state.written.setdefault(account_id, {})
        written[item_id] = Written(kind.scope, day.isoformat(), content)
        _changed(vendor, account_id, day, kind)
        return JSONResponse({"id": item_id}, 201)

    return add


def delete_item(writable: Writable) -> Handler:
    kind = writable.kind

    async def delete(request: Request) -> Response:
        """Only what a client added: what the wearable measured happened."""
        vendor, authorisation = admit(request, call=f"delete.{kind.name}", endpoint="write", scope=WRITE)
        account_id, item_id = authorisation.account_id, request.path_params["id"]
        written = vendor.state.written.get(account_id, {})
        if item_id not in written or written[item_id].kind != kind.scope:
            raise RequestError(404, "not_found")
        day = date.fromisoformat(written.pop(item_id).day)
        _changed(vendor, account_id, day, kind)
        return Response(status_code=204)

    return delete


def _changed(vendor: Vendor, account_id: str, day: date, kind: Kind) -> None:
    vendor.store.changed()
    tell_of(vendor, account_id, day, (kind.scope,))


async def _read(request: Request, model: type[BaseModel], account_id: str) -> BaseModel:
    body = await read_body(request, most=MAX_ITEM_BYTES)
    try:
        return model.model_validate_json(body, context={"offset": profile_of(account_id).offset})
    except ValidationError as error:
        raise RequestError(422, "invalid_item", describe(error)) from error
