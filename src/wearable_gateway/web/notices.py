"""Vendors' notices: one route for all, verified and stored before the answer."""

from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Path, Request, Response

from wearable_gateway.developers.provider_apps import ProviderApps
from wearable_gateway.errors import NotFoundError, NoticeRefusedError
from wearable_gateway.ingestion import inbox
from wearable_gateway.providers import find_provider
from wearable_gateway.providers._base.provider import NoticeRequest
from wearable_gateway.web.deps import Svc
from wearable_gateway.web.refusals import refusals

router = APIRouter(tags=["notices"])

log = structlog.get_logger()


_BODY = {"requestBody": {"content": {"*/*": {"schema": {}}}, "description": "In the provider's own form."}}


@router.post(
    "/notices/{provider}/{app_id}",
    status_code=204,
    response_description="Stored, or known already.",
    summary="Take a provider's notice",
    operation_id="receiveNotice",
    responses=refusals(400, 401, 404),
    openapi_extra=_BODY,
)
async def receive(
    provider: Annotated[str, Path(description="The provider, in any case.", examples=["sandbox"])],
    app_id: Annotated[UUID, Path(description="The provider app that the provider knows this address by.")],
    request: Request,
    svc: Svc,
) -> Response:
    """204 once it is stored; 401 when it is forged or stale; 404 for an app that is not this provider's."""
    found = find_provider(provider)
    app = await ProviderApps(svc.db.autocommit, svc.keyring).get(app_id)
    if app.provider != found.slug:
        raise NotFoundError("provider app")
    body = await request.body()
    came = NoticeRequest(headers=dict(request.headers), body=body, received_at=svc.clock())
    try:
        await inbox.accept(svc.db.autocommit, found, app, came)
    except NoticeRefusedError as error:
        log.warning("notice.refused", provider=found.slug, app_id=str(app_id), why=error.detail)
        raise
    return Response(status_code=204)
