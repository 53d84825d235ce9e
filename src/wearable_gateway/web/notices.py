"""Vendors' notices: one route for all, verified and stored before the answer."""

import hmac
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Path, Request, Response

from wearable_gateway.connections.access import app_access, notice_key
from wearable_gateway.developers.models import ProviderApp
from wearable_gateway.developers.provider_apps import ProviderApps
from wearable_gateway.errors import NotFoundError, NoticeRefusedError
from wearable_gateway.ingestion import inbox
from wearable_gateway.kit import json
from wearable_gateway.providers import find_provider
from wearable_gateway.providers._base.notices import NoticeAnswer, NoticeRequest
from wearable_gateway.providers._base.provider import Provider
from wearable_gateway.web.deps import Services, Svc
from wearable_gateway.web.refusals import refusals

router = APIRouter(tags=["notices"])

log = structlog.get_logger()

PREFIX = "/notices/"
_BODY = {"requestBody": {"content": {"*/*": {"schema": {}}}, "description": "In the provider's own form."}}

Name = Annotated[str, Path(description="The provider, in any case.", examples=["sandbox"])]
AppId = Annotated[UUID, Path(description="The provider app that the provider knows this address by.")]
Key = Annotated[str, Path(description="The secret in the address of a provider that signs nothing.")]


@router.post(
    PREFIX + "{provider}/{app_id}",
    status_code=204,
    response_description="Stored, or known already; some providers are answered 200.",
    summary="Take a provider's notice",
    operation_id="receiveNotice",
    responses=refusals(400, 401, 404),
    openapi_extra=_BODY,
)
async def receive(provider: Name, app_id: AppId, request: Request, svc: Svc) -> Response:
    """204 once it is stored; 401 when it is forged or stale; 404 for an app that is not this provider's."""
    return await _receive(provider, app_id, None, request, svc)


@router.post(PREFIX + "{provider}/{app_id}/{key}", include_in_schema=False)
async def receive_unsigned(provider: Name, app_id: AppId, key: Key, request: Request, svc: Svc) -> Response:
    """The same for a provider that proves itself by knowing the address."""
    return await _receive(provider, app_id, key, request, svc)


@router.api_route(PREFIX + "{provider}/{app_id}", methods=["GET", "HEAD"], include_in_schema=False)
async def shake_hands(provider: Name, app_id: AppId, request: Request, svc: Svc) -> Response:
    """Providers that look whether somebody is there before they send anything."""
    return await _receive(provider, app_id, None, request, svc)


@router.api_route(PREFIX + "{provider}/{app_id}/{key}", methods=["GET", "HEAD"], include_in_schema=False)
async def shake_hands_unsigned(
    provider: Name, app_id: AppId, key: Key, request: Request, svc: Svc
) -> Response:
    """The same at a secret address."""
    return await _receive(provider, app_id, key, request, svc)


async def _receive(name: str, app_id: UUID, key: str | None, request: Request, svc: Services) -> Response:
    provider = find_provider(name)
    app = await ProviderApps(svc.db.autocommit, svc.keyring).get(app_id)
    _check_address(provider, app, key)
    came = NoticeRequest(
        headers=dict(request.headers),
        body=await request.body(),
        received_at=svc.clock(),
        method=request.method,
        query=dict(request.query_params),
    )
    try:
        answer = provider.answer(came, app_access(app))
        if answer is not None:
            return _answered(answer)
        await _accept(svc, provider, app, came)
    except NoticeRefusedError as error:
        log.warning("notice.refused", provider=provider.slug, app_id=str(app_id), why=error.detail)
        raise
    return Response(status_code=provider.notice_status)


async def _accept(svc: Services, provider: Provider, app: ProviderApp, came: NoticeRequest) -> None:
    if came.method != "POST":
        raise NoticeRefusedError(provider.slug, "this is no handshake of the provider's")
    await inbox.accept(svc.db.autocommit, provider, app, came)


def _check_address(provider: Provider, app: ProviderApp, key: str | None) -> None:
    """Before the body is read, which may be long. Raises NotFoundError."""
    if app.provider != provider.slug:
        raise NotFoundError("provider app")
    if provider.notices_are_signed:
        if key is not None:
            raise NotFoundError("provider app")
    elif key is None or not hmac.compare_digest(key.encode(), notice_key(app).encode()):
        raise NotFoundError("provider app")


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
