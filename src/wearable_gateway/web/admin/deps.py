"""Who administers, and whom."""

from typing import Annotated

import structlog
from fastapi import Depends, Header, Path, Request

from wearable_gateway.developers.admin_tokens import AdminToken, authenticate_admin
from wearable_gateway.developers.keys import check_dev_id
from wearable_gateway.errors import InvalidInputError, NotFoundError
from wearable_gateway.web.admin.scopes import check_reach
from wearable_gateway.web.deps import Svc, bearer_token


async def current_admin(
    request: Request, svc: Svc, authorization: Annotated[str | None, Header(include_in_schema=False)] = None
) -> AdminToken:
    """Raises UnauthenticatedError; NotFoundError or DisallowedError for what the token does not reach."""
    admin = await authenticate_admin(svc.db.autocommit, svc.hasher, bearer_token(authorization))
    check_reach(admin, request.method, request.url.path)
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
