"""Build > Destinations: the list, a new one, the page of one, and what is done with it by one click."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import Form, Request, Response

from wearable_gateway.deliveries import destination_changes as changes
from wearable_gateway.deliveries import destinations
from wearable_gateway.deliveries.afterwards.faring import faring
from wearable_gateway.deliveries.destination_changes import Change
from wearable_gateway.deliveries.destinations import MOST_PER_DEVELOPER
from wearable_gateway.deliveries.models import Destination
from wearable_gateway.deliveries.samples.testing import send_test
from wearable_gateway.errors import DisallowedError, InvalidInputError
from wearable_gateway.events.meanings import FAMILIES
from wearable_gateway.web.dashboard import shown_once
from wearable_gateway.web.dashboard.addresses import section
from wearable_gateway.web.dashboard.deps import Here, Working, Workplace
from wearable_gateway.web.dashboard.destinations import recovering, settings
from wearable_gateway.web.dashboard.destinations.changing import change_of
from wearable_gateway.web.dashboard.destinations.forms import Checked, Typed, TypedDestination, check
from wearable_gateway.web.dashboard.destinations.showing import first_page, path_of
from wearable_gateway.web.dashboard.destinations.standing import standing
from wearable_gateway.web.dashboard.events.words import name_of
from wearable_gateway.web.dashboard.pages import framed, go_to
from wearable_gateway.web.deps import Services, Svc
from wearable_gateway.web.ids import read_id

router = section("/{dev_id}/destinations")


@router.get("")
async def show_destinations(svc: Svc, here: Here, deleted: str = "") -> Response:
    db, now = svc.db.autocommit, svc.clock()
    rows = [
        (one, name_of(one), standing(one),
         await faring(db, here.dev_id, one.id, kept_since=now - svc.events_kept_for))
        for one in await destinations.list_destinations(db, here.dev_id)
    ]  # fmt: skip
    return framed(
        "destinations.html",
        here,
        "destinations",
        rows=rows,
        room=len(rows) < MOST_PER_DEVELOPER,
        most=MOST_PER_DEVELOPER,
        deleted=bool(deleted),
        now=now,
    )


@router.get("/new")
async def show_new(here: Here) -> Response:
    return _new_page(here, Typed(), Checked())


@router.post("")
async def create(svc: Svc, here: Working, typed: TypedDestination) -> Response:
    checked = check(typed)
    if checked.problems:
        return _new_page(here, typed, checked, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        made, secret = await changes.create(
            change_of(svc, here), svc.keyring, svc.policy, typed.kind, checked.fields
        )
    except InvalidInputError as error:
        problems = Checked(problems={error.parameter: error.expected})
        return _new_page(here, typed, problems, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except DisallowedError as error:
        problems = Checked(problems={"": str(error)})
        return _new_page(here, typed, problems, status=HTTPStatus.FORBIDDEN)
    path = path_of(here, made.id)
    answer = go_to(f"{path}?done=added")
    if secret:
        shown_once.keep(answer, svc, here, path, secret)
    return answer


def _new_page(here: Workplace, typed: Typed, checked: Checked, *, status: int = 200) -> Response:
    return framed(
        "destination_new.html", here, "destinations", status=status,
        typed=typed, problems=checked.problems, families=FAMILIES,
    )  # fmt: skip


@router.get("/{destination_id}")
async def show_destination(
    svc: Svc, here: Here, request: Request, destination_id: str, tested: str = "", done: str = ""
) -> Response:
    wanted = read_id(destination_id, "destination")
    return await first_page(svc, here, request, wanted, tested=tested, done=done)


@router.post("/{destination_id}/test")
async def send_test_event(
    svc: Svc,
    here: Working,
    destination_id: str,
    type: Annotated[str, Form()] = "",  # noqa: A002 - in the form
) -> Response:
    wanted = read_id(destination_id, "destination")
    async with svc.db.transaction() as session:
        event_id = await send_test(session, here.dev_id, wanted, type, svc.clock(), actor=here.actor)
    return go_to(f"{path_of(here, wanted)}?tested={event_id}#test")


_Act = Callable[[Change, UUID], Awaitable[Destination]]


async def _act(svc: Services, here: Workplace, destination_id: str, act: _Act, done: str) -> Response:
    changed = await act(change_of(svc, here), read_id(destination_id, "destination"))
    return go_to(f"{path_of(here, changed.id)}?done={done}")


@router.post("/{destination_id}/pause")
async def pause(svc: Svc, here: Working, destination_id: str) -> Response:
    return await _act(svc, here, destination_id, changes.pause, "paused")


@router.post("/{destination_id}/resume")
async def resume(svc: Svc, here: Working, destination_id: str) -> Response:
    return await _act(svc, here, destination_id, changes.resume, "resumed")


@router.post("/{destination_id}/enable")
async def enable(svc: Svc, here: Working, destination_id: str) -> Response:
    return await _act(svc, here, destination_id, changes.enable, "enabled")


@router.post("/{destination_id}/disable")
async def disable(svc: Svc, here: Working, destination_id: str) -> Response:
    return await _act(svc, here, destination_id, changes.disable, "disabled")


router.routes += [*recovering.router.routes, *settings.router.routes]
