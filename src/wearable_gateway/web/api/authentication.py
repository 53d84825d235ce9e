"""Auth URLs, widget sessions, deauthentication (https://docs.tryterra.co/reference/rest-api/authentication)."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from wearable_gateway.connect import service as flows
from wearable_gateway.connect.models import Flow
from wearable_gateway.connections import service as connections
from wearable_gateway.web.deps import CurrentDeveloper, Services, Svc, read_user_id

router = APIRouter(tags=["authentication"])
widget_router = APIRouter(tags=["authentication"])


class AuthenticationRequest(BaseModel):
    reference_id: str | None = None
    auth_success_redirect_url: str | None = None
    auth_failure_redirect_url: str | None = None
    language: str | None = None
    user_id: str | None = None
    """Ours: the connection to connect again; the end user must sign in to the same wearable account."""


class WidgetRequest(BaseModel):
    providers: str | None = None
    reference_id: str | None = None
    auth_success_redirect_url: str | None = None
    auth_failure_redirect_url: str | None = None
    language: str | None = None


async def _begin(svc: Services, dev_id: str, wanted: flows.FlowRequest) -> tuple[Flow, str]:
    # One statement writes; the others only look.
    return await flows.begin(svc.db.autocommit, dev_id, wanted, keyring=svc.keyring, now=svc.clock())


@router.post("/auth/authenticateUser")
async def authenticate_user(
    developer: CurrentDeveloper, svc: Svc, resource: str, body: AuthenticationRequest | None = None
) -> dict[str, Any]:
    """An auth URL for one provider. `user_id` is the connection's, once the end user has finished."""
    body = body or AuthenticationRequest()
    wanted = flows.FlowRequest(
        resource=resource,
        reference_id=body.reference_id,
        success_url=body.auth_success_redirect_url,
        failure_url=body.auth_failure_redirect_url,
        language=body.language,
        reconnect_user_id=read_user_id(body.user_id) if body.user_id else None,
    )
    flow, token = await _begin(svc, developer.dev_id, wanted)
    return {
        "status": "success",
        "user_id": str(flow.user_id),
        "auth_url": f"{svc.public_url}/connect/{token}",
        "expires_in": int(flows.LIFETIME.total_seconds()),
    }


@widget_router.post("/api/widget/session")
@widget_router.post("/widget/api/session")
@router.post("/auth/generateWidgetSession")
async def generate_widget_session(
    developer: CurrentDeveloper, svc: Svc, body: WidgetRequest | None = None
) -> dict[str, Any]:
    """A link to the page where the end user chooses a provider."""
    body = body or WidgetRequest()
    wanted = flows.FlowRequest(
        providers=body.providers,
        reference_id=body.reference_id,
        success_url=body.auth_success_redirect_url,
        failure_url=body.auth_failure_redirect_url,
        language=body.language,
    )
    flow, token = await _begin(svc, developer.dev_id, wanted)
    return {
        "status": "success",
        "session_id": str(flow.id),
        "url": f"{svc.public_url}/widget/session/{token}",
        "expires_in": int(flows.LIFETIME.total_seconds()),
    }


@router.delete("/auth/deauthenticateUser")
async def deauthenticate_user(developer: CurrentDeveloper, svc: Svc, user_id: str) -> dict[str, str]:
    """Remove a connection and its data; other developers' connections to the same account stay."""
    async with svc.db.transaction() as session:
        await connections.deauthenticate(session, developer.dev_id, read_user_id(user_id), now=svc.clock())
    return {"status": "success"}
