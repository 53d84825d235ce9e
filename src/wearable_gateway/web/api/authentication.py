"""Auth URLs, widget sessions, tokens, deauthentication (https://docs.tryterra.co/reference/rest-api/authentication)."""

from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from wearable_gateway.connect import service as flows
from wearable_gateway.connect.models import Flow
from wearable_gateway.connections import service as connections
from wearable_gateway.connections.reference_ids import check_reference_id
from wearable_gateway.connections.repository import ConnectionRepository
from wearable_gateway.developers.models import Developer
from wearable_gateway.developers.tokens import LIFETIME, TokenHolder, issue_token
from wearable_gateway.errors import DisallowedError, NotFoundError
from wearable_gateway.web.deps import CurrentDeveloper, DeveloperOrFrontEnd, Services, Svc, read_user_id

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


class TokenAnswer(BaseModel):
    status: Literal["success"] = "success"
    token: str = Field(description="64 hexadecimal characters; works once.")
    expires_in: int = Field(default=int(LIFETIME.total_seconds()), description="Seconds.")


async def _begin(svc: Services, developer: Developer, wanted: flows.FlowRequest) -> tuple[Flow, str]:
    # One statement writes; the others only look.
    return await flows.begin(svc.db.autocommit, developer, wanted, keyring=svc.keyring, now=svc.clock())


def _reference_of(holder: TokenHolder, given: str | None) -> str | None:
    """A token made for one end user begins that one's flows alone, named or not. Raises DisallowedError."""
    if holder.reference_id is None or not given:
        return holder.reference_id or given
    if given != holder.reference_id:
        raise DisallowedError("this token was made for another reference_id")
    return given


async def _reconnected(svc: Services, holder: TokenHolder, user_id: str | None) -> UUID | None:
    """The connection to connect again. Raises NotFoundError, also where it is not the token's end user's."""
    if not user_id:
        return None
    wanted = read_user_id(user_id)
    if holder.reference_id is not None:
        repository = ConnectionRepository(svc.db.autocommit, holder.developer.dev_id)
        if (await repository.get(wanted)).reference_id != holder.reference_id:
            raise NotFoundError("user")
    return wanted


@router.post("/auth/authenticateUser")
async def authenticate_user(
    holder: DeveloperOrFrontEnd, svc: Svc, resource: str, body: AuthenticationRequest | None = None
) -> dict[str, Any]:
    """An auth URL for one provider. `user_id` is the connection's, once the end user has finished."""
    body = body or AuthenticationRequest()
    wanted = flows.FlowRequest(
        resource=resource,
        reference_id=_reference_of(holder, body.reference_id),
        success_url=body.auth_success_redirect_url,
        failure_url=body.auth_failure_redirect_url,
        language=body.language,
        reconnect_user_id=await _reconnected(svc, holder, body.user_id),
    )
    flow, token = await _begin(svc, holder.developer, wanted)
    return {
        "status": "success",
        "user_id": str(flow.user_id),
        "auth_url": f"{svc.public_url}/connect/{token}",
        "expires_in": int(flows.LIFETIME.total_seconds()),
    }


@router.post("/auth/generateWidgetSession")
async def generate_widget_session(
    holder: DeveloperOrFrontEnd, svc: Svc, body: WidgetRequest | None = None
) -> dict[str, Any]:
    """A link to the page where the end user chooses a provider."""
    return await _widget_session(svc, holder, body or WidgetRequest())


@widget_router.post("/api/widget/session")
@widget_router.post("/widget/api/session")
async def widget_session(
    developer: CurrentDeveloper, svc: Svc, body: WidgetRequest | None = None
) -> dict[str, Any]:
    """The same where Terra's newer generation has it; an API key is needed here."""
    return await _widget_session(svc, TokenHolder(developer, None), body or WidgetRequest())


async def _widget_session(svc: Services, holder: TokenHolder, body: WidgetRequest) -> dict[str, Any]:
    wanted = flows.FlowRequest(
        providers=body.providers,
        reference_id=_reference_of(holder, body.reference_id),
        success_url=body.auth_success_redirect_url,
        failure_url=body.auth_failure_redirect_url,
        language=body.language,
    )
    flow, token = await _begin(svc, holder.developer, wanted)
    return {
        "status": "success",
        "session_id": str(flow.id),
        "url": f"{svc.public_url}/widget/session/{token}",
        "expires_in": int(flows.LIFETIME.total_seconds()),
    }


@router.post("/auth/generateAuthToken")
async def generate_auth_token(developer: CurrentDeveloper, svc: Svc) -> TokenAnswer:
    """A token for the app's front end: it begins one flow within three minutes, in place of the API key."""
    return await _token(svc, developer, None)


@router.post("/auth/tokens")
async def make_token(developer: CurrentDeveloper, svc: Svc, reference_id: str | None = None) -> TokenAnswer:
    """The same; with a `reference_id` it begins a flow of that end user alone."""
    return await _token(svc, developer, check_reference_id(reference_id))


async def _token(svc: Services, developer: Developer, reference_id: str | None) -> TokenAnswer:
    return TokenAnswer(
        token=await issue_token(svc.db.autocommit, developer.dev_id, reference_id, now=svc.clock())
    )


@router.delete("/auth/deauthenticateUser")
async def deauthenticate_user(developer: CurrentDeveloper, svc: Svc, user_id: str) -> dict[str, str]:
    """Remove a connection and its data; other developers' connections to the same account stay."""
    async with svc.db.transaction() as session:
        await connections.deauthenticate(session, developer.dev_id, read_user_id(user_id), now=svc.clock())
    return {"status": "success"}
