"""Signing in by password or by link, and signing out."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response

from wearable_gateway.developers import sessions
from wearable_gateway.developers import sign_in as signing_in
from wearable_gateway.errors import DisallowedError, RefusedError, UnauthenticatedError
from wearable_gateway.web.dashboard import cookies
from wearable_gateway.web.dashboard.deps import (
    SessionIfAny,
    SignedIn,
    ThisBrowser,
    own_form,
    own_sign_in_form,
)
from wearable_gateway.web.dashboard.pages import go_to, page
from wearable_gateway.web.dashboard.returning import HOME, own_page
from wearable_gateway.web.deps import Svc

router = APIRouter()


@router.get("/login")
async def show_login(request: Request, svc: Svc, session: SessionIfAny, next: str = "") -> Response:  # noqa: A002 - the query's name
    if session is not None:
        return go_to(own_page(next))
    return _form(request, svc.public_url, "login.html", next=own_page(next), email="", problem=None)


@router.post("/login", dependencies=[Depends(own_sign_in_form)])
async def login(
    request: Request,
    svc: Svc,
    browser: ThisBrowser,
    email: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "",  # noqa: A002 - the field's name
) -> Response:
    try:
        token, _ = await signing_in.sign_in(svc.db, email, password, svc.clock(), browser)
    except (UnauthenticatedError, DisallowedError) as error:
        return _form(
            request, svc.public_url, "login.html", status=_status(error), next=own_page(next), email=email,
            problem=str(error),
        )  # fmt: skip
    return _signed_in(svc.public_url, token, own_page(next))


@router.get("/link/{token}")
async def show_link(request: Request, svc: Svc, token: str) -> Response:
    """Changes nothing: mail scanners open links, and must not use them up."""
    return _form(request, svc.public_url, "link.html", token=token)


@router.post("/link/{token}", dependencies=[Depends(own_sign_in_form)])
async def use_link(svc: Svc, browser: ThisBrowser, token: str) -> Response:
    async with svc.db.transaction() as tx:
        session_token, _ = await signing_in.use_sign_in_link(tx, token, svc.clock(), browser)
    return _signed_in(svc.public_url, session_token, HOME)


@router.post("/logout", dependencies=[Depends(own_form)])
async def logout(svc: Svc, session: SignedIn) -> Response:
    await sessions.sign_out(svc.db.autocommit, session.id)
    response = go_to(f"{HOME}/login")
    cookies.forget_session(response, svc.public_url)
    return response


def _form(
    request: Request, public_url: str, template: str, *, status: int = 200, **values: object
) -> Response:
    csrf = cookies.form_token(request)
    response = page(template, status=status, csrf=csrf, **values)
    cookies.keep_form_token(response, csrf, public_url)
    return response


def _signed_in(public_url: str, token: str, path: str) -> Response:
    response = go_to(path)
    cookies.keep_session(response, token, public_url)
    return response


def _status(error: RefusedError) -> HTTPStatus:
    limited = isinstance(error, DisallowedError)
    return HTTPStatus.TOO_MANY_REQUESTS if limited else HTTPStatus.UNAUTHORIZED
