"""The list of users, and the same as a file."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Any

from fastapi import Response
from fastapi.responses import StreamingResponse

from wearable_gateway.bulk import cells
from wearable_gateway.connections.models import Connection, ConnectionState
from wearable_gateway.connections.repository import ConnectionRepository
from wearable_gateway.kit.clock import wire_time
from wearable_gateway.web.dashboard.addresses import section
from wearable_gateway.web.dashboard.deps import Here, Workplace
from wearable_gateway.web.dashboard.pages import framed
from wearable_gateway.web.dashboard.users.filters import Filters, Wanted
from wearable_gateway.web.dashboard.users.pane import Shown, pane_of
from wearable_gateway.web.deps import Services, Svc, read_user_id

router = section("/{dev_id}/users")

PAGE_SIZE = 50
_FILE_PAGE = 1000
_SAID = {
    "gone": "The user was deauthenticated.",
    "none": "Nothing was selected: tick some users first.",
}
_COLUMNS = (
    "user_id", "reference_id", "provider", "state", "scopes", "created_at", "last_event_at", "most_recent_data_at",
    "last_error",
)  # fmt: skip


@router.get("")
async def show_users(
    svc: Svc,
    here: Here,
    filters: Wanted,
    selected: str = "",
    saved: str = "",
    older: str = "",
    said: str = "",
) -> Response:
    pane = None
    if selected:
        pane = await pane_of(svc, here, read_user_id(selected), Shown(saved=saved, older=older))
    return await list_page(svc, here, filters, pane, said=_SAID.get(said))


@router.get("/export.csv")
async def export_users(svc: Svc, here: Here, filters: Wanted) -> Response:
    """All that the filters let through, newest first."""
    return StreamingResponse(
        _exported(svc, here, replace(filters, before="")),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="users-{here.dev_id}.csv"'},
    )


async def _exported(svc: Services, here: Workplace, filters: Filters) -> AsyncIterator[bytes]:
    """Read as it is sent: however many there are, a page of them is held."""
    yield cells.BYTE_ORDER_MARK + cells.lines([_COLUMNS])
    while True:
        found = await search(svc, here, filters, limit=_FILE_PAGE)
        yield cells.lines(_line(connection) for connection in found)
        if len(found) < _FILE_PAGE:
            return
        filters = replace(filters, before=str(found[-1].id))


def _line(connection: Connection) -> Sequence[object]:
    moments = connection.created_at, connection.last_event_at, connection.most_recent_data_at
    return (
        connection.id, connection.reference_id, connection.provider, connection.state.value,
        " ".join(connection.scopes), *(wire_time(one) if one else None for one in moments), connection.last_error,
    )  # fmt: skip


async def search(svc: Services, here: Workplace, filters: Filters, *, limit: int) -> list[Connection]:
    return await ConnectionRepository(svc.db.autocommit, here.dev_id).search(
        text=filters.text or None,
        provider=filters.provider or None,
        state=filters.wanted_state,
        before=filters.wanted_before,
        limit=limit,
        narrowed=filters.narrowed(svc.clock()),
    )


async def list_page(
    svc: Services,
    here: Workplace,
    filters: Filters,
    pane: dict[str, Any] | None,
    *,
    said: str | None = None,
    status: int = 200,
) -> Response:
    found = await search(svc, here, filters, limit=PAGE_SIZE + 1)
    return framed(
        "users.html",
        here,
        "users",
        status=status,
        filters=filters,
        states={state.value: state.capitalize() for state in ConnectionState},
        connections=found[:PAGE_SIZE],
        older=str(found[PAGE_SIZE - 1].id) if len(found) > PAGE_SIZE else None,
        now=svc.clock(),
        pane=pane,
        said=said,
    )
