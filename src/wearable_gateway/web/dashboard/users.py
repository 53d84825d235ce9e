"""Tools > Debug > Users: a developer's connections, the facts of one, and its reference_id."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Response

from wearable_gateway.connections.models import ConnectionState
from wearable_gateway.connections.repository import ConnectionRepository
from wearable_gateway.connections.service import modify
from wearable_gateway.developers.audit import history
from wearable_gateway.developers.models import AuditEntry
from wearable_gateway.errors import InvalidInputError
from wearable_gateway.web.dashboard.deps import Here, Working, Workplace
from wearable_gateway.web.dashboard.filters import Filters, Wanted
from wearable_gateway.web.dashboard.pages import framed, go_to
from wearable_gateway.web.deps import Services, Svc, read_user_id

router = APIRouter(prefix="/{dev_id}/users")

PAGE_SIZE = 50
_STATES = {
    ConnectionState.ACTIVE: "Data is received and sent on.",
    ConnectionState.PAUSED: "Paused by the developer: nothing is sent on until it is resumed.",
    ConnectionState.REVOKED: "The end user withdrew access at the provider. To resume, they have to connect again.",
}


@router.get("")
async def show_users(svc: Svc, here: Here, filters: Wanted, selected: str = "", saved: str = "") -> Response:
    pane = await _pane(svc, here, read_user_id(selected), saved=bool(saved)) if selected else None
    return await _page(svc, here, filters, pane)


@router.get("/{user_id}")
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
        await _reassign(svc, here, chosen, reference_id)
    except InvalidInputError as error:
        pane = await _pane(svc, here, chosen, typed=reference_id, problem=error.expected)
        return await _page(svc, here, filters, pane, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return go_to(_path(here, filters, selected=str(chosen), saved="1"))


async def _reassign(svc: Services, here: Workplace, user_id: UUID, reference_id: str) -> None:
    async with svc.db.transaction() as tx:
        await modify(tx, here.dev_id, user_id, actor=here.actor, now=svc.clock(), reference_id=reference_id)


def _path(here: Workplace, filters: Filters, **more: str) -> str:
    return f"{here.home}/users{filters.query(**more)}"


async def _page(
    svc: Services, here: Workplace, filters: Filters, pane: dict[str, Any] | None, *, status: int = 200
) -> Response:
    found = await ConnectionRepository(svc.db.autocommit, here.dev_id).search(
        text=filters.text or None,
        provider=filters.provider or None,
        state=filters.wanted_state,
        before=filters.wanted_before,
        limit=PAGE_SIZE + 1,
    )
    return framed(
        "users.html",
        here,
        "users",
        status=status,
        filters=filters,
        states=list(ConnectionState),
        connections=found[:PAGE_SIZE],
        older=str(found[PAGE_SIZE - 1].id) if len(found) > PAGE_SIZE else None,
        now=svc.clock(),
        pane=pane,
    )


async def _pane(
    svc: Services,
    here: Workplace,
    user_id: UUID,
    *,
    typed: str | None = None,
    problem: str | None = None,
    saved: bool = False,
) -> dict[str, Any]:
    """What the details pane shows. Raises NotFoundError. `typed` stands in the field instead of what is stored."""
    dev_id = here.dev_id
    connection = await ConnectionRepository(svc.db.autocommit, dev_id).get(user_id)
    entries = await history(svc.db.autocommit, dev_id, f"connection:{user_id}")
    return {
        "connection": connection,
        "explanation": _STATES[connection.state],
        "history": [(entry, list(changes(entry))) for entry in entries],
        "value": (connection.reference_id or "") if typed is None else typed,
        "problem": problem,
        "saved": saved,
    }


def changes(entry: AuditEntry) -> Iterator[tuple[str, object, object]]:
    """(field, before, after) of each field that differs."""
    before, after = entry.before or {}, entry.after or {}
    for field in {**before, **after}:
        if before.get(field) != after.get(field):
            yield field, before.get(field), after.get(field)
