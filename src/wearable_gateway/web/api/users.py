"""Connections, which Terra calls users (https://docs.tryterra.co/reference/rest-api/user-management)."""

from typing import Annotated
from uuid import UUID

from fastapi import Body, Query, Response
from pydantic import BaseModel, ConfigDict, Field, StrictBool

from wearable_gateway.connect.repository import FlowRepository
from wearable_gateway.connections import service as connections
from wearable_gateway.connections.reference_ids import check_reference_id
from wearable_gateway.connections.repository import ConnectionRepository
from wearable_gateway.connections.wire import connection_user, detailed_user, user
from wearable_gateway.db.session import Session
from wearable_gateway.errors import InvalidInputError, NotFoundError
from wearable_gateway.kit.pagination import page_count
from wearable_gateway.web.answers.users import (
    AllUsers,
    FoundUser,
    ModifiedUser,
    PageOfUsers,
    PendingUser,
    User,
    UsersOfReference,
)
from wearable_gateway.web.bodies import JsonRoute, json_answer
from wearable_gateway.web.deps import CurrentDeveloper, Svc, read_user_id
from wearable_gateway.web.direct import DirectRoute
from wearable_gateway.web.parameters import (
    USER_ID,
    OptionalUserIdQuery,
    ReferenceId,
    ReferenceIdQuery,
    UserIdPath,
)
from wearable_gateway.web.refusals import refusals
from wearable_gateway.web.routing import described

router = described("/v2", tag="users", route_class=JsonRoute)
direct_router = described("/v2", tag="users", route_class=DirectRoute)

PER_PAGE = 500
_MOST_IDS = 1000


class Modification(BaseModel):
    """What is not named stays as it is."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reference_id": "ann@example.org"}]})

    reference_id: ReferenceId | None = Field(
        default=None, description="Another name for the end user; null or empty: none."
    )
    active: StrictBool | None = Field(
        default=None, description="false: what its provider reports is not sent until it is true."
    )


@direct_router.get(
    "/userInfo",
    summary="Look up connections",
    responses={200: {"model": FoundUser | PendingUser | UsersOfReference}, **refusals(404)},
)
async def user_info(
    developer: CurrentDeveloper,
    svc: Svc,
    user_id: OptionalUserIdQuery = None,
    reference_id: ReferenceIdQuery = None,
) -> Response:
    """One connection by `user_id`, or all connections of one end user by `reference_id`; one of both is needed."""
    repository = ConnectionRepository(svc.db.autocommit, developer.dev_id)
    wanted = check_reference_id(reference_id)
    if user_id:
        return await _one(svc.db.autocommit, repository, developer.dev_id, read_user_id(user_id))
    if wanted:
        found = await repository.of_reference(wanted)
        return json_answer(
            {"status": "success", "users": [connection_user(connection) for connection in found]}
        )
    raise InvalidInputError("request", "give user_id or reference_id")


async def _one(session: Session, repository: ConnectionRepository, dev_id: str, user_id: UUID) -> Response:
    connection = await repository.find(user_id)
    if connection is not None:
        return json_answer({"status": "success", "user": detailed_user(connection), "is_authenticated": True})
    # A user_id exists from the auth URL on; until the end user is back there is only the flow.
    flow = await FlowRepository(session, dev_id).find_by_user(user_id)
    if flow is None or flow.provider is None or not flow.is_pending:
        raise NotFoundError("user")
    pending = user(user_id=user_id, provider=flow.provider, reference_id=flow.reference_id)
    return json_answer({"status": "success", "user": pending, "is_authenticated": False})


@router.get("/subscriptions", summary="List connections", responses={200: {"model": AllUsers | PageOfUsers}})
async def subscriptions(
    developer: CurrentDeveloper,
    svc: Svc,
    page: Annotated[
        int | None, Query(ge=0, le=1_000_000, description="From 0; all connections when absent.")
    ] = None,
    per_page: Annotated[int, Query(ge=1, le=PER_PAGE, description="How many a page has.")] = PER_PAGE,
) -> Response:
    """All connections, or one zero-based page of them."""
    repository = ConnectionRepository(svc.db.autocommit, developer.dev_id)
    if page is None:
        return json_answer({"users": [connection_user(connection) for connection in await repository.all()]})
    total = await repository.count()
    found = await repository.page(limit=per_page, offset=page * per_page)
    last = page_count(total, per_page) - 1
    content = {
        "next": page + 1 if page < last else None,
        "max_page": last,
        "results": [connection_user(connection) for connection in found],
    }
    return json_answer({"data": content})


@router.post("/bulkUserInfo", summary="Look up many connections", responses={200: {"model": list[User]}})
async def bulk_user_info(
    developer: CurrentDeveloper,
    svc: Svc,
    user_ids: Annotated[
        list[str], Body(max_length=_MOST_IDS, description="Each a `user_id`.", examples=[[USER_ID]])
    ],
) -> Response:
    """The connections among `user_ids`; those that nobody has are left out."""
    known = [user_id for text in user_ids if (user_id := _maybe(text)) is not None]
    found = await ConnectionRepository(svc.db.autocommit, developer.dev_id).of_ids(known)
    return json_answer([connection_user(connection) for connection in found])


def _maybe(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@router.patch("/users/{user_id}", summary="Change a connection", responses={200: {"model": ModifiedUser}})
async def modify_user(
    developer: CurrentDeveloper, svc: Svc, user_id: UserIdPath, body: Modification | None = None
) -> Response:
    """Give a connection another `reference_id`, or pause it. An unknown `user_id` is answered with 400 here."""
    body = body or Modification()
    try:
        async with svc.db.transaction() as session:
            changed = await connections.modify(
                session,
                developer.dev_id,
                read_user_id(user_id),
                actor=f"developer:{developer.dev_id}",
                now=svc.clock(),
                reference_id=body.reference_id
                if "reference_id" in body.model_fields_set
                else connections.KEEP,
                active=body.active,
            )
    except NotFoundError as error:
        # Here, and nowhere else, Terra documents 400 for a user nobody has.
        raise InvalidInputError("user_id", str(error)) from error
    return json_answer({"status": "success", "user": connection_user(changed)})
