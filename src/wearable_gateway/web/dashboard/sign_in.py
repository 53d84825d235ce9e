"""Signing in by password or by link, and signing out."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Form, Request, Response

from wearable_gateway.developers import sessions
from wearable_gateway.developers import sign_in as signing_in
from wearable_gateway.errors import DisallowedError, RefusedError, UnauthenticatedError
from wearable_gateway.web.dashboard import cookies
from wearable_gateway.web.dashboard.addresses import section
from wearable_gateway.web.dashboard.deps import (
    SessionIfAny,
    SignedIn,
    ThisBrowser,
    own_form,
    own_sign_in_form,
    with_passwords,
)
from wearable_gateway.web.dashboard.kept_forms import read_kept
from wearable_gateway.web.dashboard.pages import go_to
from wearable_gateway.web.dashboard.returning import HOME, own_page
from wearable_gateway.web.dashboard.sign_in_page import kept_page, sign_in_page, with_form_token
from wearable_gateway.web.deps import Svc

router = section()


@router.get("/login")
async def show_login(request: Request, svc: Svc, session: SessionIfAny, next: str = "") -> Response:  # noqa: A002 - the query's name
    if session is not None:
        return go_to(own_page(next))
    return sign_in_page(request, svc, next_page=own_page(next))


@router.post("/login", dependencies=[Depends(own_sign_in_form), Depends(with_passwords)])
async def login(
    request: Request,
    svc: Svc,
    browser: ThisBrowser,
    email: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "",  # noqa: A002 - the field's name
    kept: Annotated[str, Form()] = "",
) -> Response:
    form = read_kept(kept)
    try:
        token, session = await signing_in.sign_in(svc.db, email, password, svc.clock(), browser)
    except (UnauthenticatedError, DisallowedError) as error:
        return sign_in_page(
            request, svc, status=_status(error), next_page=own_page(next), email=email, problem=str(error),
            kept=form,
        )  # fmt: skip
    response = kept_page(form, session) if form else go_to(own_page(next))
    cookies.keep_session(response, token, svc.public_url)
    return response


@router.post("/login/back", dependencies=[Depends(own_sign_in_form)])
async def go_on_signed_in(
    request: Request, svc: Svc, session: SessionIfAny, kept: Annotated[str, Form()] = ""
) -> Response:
    """For who signed in elsewhere meanwhile, in another tab, and comes back to what they typed."""
    form = read_kept(kept)
    if session is None:
        problem = "you are not signed in yet"
        return sign_in_page(request, svc, status=HTTPStatus.UNAUTHORIZED, problem=problem, kept=form)
    return kept_page(form, session) if form else go_to(HOME)


@router.get("/link/{token}")
async def show_link(request: Request, svc: Svc, token: str) -> Response:
    """Changes nothing: mail scanners open links, and must not use them up."""
    return with_form_token(request, svc, "link.html", token=token)


@router.post("/link/{token}", dependencies=[Depends(own_sign_in_form)])
async def use_link(svc: Svc, browser: ThisBrowser, token: str) -> Response:
    async with svc.db.transaction() as tx:
        session_token, _ = await signing_in.use_sign_in_link(tx, token, svc.clock(), browser)
    response = go_to(HOME)
    cookies.keep_session(response, session_token, svc.public_url)
    return response


@router.post("/logout", dependencies=[Depends(own_form)])
async def logout(svc: Svc, session: SignedIn) -> Response:
    await sessions.sign_out(svc.db.autocommit, session.id)
    response = go_to(f"{HOME}/login")
    cookies.forget_session(response, svc.public_url)
    return response


def _status(error: RefusedError) -> HTTPStatus:
    limited = isinstance(error, DisallowedError)
    return HTTPStatus.TOO_MANY_REQUESTS if limited else HTTPStatus.UNAUTHORIZED
