"""What a destination is like, its secret, and its end."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import Form, Request, Response

from wearable_gateway.deliveries import destination_changes as changes
from wearable_gateway.errors import InvalidInputError
from wearable_gateway.events.meanings import FAMILIES
from wearable_gateway.web.dashboard import shown_once
from wearable_gateway.web.dashboard.addresses import section
from wearable_gateway.web.dashboard.deps import Here, Working, Workplace
from wearable_gateway.web.dashboard.destinations.changing import change_of
from wearable_gateway.web.dashboard.destinations.forms import (
    Checked,
    Typed,
    TypedDestination,
    as_typed,
    check,
)
from wearable_gateway.web.dashboard.destinations.showing import common, path_of
from wearable_gateway.web.dashboard.pages import framed, go_to
from wearable_gateway.web.deps import Services, Svc
from wearable_gateway.web.ids import read_id

router = section("/{dev_id}/destinations/{destination_id}")

_OVERLAPS = {
    "86400": "for a day",
    "3600": "for an hour",
    "604800": "for a week",
    "0": "not at all: it leaked",
}


@router.get("/settings")
async def show_settings(
    svc: Svc, here: Here, request: Request, destination_id: str, saved: str = ""
) -> Response:
    wanted = read_id(destination_id, "destination")
    return await _page(svc, here, wanted, request=request, saved=bool(saved))


@router.post("/settings")
async def save_settings(svc: Svc, here: Working, destination_id: str, typed: TypedDestination) -> Response:
    wanted, checked = read_id(destination_id, "destination"), check(typed)
    if not checked.problems:
        try:
            await changes.update(change_of(svc, here), svc.policy, wanted, checked.fields)
            return go_to(f"{path_of(here, wanted)}/settings?saved=1")
        except InvalidInputError as error:
            checked = Checked(problems={error.parameter: error.expected})
    return await _page(
        svc, here, wanted, typed=typed, checked=checked, status=HTTPStatus.UNPROCESSABLE_ENTITY
    )


async def _page(
    svc: Services,
    here: Workplace,
    destination_id: UUID,
    *,
    request: Request | None = None,
    typed: Typed | None = None,
    checked: Checked | None = None,
    saved: bool = False,
    status: int = 200,
) -> Response:
    shown = await common(svc, here, destination_id)
    path = shown["path"]
    secret = shown_once.take(request, svc, here, path) if request else None
    answer = framed(
        "destination_settings.html", here, "destinations", status=status, **shown,
        tab="settings", typed=typed or as_typed(shown["destination"]), secret=secret, saved=saved,
        problems=checked.problems if checked else {}, families=FAMILIES, overlaps=_OVERLAPS,
    )  # fmt: skip
    if secret:
        shown_once.forget(answer, path)
    return answer


@router.post("/rotate")
async def rotate(
    svc: Svc, here: Working, destination_id: str, overlap: Annotated[str, Form()] = "86400"
) -> Response:
    wanted = read_id(destination_id, "destination")
    seconds = int(overlap) if overlap in _OVERLAPS else -1
    _, secret = await changes.rotate_secret(change_of(svc, here), svc.keyring, wanted, seconds)
    path = path_of(here, wanted)
    answer = go_to(f"{path}/settings#secret")
    shown_once.keep(answer, svc, here, path, secret)
    return answer


@router.get("/delete")
async def show_deletion(svc: Svc, here: Here, destination_id: str) -> Response:
    shown = await common(svc, here, read_id(destination_id, "destination"))
    return framed("destination_delete.html", here, "destinations", **shown)


@router.post("/delete")
async def delete(svc: Svc, here: Working, destination_id: str) -> Response:
    await changes.delete(change_of(svc, here), read_id(destination_id, "destination"))
    return go_to(f"{here.home}/destinations?deleted=1")
