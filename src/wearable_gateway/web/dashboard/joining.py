"""Accepting an invitation."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Form, Request, Response

from wearable_gateway.developers import joining
from wearable_gateway.developers.invitations import Invitation, find_invitation
from wearable_gateway.developers.keys import find_developer
from wearable_gateway.developers.roles import OperatorSession
from wearable_gateway.errors import InvalidInputError
from wearable_gateway.web.dashboard import cookies
from wearable_gateway.web.dashboard.addresses import section
from wearable_gateway.web.dashboard.deps import (
    GATEWAY,
    SessionIfAny,
    ThisBrowser,
    own_sign_in_form,
    passwords_are_taken,
    refuse_passwords,
)
from wearable_gateway.web.dashboard.pages import go_to
from wearable_gateway.web.dashboard.returning import HOME
from wearable_gateway.web.dashboard.sign_in_page import with_form_token
from wearable_gateway.web.deps import Services, Svc

router = section("/invitation")


@router.get("/{token}")
async def show_invitation(request: Request, svc: Svc, session: SessionIfAny, token: str) -> Response:
    """Changes nothing: mail scanners open links, and must not use them up."""
    return await _page(request, svc, token, session)


@router.post("/{token}", dependencies=[Depends(own_sign_in_form)])
async def accept_invitation(
    request: Request,
    svc: Svc,
    session: SessionIfAny,
    browser: ThisBrowser,
    token: str,
    password: Annotated[str, Form()] = "",
) -> Response:
    now = svc.clock()
    invitation = await find_invitation(svc.db.autocommit, token, now)
    if session is not None and joining.joins_signed_in(invitation, session):
        async with svc.db.transaction() as tx:
            opened, _ = await joining.join_signed_in(tx, token, session, now, browser)
        return _arrived(svc, invitation, opened)
    refuse_passwords(svc)
    try:
        opened, _ = await joining.join_with_password(
            svc.db, token, password, session, now=now, browser=browser
        )
    except InvalidInputError as error:
        return await _page(
            request, svc, token, session, status=HTTPStatus.UNPROCESSABLE_ENTITY, problem=error.expected
        )
    return _arrived(svc, invitation, opened)


def _arrived(svc: Services, invitation: Invitation, token: str) -> Response:
    response = go_to(f"{HOME}/{invitation.dev_id or GATEWAY}")
    cookies.keep_session(response, token, svc.public_url)
    return response


async def _page(
    request: Request,
    svc: Services,
    token: str,
    session: OperatorSession | None,
    *,
    status: int = 200,
    problem: str | None = None,
) -> Response:
    """The same for every e-mail address, whatever else it may open here."""
    invitation = await find_invitation(svc.db.autocommit, token, svc.clock())
    developer = await find_developer(svc.db.autocommit, invitation.dev_id) if invitation.dev_id else None
    return with_form_token(
        request,
        svc,
        "invitation.html",
        status=status,
        invitation=invitation,
        developer=developer,
        token=token,
        mine=session,
        signed_in=joining.joins_signed_in(invitation, session),
        with_passwords=passwords_are_taken(svc),
        sign_on=svc.sign_on.config if svc.sign_on else None,
        problem=problem,
    )
