"""Signing in by the service that was set up: off to it, and back with a code."""

import json
from dataclasses import asdict, dataclass
from datetime import timedelta
from hashlib import sha256
from http import HTTPStatus
from typing import Annotated

import structlog
from fastapi import Depends, Form, Request, Response

from wearable_gateway.developers.joining import join_as
from wearable_gateway.developers.sessions import Browser
from wearable_gateway.developers.sign_in import sign_in_as
from wearable_gateway.developers.sign_on import SignOnAttempt, SignOnService
from wearable_gateway.errors import DisallowedError, NotFoundError, SettingsError, SingleSignOnError
from wearable_gateway.web.dashboard import cookies
from wearable_gateway.web.dashboard.addresses import section
from wearable_gateway.web.dashboard.deps import ThisBrowser, own_sign_in_form
from wearable_gateway.web.dashboard.pages import go_to, page
from wearable_gateway.web.dashboard.returning import HOME, own_page
from wearable_gateway.web.dashboard.sign_in_page import sign_in_page
from wearable_gateway.web.deps import Services, Svc

router = section("/sso")
log = structlog.get_logger()

_LIFETIME = timedelta(minutes=10)
_IDENTITY = "dashboard:sso"


@dataclass(frozen=True, slots=True)
class _Journey:
    """What the browser keeps of where it is going, sealed. `beside`: in a tab of its own, while a form waits in another."""

    state: str
    nonce: str
    verifier: str
    until: float
    next: str
    invitation: str
    beside: bool


async def sign_on_service(svc: Svc) -> SignOnService:
    """Raises NotFoundError where none is set up."""
    if svc.sign_on is None:
        raise NotFoundError("page")
    return svc.sign_on


Service = Annotated[SignOnService, Depends(sign_on_service)]


@router.post("", dependencies=[Depends(own_sign_in_form)])
async def leave_for_service(
    request: Request,
    svc: Svc,
    service: Service,
    next: Annotated[str, Form()] = "",  # noqa: A002 - the field's name
    invitation: Annotated[str, Form(max_length=200)] = "",
    beside: Annotated[bool, Form()] = False,
) -> Response:
    attempt = SignOnAttempt.new()
    try:
        address = await service.authorize_url(attempt)
    except SingleSignOnError as error:
        return _did_not_work(request, svc, service, error, own_page(next))
    until = (svc.clock() + _LIFETIME).timestamp()
    journey = _Journey(
        attempt.state, attempt.nonce, attempt.verifier, until, own_page(next), invitation, beside
    )
    response = go_to(address)
    sealed = svc.keyring.encrypt(json.dumps(asdict(journey)).encode(), identity=_IDENTITY)
    cookies.keep_journey(response, _name(attempt.state), sealed, svc.public_url, _LIFETIME)
    return response


@router.get("/callback")
async def come_back(
    request: Request,
    svc: Svc,
    service: Service,
    browser: ThisBrowser,
    state: str = "",
    code: str = "",
    iss: str = "",
) -> Response:
    """Only the browser that left can come back, and once: the rest of what it takes is in its cookie."""
    journey = _journey(request, svc, state)
    if journey is None:
        problem = "this took too long, or began in another browser: begin again"
        return sign_in_page(request, svc, status=HTTPStatus.FORBIDDEN, next_page=HOME, problem=problem)
    try:
        response = await _arrive(svc, service, journey, code, iss, browser)
    except SingleSignOnError as error:
        response = _did_not_work(request, svc, service, error, journey.next)
    except DisallowedError as error:
        response = sign_in_page(
            request, svc, status=HTTPStatus.FORBIDDEN, next_page=journey.next, problem=str(error)
        )
    cookies.forget_journey(response, _name(state), svc.public_url)
    return response


async def _arrive(
    svc: Services, service: SignOnService, journey: _Journey, code: str, iss: str, browser: Browser
) -> Response:
    if not code:
        raise DisallowedError(f"{service.config.name} did not sign you in")
    attempt = SignOnAttempt(journey.state, journey.nonce, journey.verifier)
    email = await service.verified_email(attempt, code, iss)
    async with svc.db.transaction() as tx:
        if journey.invitation:
            token, _ = await join_as(tx, journey.invitation, email, svc.clock(), browser)
        else:
            token, _ = await sign_in_as(tx, email, svc.clock(), browser)
    response = page("signed_in_beside.html") if journey.beside else go_to(journey.next)
    cookies.keep_session(response, token, svc.public_url)
    return response


def _journey(request: Request, svc: Services, state: str) -> _Journey | None:
    sealed = cookies.journey(request, _name(state))
    if sealed is None:
        return None
    try:
        found = _Journey(**json.loads(svc.keyring.decrypt(sealed, identity=_IDENTITY)))
    except (SettingsError, ValueError, TypeError):
        return None
    return found if found.state == state and found.until > svc.clock().timestamp() else None


def _name(state: str) -> str:
    """One for each attempt, so that two tabs do not get in each other's way."""
    return sha256(state.encode(errors="replace")).hexdigest()[:12]


def _did_not_work(
    request: Request, svc: Services, service: SignOnService, error: SingleSignOnError, next_page: str
) -> Response:
    log.warning("sign_on.failed", issuer=service.config.issuer, detail=str(error))
    otherwise = "ask for a sign-in link" if service.config.only else "use your password"
    problem = f"{service.config.name} does not answer as it should: try again in a moment, or {otherwise}"
    return sign_in_page(
        request, svc, status=HTTPStatus.SERVICE_UNAVAILABLE, next_page=next_page, problem=problem
    )
