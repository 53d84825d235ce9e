"""Who is signed in, where they are, and what they may do there; and whether a form came from our own page.

A page of a developer takes `Here`; a form that changes something takes `Working` or `Managing` instead, which ask for the
right and for the secret of the session. `Anywhere…` is the same for pages that the gateway itself has too, below `/-`.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Form, Request

from wearable_gateway.developers.keys import check_dev_id, find_developer
from wearable_gateway.developers.models import Developer
from wearable_gateway.developers.roles import Operator, OperatorSession, Right
from wearable_gateway.developers.sessions import Browser, find_session, note_seen, same_token
from wearable_gateway.errors import (
    DisallowedError,
    InvalidInputError,
    NotFoundError,
    UnauthenticatedError,
)
from wearable_gateway.web.dashboard import cookies
from wearable_gateway.web.dashboard.kept_forms import keep_form
from wearable_gateway.web.dashboard.returning import HOME
from wearable_gateway.web.deps import Services, services_of

GATEWAY = "-"
"""Stands in addresses where a dev-id would, for the gateway's own pages: no dev-id begins with a hyphen."""

_STALE_FORM = "the form you sent was not from a current page: go back, reload it and try again"


async def session_if_any(request: Request) -> OperatorSession | None:
    """Looked up once a request, whoever asks."""
    if not hasattr(request.state, "session"):
        svc, token = services_of(request), request.cookies.get(cookies.SESSION)
        request.state.session = await find_session(svc.db.autocommit, token, svc.clock()) if token else None
    found: OperatorSession | None = request.state.session
    return found


SessionIfAny = Annotated[OperatorSession | None, Depends(session_if_any)]


async def signed_in(request: Request) -> OperatorSession:
    """Raises UnauthenticatedError, whose page is the sign-in page; it carries what was typed into a form of ours."""
    session = await session_if_any(request)
    if session is None:
        if request.method == "POST":
            request.state.kept = await keep_form(request, services_of(request).public_url)
        raise UnauthenticatedError("sign in first")
    return session


SignedIn = Annotated[OperatorSession, Depends(signed_in)]


async def this_browser(request: Request) -> Browser:
    address = request.client.host if request.client else None
    return Browser(address, request.headers.get("user-agent"))


ThisBrowser = Annotated[Browser, Depends(this_browser)]


@dataclass(frozen=True, slots=True)
class Place:
    """The gateway's own pages, or one developer's, as one operator sees them. `developer` None: the gateway's."""

    session: OperatorSession
    operator: Operator
    developer: Developer | None

    @property
    def dev_id(self) -> str | None:
        return self.developer.dev_id if self.developer else None

    @property
    def home(self) -> str:
        """What the addresses of its pages begin with."""
        return f"{HOME}/{self.dev_id or GATEWAY}"

    @property
    def actor(self) -> str:
        """How the audit calls them."""
        return f"operator:{self.operator.email}"

    def may(self, right: Right) -> bool:
        return self.operator.may(right)

    @property
    def manages_gateway(self) -> bool:
        """Whether they may do here what those who work for the developer may not, such as raising its limits."""
        operator = self.session.for_gateway
        return operator is not None and operator.may(Right.MANAGE)


@dataclass(frozen=True, slots=True)
class Workplace(Place):
    """One developer's pages, as one operator sees them."""

    developer: Developer

    @property
    def dev_id(self) -> str:
        return self.developer.dev_id


async def anywhere(request: Request, dev_id: str) -> Place:
    """Raises NotFoundError, alike for a developer that is none of theirs and for one that is not there."""
    return await (office(request) if dev_id == GATEWAY else workplace(request, dev_id))


async def workplace(request: Request, dev_id: str) -> Workplace:
    """Raises NotFoundError as `anywhere` does."""
    session = await signed_in(request)
    try:
        operator = session.at(check_dev_id(dev_id))
    except InvalidInputError as error:
        raise NotFoundError("developer") from error
    if operator is None:
        raise NotFoundError("developer")
    svc = services_of(request)
    developer = await find_developer(svc.db.autocommit, dev_id)
    await note_seen(svc.db.autocommit, operator, svc.clock())
    return Workplace(session, operator, developer)


async def office(request: Request) -> Place:
    """The gateway's own pages, also at addresses that name no developer. Raises NotFoundError."""
    session = await signed_in(request)
    operator = session.for_gateway
    if operator is None:
        raise NotFoundError("page")
    svc = services_of(request)
    await note_seen(svc.db.autocommit, operator, svc.clock())
    return Place(session, operator, None)


Here = Annotated[Workplace, Depends(workplace)]
Anywhere = Annotated[Place, Depends(anywhere)]
Office = Annotated[Place, Depends(office)]


Csrf = Annotated[str, Form()]


async def own_form(request: Request, csrf: Csrf = "") -> None:
    """For every POST of somebody signed in. Raises DisallowedError, UnauthenticatedError."""
    if not same_token(csrf, (await signed_in(request)).csrf_token):
        raise DisallowedError(_STALE_FORM)


async def own_sign_in_form(request: Request, csrf: Csrf = "") -> None:
    """The same before anybody is signed in: the form repeats the secret in this browser's cookie."""
    if not same_token(csrf, request.cookies.get(cookies.FORM, "")):
        raise DisallowedError(_STALE_FORM)


def passwords_are_taken(svc: Services) -> bool:
    return svc.sign_on is None or not svc.sign_on.config.only


def refuse_passwords(svc: Services) -> None:
    """Raises DisallowedError where only single sign-on signs in."""
    if svc.sign_on is not None and svc.sign_on.config.only:
        raise DisallowedError(f"passwords are not used here: sign in with {svc.sign_on.config.name}")


async def with_passwords(request: Request) -> None:
    """Raises DisallowedError as `refuse_passwords` does."""
    refuse_passwords(services_of(request))


def _allowed(place: Place, right: Right) -> None:
    if not place.may(right):
        raise DisallowedError(
            f"your role here, {place.operator.role.value.replace('_', '-')}, does not allow this:"
            " ask an owner to do it, or for another role"
        )


def form_here(right: Right) -> Callable[..., Awaitable[Workplace]]:
    async def allowed(request: Request, dev_id: str, csrf: Csrf = "") -> Workplace:
        here = await workplace(request, dev_id)
        await own_form(request, csrf)
        _allowed(here, right)
        return here

    return allowed


def form_anywhere(right: Right) -> Callable[..., Awaitable[Place]]:
    async def allowed(request: Request, dev_id: str, csrf: Csrf = "") -> Place:
        here = await anywhere(request, dev_id)
        await own_form(request, csrf)
        _allowed(here, right)
        return here

    return allowed


def form_of_office(right: Right) -> Callable[..., Awaitable[Place]]:
    async def allowed(request: Request, csrf: Csrf = "") -> Place:
        here = await office(request)
        await own_form(request, csrf)
        _allowed(here, right)
        return here

    return allowed


Working = Annotated[Workplace, Depends(form_here(Right.WORK))]
Managing = Annotated[Workplace, Depends(form_here(Right.MANAGE))]
WorkingAnywhere = Annotated[Place, Depends(form_anywhere(Right.WORK))]
ManagingAnywhere = Annotated[Place, Depends(form_anywhere(Right.MANAGE))]
WorkingOffice = Annotated[Place, Depends(form_of_office(Right.WORK))]
ManagingOffice = Annotated[Place, Depends(form_of_office(Right.MANAGE))]
