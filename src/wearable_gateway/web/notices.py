"""Vendors' notices: one route for all, verified and stored before the answer."""

import hmac
from typing import Annotated, Any
from uuid import UUID

import structlog
from fastapi import Path, Request, Response

from wearable_gateway.connections.access import app_access, notice_key
from wearable_gateway.developers.models import ProviderApp
from wearable_gateway.errors import NotFoundError, NoticeRefusedError
from wearable_gateway.ingestion import inbox
from wearable_gateway.kit import json
from wearable_gateway.providers import find_provider
from wearable_gateway.providers._base.notices import NoticeAnswer, NoticeRequest
from wearable_gateway.providers._base.provider import Provider
from wearable_gateway.web.deps import Services, Svc
from wearable_gateway.web.direct import DirectRoute
from wearable_gateway.web.refusals import refusals
from wearable_gateway.web.routing import described

direct_router = described(tag="notices", route_class=DirectRoute)
router = described(tag="notices")

log = structlog.get_logger()

PREFIX = "/notices/"
_BODY = {"requestBody": {"content": {"*/*": {"schema": {}}}, "description": "In the provider's own form."}}

_ANSWER: dict[str, Any] = {"content": {"application/json": {"schema": {"type": "object"}}}}

Name = Annotated[str, Path(description="The provider, in any case.", examples=["sandbox"])]
Address = Annotated[
    str,
    Path(
        description="The provider app that the provider knows this address by; of a provider that signs nothing, with"
        " a dot and the address's secret.",
    ),
]
_PATH = PREFIX + "{provider}/{address}"


@direct_router.post(
    _PATH,
    status_code=204,
    response_description="Stored, or known already.",
    summary="Take a provider's notice",
    operation_id="receiveNotice",
    responses={
        200: {"description": "The same, or a handshake's answer, where a provider wants that.", **_ANSWER},
        **refusals(400, 401, 404),
    },
    openapi_extra=_BODY,
)
async def receive(provider: Name, address: Address, request: Request, svc: Svc) -> Response:
    """204 once it is stored; 401 when it is forged or stale; 404 for an address that is no app's of this provider."""
    return await _receive(provider, address, request, svc)


@router.get(
    _PATH,
    summary="Answer a provider's handshake",
    operation_id="shakeHands",
    response_description="What the provider wants to hear.",
    responses={200: _ANSWER, **refusals(401, 404)},
)
async def shake_hands(provider: Name, address: Address, request: Request, svc: Svc) -> Response:
    """For providers that try an address before they send anything to it; 401 for everybody else."""
    return await _receive(provider, address, request, svc)


@router.head(
    _PATH,
    summary="Answer a provider that looks whether somebody is there",
    operation_id="answerLook",
    response_description="Somebody is.",
    responses=refusals(401, 404),
)
async def answer_look(provider: Name, address: Address, request: Request, svc: Svc) -> Response:
    """The same without a body."""
    return await _receive(provider, address, request, svc)


async def _receive(name: str, address: str, request: Request, svc: Services) -> Response:
    provider = find_provider(name)
    try:
        app_id = UUID(address.partition(".")[0])
    except ValueError:
        raise NotFoundError("provider app") from None
    recent = await svc.opened_apps.get(app_id)
    try:
        return await _answer(svc, provider, recent, address, request)
    except (NotFoundError, NoticeRefusedError) as refusal:
        # By a secret that may have been replaced since.
        current = await svc.opened_apps.anew(app_id)
        if current == recent:
            _log_refusal(current, refusal)
            raise
    try:
        return await _answer(svc, provider, current, address, request)
    except (NotFoundError, NoticeRefusedError) as refusal:
        _log_refusal(current, refusal)
        raise


def _log_refusal(app: ProviderApp, refusal: NotFoundError | NoticeRefusedError) -> None:
    why = refusal.detail if isinstance(refusal, NoticeRefusedError) else "the address is another one"
    log.warning("notice.refused", provider=app.provider, app_id=str(app.id), why=why)


async def _answer(
    svc: Services, provider: Provider, app: ProviderApp, address: str, request: Request
) -> Response:
    _check_address(provider, app, address)
    came = NoticeRequest(
        headers=dict(request.headers),
        body=await request.body(),
        received_at=svc.clock(),
        method=request.method,
        query=dict(request.query_params),
    )
    answer = provider.answer(came, app_access(app))
    if answer is not None:
        return _answered(answer)
    await _accept(svc, provider, app, came)
    return Response(status_code=provider.notice_status)


def _check_address(provider: Provider, app: ProviderApp, address: str) -> None:
    """Before the body is read, which may be long. Raises NotFoundError."""
    key = address.partition(".")[2]
    wanted = "" if provider.notices_are_signed else notice_key(app)
    if app.provider != provider.slug or not hmac.compare_digest(key.encode(), wanted.encode()):
        raise NotFoundError("provider app")


async def _accept(svc: Services, provider: Provider, app: ProviderApp, came: NoticeRequest) -> None:
    if came.method != "POST":
        raise NoticeRefusedError(provider.slug, "this is no handshake of the provider's")
    await inbox.accept(svc.db.autocommit, provider, app, came)


def _answered(answer: NoticeAnswer) -> Response:
    if answer.body is None:
        return Response(status_code=answer.status)
    return Response(json.dump(answer.body), answer.status, media_type="application/json")


def largest_notice(path: str) -> int | None:
    """How long a body of this path may be; None where it is no provider's."""
    if not path.startswith(PREFIX):
        return None
    try:
        return find_provider(path.removeprefix(PREFIX).partition("/")[0]).largest_notice_bytes
    except NotFoundError:
        return None
