"""Vendors' notices: one route for all, verified and stored before the answer."""

from uuid import UUID

import structlog
from fastapi import APIRouter, Request, Response

from wearable_gateway.developers.provider_apps import ProviderApps
from wearable_gateway.errors import NotFoundError, NoticeRefusedError
from wearable_gateway.ingestion import inbox
from wearable_gateway.providers import find_provider
from wearable_gateway.providers._base.provider import NoticeRequest
from wearable_gateway.web.deps import Svc

router = APIRouter(tags=["notices"], include_in_schema=False)

log = structlog.get_logger()


@router.post("/notices/{provider}/{app_id}")
async def receive(provider: str, app_id: UUID, request: Request, svc: Svc) -> Response:
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
