"""What is done to users who were ticked in the list: first it is said, then it is done by a bulk job."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Form, Query, Response

from wearable_gateway.bulk.models import JobKind
from wearable_gateway.bulk.service import begin
from wearable_gateway.connections.repository import ConnectionRepository
from wearable_gateway.kit.ids import uuid7
from wearable_gateway.web.dashboard.addresses import section
from wearable_gateway.web.dashboard.asked import uuid_or_nothing
from wearable_gateway.web.dashboard.deps import Here, Working
from wearable_gateway.web.dashboard.pages import framed, go_to
from wearable_gateway.web.dashboard.users.filters import Filters, Wanted
from wearable_gateway.web.deps import Svc

router = section("/{dev_id}/users/selected")

_KINDS = {kind.value: kind for kind in (JobKind.PAUSE, JobKind.RESUME, JobKind.DEAUTHENTICATE)}
MOST = 200


@router.get("")
async def confirm(
    svc: Svc,
    here: Here,
    filters: Wanted,
    user_id: Annotated[list[str] | None, Query()] = None,
    action: str = "",
) -> Response:
    """What would be done, and to whom."""
    found = await ConnectionRepository(svc.db.autocommit, here.dev_id).of_ids(_read(user_id))
    if action not in _KINDS or not found:
        return go_to(_back(here.home, filters, said="none"))
    return framed(
        "users_selected.html",
        here,
        "users",
        action=action,
        connections=found,
        filters=filters,
        back=_back(here.home, filters),
        form=str(uuid7()),
    )


@router.post("")
async def do(
    svc: Svc,
    here: Working,
    filters: Wanted,
    user_id: Annotated[list[str] | None, Form()] = None,
    action: Annotated[str, Form()] = "",
    form: Annotated[str, Form()] = "",
) -> Response:
    chosen = _read(user_id)
    if action not in _KINDS or not chosen:
        return go_to(_back(here.home, filters, said="none"))
    job = await begin(
        svc.db, here.dev_id, _KINDS[action], chosen, form=form, actor=here.actor, now=svc.clock()
    )
    return go_to(f"{here.home}/users/bulk/{job.id}")


def _read(texts: Sequence[str] | None) -> list[UUID]:
    ids = [UUID(found) for text in texts or () if (found := uuid_or_nothing(text))]
    return list(dict.fromkeys(ids))[:MOST]


def _back(home: str, filters: Filters, **more: str) -> str:
    return f"{home}/users{filters.query(**more)}"
