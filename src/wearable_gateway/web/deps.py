"""What routes are given: the process's services, and the developer whose key came with the request."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import Depends, Request

from wearable_gateway.connect.callback import Callback
from wearable_gateway.connections.access import Vendors
from wearable_gateway.db.session import Database
from wearable_gateway.developers.keys import KeyHasher, authenticate
from wearable_gateway.developers.limits import RequestLimits
from wearable_gateway.developers.models import Developer
from wearable_gateway.developers.opened_apps import OpenedApps
from wearable_gateway.developers.provider_apps import Seen
from wearable_gateway.developers.settings import request_limit
from wearable_gateway.developers.sign_on import SignOnService
from wearable_gateway.developers.tokens import TokenHolder, use_token
from wearable_gateway.errors import InvalidInputError, NotFoundError
from wearable_gateway.kit.addresses import AddressPolicy
from wearable_gateway.kit.clock import Clock
from wearable_gateway.kit.encryption import Keyring


@dataclass(frozen=True, slots=True)
class Services:
    """Made once per process by `web.app`; routes find it on the application."""

    db: Database
    keyring: Keyring
    hasher: KeyHasher
    vendors: Vendors
    callback: Callback
    policy: AddressPolicy
    public_url: str
    events_kept_for: timedelta
    clock: Clock
    sign_on: SignOnService | None = None
    limits: RequestLimits = field(default_factory=RequestLimits)
    apps_seen: Seen = field(default_factory=dict)
    opened_apps: OpenedApps = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "opened_apps", OpenedApps(self.db, self.keyring, self.clock))


def services_of(request: Request) -> Services:
    """For what is itself given to routes: FastAPI reads the tree of dependencies anew for every route at the start,
    so ours ask for the request and find the rest themselves.
    """
    found: Services = request.app.state.services
    return found


async def services(request: Request) -> Services:
    """A coroutine although it waits for nothing: FastAPI sends plain functions through a thread."""
    return services_of(request)


Svc = Annotated[Services, Depends(services)]


async def current_developer(request: Request) -> Developer:
    """Raises UnauthenticatedError, TooManyRequestsError."""
    svc = services_of(request)
    dev_id, api_key = request.headers.get("dev-id"), request.headers.get("x-api-key")
    developer = await authenticate(svc.db.autocommit, svc.hasher, dev_id, api_key)
    await _admit(svc, developer)
    return developer


async def _admit(svc: Services, developer: Developer) -> None:
    """Count a request of somebody who may make one. Raises TooManyRequestsError."""
    structlog.contextvars.bind_contextvars(dev_id=developer.dev_id)
    limit = request_limit(developer.settings)
    await svc.limits.take(svc.db.autocommit, developer.dev_id, limit, now=svc.clock())


CurrentDeveloper = Annotated[Developer, Depends(current_developer)]


def bearer_token(authorization: str | None) -> str | None:
    scheme, _, token = (authorization or "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


async def token_holder(request: Request) -> TokenHolder:
    """The developer by their API key, or by a token of `generateAuthToken`, which this uses up.

    Raises UnauthenticatedError, TooManyRequestsError.
    """
    dev_id, token = request.headers.get("dev-id"), bearer_token(request.headers.get("authorization"))
    if request.headers.get("x-api-key") or not dev_id or token is None:
        return TokenHolder(await current_developer(request), None, is_backend=True)
    svc = services_of(request)
    holder = await use_token(svc.db.autocommit, dev_id, token, now=svc.clock())
    await _admit(svc, holder.developer)
    return holder


DeveloperOrFrontEnd = Annotated[TokenHolder, Depends(token_holder)]


def read_user_id(text: str | None) -> UUID:
    """A `user_id` as it came in. Raises InvalidInputError when it is missing, NotFoundError when it cannot be one."""
    if not text:
        raise InvalidInputError("user_id", "the user_id of a connection is required")
    try:
        return UUID(text)
    except ValueError:
        # Not ours whatever it is: the answer is that of an id nobody has.
        raise NotFoundError("user") from None
