"""Who is signed in, which developer's pages they are on, and whether a form came from our own page."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Form, Request

from wearable_gateway.developers.keys import check_dev_id, find_developer
from wearable_gateway.developers.models import Developer, Operator, OperatorSession
from wearable_gateway.developers.operators import find_session, may_see, same_token
from wearable_gateway.errors import (
    DisallowedError,
    InvalidInputError,
    NotFoundError,
    UnauthenticatedError,
)
from wearable_gateway.web.dashboard import cookies
from wearable_gateway.web.deps import Svc

_STALE_FORM = "the form you sent was not from a current page: go back, reload it and try again"


async def session_if_any(request: Request, svc: Svc) -> OperatorSession | None:
    token = request.cookies.get(cookies.SESSION)
    return await find_session(svc.db.autocommit, token, svc.clock()) if token else None


SessionIfAny = Annotated[OperatorSession | None, Depends(session_if_any)]


async def signed_in(session: SessionIfAny) -> OperatorSession:
    """Raises UnauthenticatedError, whose page is the sign-in page."""
    if session is None:
        raise UnauthenticatedError("sign in first")
    return session


SignedIn = Annotated[OperatorSession, Depends(signed_in)]


async def current_operator(session: SignedIn) -> Operator:
    return session.operator


CurrentOperator = Annotated[Operator, Depends(current_operator)]


@dataclass(frozen=True, slots=True)
class Workplace:
    """One developer's pages, as one operator sees them."""

    session: OperatorSession
    developer: Developer

    @property
    def operator(self) -> Operator:
        return self.session.operator


async def workplace(svc: Svc, session: SignedIn, dev_id: str) -> Workplace:
    """Raises NotFoundError, alike for a developer that is none of theirs and for one that is not there."""
    try:
        check_dev_id(dev_id)
    except InvalidInputError as error:
        raise NotFoundError("developer") from error
    if not may_see(session.operator, dev_id):
        raise NotFoundError("developer")
    return Workplace(session, await find_developer(svc.db.autocommit, dev_id))


Here = Annotated[Workplace, Depends(workplace)]


async def own_form(session: SignedIn, csrf: Annotated[str, Form()] = "") -> None:
    """For every POST of somebody signed in. Raises DisallowedError."""
    if not same_token(csrf, session.csrf_token):
        raise DisallowedError(_STALE_FORM)


async def own_sign_in_form(request: Request, csrf: Annotated[str, Form()] = "") -> None:
    """The same before anybody is signed in: the form repeats the secret in this browser's cookie."""
    if not same_token(csrf, request.cookies.get(cookies.FORM, "")):
        raise DisallowedError(_STALE_FORM)
