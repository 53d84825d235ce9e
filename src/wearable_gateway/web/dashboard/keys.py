"""Build > API keys: those of a developer's backends, made and ended."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Form, Request, Response

from wearable_gateway.developers import key_changes, keys
from wearable_gateway.developers.models import ApiKey
from wearable_gateway.errors import InvalidInputError
from wearable_gateway.web.dashboard import shown_once
from wearable_gateway.web.dashboard.addresses import section
from wearable_gateway.web.dashboard.credentials import in_use_first
from wearable_gateway.web.dashboard.deps import Here, Managing, Workplace
from wearable_gateway.web.dashboard.pages import framed, go_to
from wearable_gateway.web.deps import Services, Svc
from wearable_gateway.web.ids import read_id

router = section("/{dev_id}/keys")


@router.get("")
async def show_keys(svc: Svc, here: Here, revoked: str = "") -> Response:
    return await _page(svc, here, revoked=bool(revoked))


@router.post("")
async def create_key(svc: Svc, here: Managing, name: Annotated[str, Form()] = "") -> Response:
    try:
        async with svc.db.transaction() as tx:
            made, text = await key_changes.issue(tx, svc.hasher, here.dev_id, name, actor=here.actor)
    except InvalidInputError as error:
        return await _page(
            svc, here, status=HTTPStatus.UNPROCESSABLE_ENTITY, typed=name, problem=error.expected
        )
    return shown_once.go_to_secret(svc, here, _path(here, made), text)


@router.get("/{key_id}")
async def show_made_key(svc: Svc, here: Here, request: Request, key_id: str) -> Response:
    """The list, with the key above it the first time."""
    made = await keys.find_key(svc.db.autocommit, here.dev_id, read_id(key_id, "API key"))
    secret = shown_once.take(request, svc, here, _path(here, made))
    return shown_once.forget(await _page(svc, here, made=made, secret=secret), _path(here, made))


@router.post("/{key_id}/revoke")
async def revoke_key(svc: Svc, here: Managing, key_id: str) -> Response:
    async with svc.db.transaction() as tx:
        await key_changes.revoke(tx, here.dev_id, read_id(key_id, "API key"), actor=here.actor)
    return go_to(f"{here.home}/keys?revoked=1")


def _path(here: Workplace, key: ApiKey) -> str:
    return f"{here.home}/keys/{key.id}"


async def _page(
    svc: Services,
    here: Workplace,
    *,
    status: int = HTTPStatus.OK,
    made: ApiKey | None = None,
    secret: str | None = None,
    **values: Any,
) -> Response:
    found = await keys.list_keys(svc.db.autocommit, here.dev_id)
    shown = {"typed": "", "problem": None, "revoked": False, **values}
    return framed(
        "keys.html",
        here,
        "keys",
        status=status,
        credentials=in_use_first(found),
        made=made,
        secret=secret,
        now=svc.clock(),
        **shown,
    )
