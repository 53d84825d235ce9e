"""You: the places somebody has, where they are signed in, and their password."""

import re
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Form, Response

from wearable_gateway.developers import sessions
from wearable_gateway.developers.keys import find_developer
from wearable_gateway.developers.own_password import change_password, is_current_asked_for
from wearable_gateway.developers.passwords import SHORTEST
from wearable_gateway.developers.roles import OperatorSession
from wearable_gateway.errors import InvalidInputError, NotFoundError
from wearable_gateway.web.dashboard import cookies
from wearable_gateway.web.dashboard.addresses import section
from wearable_gateway.web.dashboard.deps import (
    GATEWAY,
    Place,
    SignedIn,
    ThisBrowser,
    Workplace,
    own_form,
    passwords_are_taken,
    with_passwords,
)
from wearable_gateway.web.dashboard.pages import framed, go_to
from wearable_gateway.web.dashboard.people import ROLES
from wearable_gateway.web.dashboard.returning import HOME
from wearable_gateway.web.deps import Services, Svc

router = section(f"/{GATEWAY}/you")

SAID = {
    "password": "Your password was changed. Other devices were signed out.",
    "ended": "That session was ended.",
    "alone": "You are signed out everywhere else.",
}
_BROWSERS = ("Edg", "OPR", "Firefox", "Chrome", "Safari")
_NAMES = {"Edg": "Edge", "OPR": "Opera"}
_SYSTEMS = ("iPhone", "iPad", "Android", "Windows", "Macintosh", "CrOS", "Linux")
_SYSTEM_NAMES = {"Macintosh": "macOS", "CrOS": "ChromeOS"}


@router.get("")
async def show_you(svc: Svc, session: SignedIn, said: str = "") -> Response:
    return await _page(svc, session, said=said)


@router.post("/password", dependencies=[Depends(own_form), Depends(with_passwords)])
async def set_own_password(
    svc: Svc,
    session: SignedIn,
    browser: ThisBrowser,
    password: Annotated[str, Form()] = "",
    current: Annotated[str, Form()] = "",
) -> Response:
    try:
        await change_password(svc.db, session, current, password, browser=browser, clock=svc.clock)
    except InvalidInputError as error:
        problems = {error.parameter: error.expected}
        return await _page(svc, session, status=HTTPStatus.UNPROCESSABLE_ENTITY, problems=problems)
    return go_to(f"{HOME}/{GATEWAY}/you?said=password")


@router.post("/sessions", dependencies=[Depends(own_form)])
async def end_other_sessions(svc: Svc, session: SignedIn) -> Response:
    async with svc.db.transaction() as tx:
        await sessions.end_all_beside(tx, session)
    return go_to(f"{HOME}/{GATEWAY}/you?said=alone")


@router.post("/sessions/{session_id}", dependencies=[Depends(own_form)])
async def end_session(svc: Svc, session: SignedIn, session_id: str) -> Response:
    try:
        ended = UUID(session_id)
    except ValueError:
        raise NotFoundError("page") from None
    async with svc.db.transaction() as tx:
        await sessions.end_beside(tx, session, ended)
    if ended != session.id:
        return go_to(f"{HOME}/{GATEWAY}/you?said=ended")
    response = go_to(f"{HOME}/login")
    cookies.forget_session(response, svc.public_url)
    return response


async def _page(
    svc: Services,
    session: OperatorSession,
    *,
    said: str = "",
    problems: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    db = svc.db.autocommit
    listed = await sessions.sessions_beside(db, session, svc.clock())
    return framed(
        "you.html",
        await _here(svc, session),
        "you",
        status=status,
        places=[
            (place, await find_developer(db, place.dev_id) if place.dev_id else None)
            for place in session.operators
        ],
        sessions=[(one, named(one.browser.user_agent)) for one in listed],
        with_current=await is_current_asked_for(db, session),
        with_passwords=passwords_are_taken(svc),
        shortest=SHORTEST,
        roles=ROLES,
        problems=problems or {},
        said=SAID.get(said),
        now=svc.clock(),
    )


async def _here(svc: Services, session: OperatorSession) -> Place:
    """With the menu of their only developer, for whom there is nothing to choose."""
    place = session.for_gateway or session.operators[0]
    if place.dev_id is None or len(session.operators) > 1:
        return Place(session, place, None)
    return Workplace(session, place, await find_developer(svc.db.autocommit, place.dev_id))


def named(user_agent: str | None) -> str:
    """`Firefox on Linux`, as far as can be told."""
    text = user_agent or ""
    browser = next((name for name in _BROWSERS if re.search(rf"\b{name}\w*/", text)), None)
    system = next((name for name in _SYSTEMS if name in text), None)
    if browser is None:
        return "Unknown browser"
    name = _NAMES.get(browser, browser)
    return f"{name} on {_SYSTEM_NAMES.get(system, system)}" if system else name
