"""Who administers, and whom."""

from typing import Annotated

import structlog
from fastapi import Depends, Path, Request

from wearable_gateway.developers.admin_tokens import AdminToken, authenticate_admin
from wearable_gateway.developers.keys import check_dev_id
from wearable_gateway.errors import InvalidInputError, NotFoundError
from wearable_gateway.web.admin.queries import check_query
from wearable_gateway.web.admin.scopes import check_reach
from wearable_gateway.web.deps import bearer_token, services_of


async def current_admin(request: Request) -> AdminToken:
    """Raises UnauthenticatedError; NotFoundError or DisallowedError for what the token does not reach; InvalidInputError."""
    svc, token = services_of(request), bearer_token(request.headers.get("authorization"))
    admin = await authenticate_admin(svc.db.autocommit, svc.hasher, token)
    check_reach(admin, request.method, request.url.path)
    check_query(request)
    structlog.contextvars.bind_contextvars(admin_token=str(admin.id))
    return admin


CurrentAdmin = Annotated[AdminToken, Depends(current_admin)]


async def named_developer(
    _admin: CurrentAdmin, dev_id: Annotated[str, Path(description="Names the developer.", examples=["acme"])]
) -> str:
    """The `dev_id` of the path. Raises NotFoundError for one that nobody can have."""
    try:
        return check_dev_id(dev_id)
    except InvalidInputError as error:
        raise NotFoundError("developer") from error


NamedDeveloper = Annotated[str, Depends(named_developer)]
