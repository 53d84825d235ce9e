"""/admin/v1/developers/{dev_id}/users: a developer's users, why one has no data, and changing one."""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict, Field, StrictBool

from wearable_gateway.connections.models import ConnectionState
from wearable_gateway.connections.repository import ConnectionRepository, Narrowed
from wearable_gateway.connections.service import KEEP, deauthenticate, modify
from wearable_gateway.diagnosis.checks import diagnose
from wearable_gateway.diagnosis.gathering import gather
from wearable_gateway.errors import InvalidInputError, NotFoundError
from wearable_gateway.providers import PROVIDERS, find_provider
from wearable_gateway.web.admin.known import CurrentCaller
from wearable_gateway.web.answers.admin_users import (
    ChangedUser,
    OneUser,
    RemovedUser,
    UserList,
    diagnosis_fields,
    user_fields,
)
from wearable_gateway.web.bodies import JsonRoute, json_answer
from wearable_gateway.web.deps import Svc, read_user_id
from wearable_gateway.web.ids import read_cursor, read_moment
from wearable_gateway.web.log_parameters import Moment
from wearable_gateway.web.parameters import USER_ID, ReferenceId, UserIdPath, Uuid, text
from wearable_gateway.web.refusals import refusals
from wearable_gateway.web.routing import described

router = described("/admin/v1/developers/{dev_id}", tag="admin", route_class=JsonRoute)

MOST = 500
_Provider = Annotated[str, text({"type": "string", "enum": sorted(PROVIDERS)})]


class UserChange(BaseModel):
    """What is not named stays as it is."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reference_id": "ann@example.org"}]}
    )

    reference_id: ReferenceId | None = Field(
        default=None, description="Another name for the end user; null or empty: none."
    )
    active: StrictBool | None = Field(
        default=None, description="false: what its provider reports is not sent until it is true."
    )


def _slug(provider: str) -> str:
    """Raises InvalidInputError."""
    try:
        return find_provider(provider).slug
    except NotFoundError as error:
        raise InvalidInputError("provider", "a name from GET /v2/integrations") from error


@router.get(
    "/users", summary="List a developer's users", responses={200: {"model": UserList}, **refusals(404)}
)
async def list_users(
    caller: CurrentCaller,
    svc: Svc,
    search: Annotated[
        str,
        Query(
            max_length=255, description="A `user_id`, or the beginning of a `reference_id`.", examples=["ann"]
        ),
    ] = "",
    provider: Annotated[_Provider | None, Query(description="Connected to this provider.")] = None,
    state: Annotated[ConnectionState | None, Query(description="In this state.")] = None,
    without_reference_id: Annotated[bool, Query(description="true: only those that have none.")] = False,
    with_error: Annotated[bool, Query(description="true: only those whose provider refused last.")] = False,
    silent_days: Annotated[
        int | None, Query(ge=1, le=3650, description="No event with data in so many days.")
    ] = None,
    connected_since: Annotated[Moment | None, Query(description="Connected at this moment or later.")] = None,
    connected_until: Annotated[Moment | None, Query(description="Connected before this moment.")] = None,
    after: Annotated[
        Uuid | None, Query(description="The `next` of the page before.", examples=[USER_ID])
    ] = None,
    limit: Annotated[int, Query(ge=1, le=MOST, description="How many at most.")] = 100,
) -> Response:
    """The newest first, a page at a time."""
    narrowed = Narrowed(
        without_reference_id=without_reference_id,
        with_error=with_error,
        silent_since=svc.clock() - timedelta(days=silent_days) if silent_days else None,
        since=read_moment(connected_since, "connected_since") if connected_since is not None else None,
        until=read_moment(connected_until, "connected_until") if connected_until is not None else None,
    )
    found = await ConnectionRepository(svc.db.autocommit, caller.dev_id).search(
        text=search or None,
        provider=None if provider is None else _slug(provider),
        state=state,
        before=read_cursor(after) if after is not None else None,
        limit=limit + 1,
        narrowed=narrowed,
    )
    shown = found[:limit]
    following = str(shown[-1].id) if len(found) > limit else None
    return json_answer({"status": "success", "users": [user_fields(one) for one in shown], "next": following})


@router.get(
    "/users/{user_id}",
    summary="Show a developer's user",
    responses={200: {"model": OneUser}, **refusals(404)},
)
async def show_user(caller: CurrentCaller, svc: Svc, user_id: UserIdPath) -> Response:
    """With a diagnosis: whether data comes, and if not, why and what to do."""
    connection = await ConnectionRepository(svc.db.autocommit, caller.dev_id).get(read_user_id(user_id))
    facts = await gather(svc.db.autocommit, svc.keyring, connection, clock=svc.clock)
    diagnosis = diagnose(facts, now=svc.clock())
    return json_answer(
        {"status": "success", "user": user_fields(connection), "diagnosis": diagnosis_fields(diagnosis)}
    )


@router.patch(
    "/users/{user_id}",
    summary="Change a developer's user",
    responses={200: {"model": ChangedUser}, **refusals(404)},
)
async def change_user(caller: CurrentCaller, svc: Svc, user_id: UserIdPath, body: UserChange) -> Response:
    """Give it another `reference_id`, or pause it."""
    changes: dict[str, Any] = {
        "reference_id": body.reference_id if "reference_id" in body.model_fields_set else KEEP,
        "active": body.active,
    }
    async with svc.db.transaction() as session:
        changed = await modify(
            session, caller.dev_id, read_user_id(user_id), actor=caller.actor, now=svc.clock(), **changes
        )
    return json_answer({"status": "success", "user": user_fields(changed)})


@router.delete(
    "/users/{user_id}",
    summary="Deauthenticate a developer's user",
    responses={200: {"model": RemovedUser}, **refusals(404)},
)
async def remove_user(
    caller: CurrentCaller,
    svc: Svc,
    user_id: UserIdPath,
    dry_run: Annotated[bool, Query(description="true: only say who it is.")] = False,
) -> Response:
    """The connection and its stored records go, and its developer is sent a `deauth` event."""
    wanted = read_user_id(user_id)
    connection = await ConnectionRepository(svc.db.autocommit, caller.dev_id).get(wanted)
    if not dry_run:
        async with svc.db.transaction() as session:
            await deauthenticate(session, caller.dev_id, wanted, actor=caller.actor, now=svc.clock())
    return json_answer({"status": "success", "dry_run": dry_run, "user": user_fields(connection)})
