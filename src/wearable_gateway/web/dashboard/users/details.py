"""Everything about one user, and what is done to one."""

from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import Form, Response

from wearable_gateway.connections.repository import ConnectionRepository
from wearable_gateway.connections.service import deauthenticate, modify
from wearable_gateway.data_requests.dates import DateRange
from wearable_gateway.data_requests.service import ask
from wearable_gateway.errors import DisallowedError, InvalidInputError, TooManyRequestsError
from wearable_gateway.unified.records import DataType
from wearable_gateway.web.dashboard.addresses import section
from wearable_gateway.web.dashboard.deps import Here, Working, Workplace
from wearable_gateway.web.dashboard.pages import framed, go_to
from wearable_gateway.web.dashboard.users.filters import Filters, Wanted
from wearable_gateway.web.dashboard.users.listing import list_page
from wearable_gateway.web.dashboard.users.pane import Shown, pane_of
from wearable_gateway.web.deps import Services, Svc, read_user_id

router = section("/{dev_id}/users")

MOST_DAYS = 365


@router.get("/{user_id}")
@router.get("/{user_id}/pause")
@router.get("/{user_id}/resume")
@router.get("/{user_id}/ask")
async def show_user(here: Here, filters: Wanted, user_id: str) -> Response:
    """A short address for one connection; where somebody lands whose session ended while they typed."""
    return go_to(_path(here, filters, selected=str(read_user_id(user_id))))


@router.post("/{user_id}")
async def save_reference_id(
    svc: Svc,
    here: Working,
    filters: Wanted,
    user_id: str,
    reference_id: Annotated[str, Form()] = "",
) -> Response:
    chosen = read_user_id(user_id)
    try:
        await _modify(svc, here, chosen, reference_id=reference_id)
    except InvalidInputError as error:
        shown = Shown(typed=reference_id, problem=error.expected)
        return await _again(svc, here, filters, chosen, shown)
    return go_to(_path(here, filters, selected=str(chosen), saved="1"))


@router.post("/{user_id}/pause")
async def pause(svc: Svc, here: Working, filters: Wanted, user_id: str) -> Response:
    chosen = read_user_id(user_id)
    await _modify(svc, here, chosen, active=False)
    return go_to(_path(here, filters, selected=str(chosen), saved="paused"))


@router.post("/{user_id}/resume")
async def resume(svc: Svc, here: Working, filters: Wanted, user_id: str) -> Response:
    chosen = read_user_id(user_id)
    await _modify(svc, here, chosen, active=True)
    return go_to(_path(here, filters, selected=str(chosen), saved="resumed"))


@router.post("/{user_id}/ask")
async def ask_for_data(
    svc: Svc,
    here: Working,
    filters: Wanted,
    user_id: str,
    kind: Annotated[str, Form()] = "",
    days: Annotated[str, Form()] = "7",
) -> Response:
    chosen = read_user_id(user_id)
    try:
        await _ask(svc, here, chosen, kind, days)
    except (InvalidInputError, DisallowedError) as error:
        problem = error.expected if isinstance(error, InvalidInputError) else str(error)
        return await _again(svc, here, filters, chosen, Shown(days=days, ask_problem=problem))
    except TooManyRequestsError:
        problem = "so many days were asked for that the limit of an hour is used up: ask for fewer, or later"
        return await _again(svc, here, filters, chosen, Shown(days=days, ask_problem=problem))
    return go_to(_path(here, filters, selected=str(chosen), saved="asked"))


@router.get("/{user_id}/deauthenticate")
async def confirm_deauthentication(svc: Svc, here: Here, filters: Wanted, user_id: str) -> Response:
    connection = await ConnectionRepository(svc.db.autocommit, here.dev_id).get(read_user_id(user_id))
    return framed(
        "users_deauthenticate.html",
        here,
        "users",
        connection=connection,
        filters=filters,
        back=_path(here, filters, selected=str(connection.id)),
    )


@router.post("/{user_id}/deauthenticate")
async def deauthenticate_user(svc: Svc, here: Working, filters: Wanted, user_id: str) -> Response:
    async with svc.db.transaction() as tx:
        await deauthenticate(tx, here.dev_id, read_user_id(user_id), actor=here.actor, now=svc.clock())
    return go_to(_path(here, filters, said="gone"))


async def _modify(svc: Services, here: Workplace, user_id: UUID, **changes: Any) -> None:
    async with svc.db.transaction() as tx:
        await modify(tx, here.dev_id, user_id, actor=here.actor, now=svc.clock(), **changes)


async def _ask(svc: Services, here: Workplace, user_id: UUID, kind: str, days: str) -> None:
    """Raises NotFoundError, InvalidInputError, DisallowedError, TooManyRequestsError."""
    if not (days.isascii() and days.isdigit() and 1 <= int(days[:9]) <= MOST_DAYS):
        raise InvalidInputError("days", f"a number of days from 1 to {MOST_DAYS}")
    if kind and kind not in {one.value for one in DataType}:
        raise InvalidInputError("kind", "one of the types in the list")
    kinds = [DataType(kind)] if kind else list(DataType)
    today = svc.clock().date()
    wanted = DateRange(today - timedelta(days=int(days) - 1), today)
    await ask(svc.db, here.dev_id, user_id, wanted, kinds, actor=here.actor, now=svc.clock())


def _path(here: Workplace, filters: Filters, **more: str) -> str:
    return f"{here.home}/users{filters.query(**more)}"


async def _again(svc: Services, here: Workplace, filters: Filters, user_id: UUID, shown: Shown) -> Response:
    pane = await pane_of(svc, here, user_id, shown)
    return await list_page(svc, here, filters, pane, status=HTTPStatus.UNPROCESSABLE_ENTITY)
