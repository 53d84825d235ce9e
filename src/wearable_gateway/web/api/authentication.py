"""Auth URLs, widget sessions, tokens, deauthentication (https://docs.tryterra.co/reference/rest-api/authentication)."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict, Field, StrictBool
from pydantic.config import JsonDict

from wearable_gateway.connect import service as flows
from wearable_gateway.connect.models import Flow
from wearable_gateway.connections import service as connections
from wearable_gateway.connections.reference_ids import check_reference_id
from wearable_gateway.connections.repository import ConnectionRepository
from wearable_gateway.developers.models import Developer
from wearable_gateway.developers.provider_apps import ProviderApps
from wearable_gateway.developers.tokens import TokenHolder, issue_token
from wearable_gateway.errors import DisallowedError, NotFoundError
from wearable_gateway.web.answers.connecting import AuthUrl, Success, TokenAnswer, WidgetSession
from wearable_gateway.web.bodies import JsonRoute, json_answer
from wearable_gateway.web.deps import CurrentDeveloper, DeveloperOrFrontEnd, Services, Svc, read_user_id
from wearable_gateway.web.direct import DirectRoute
from wearable_gateway.web.parameters import (
    PROVIDER,
    Language,
    MaybeUuid,
    RedirectUrl,
    ReferenceId,
    ReferenceIdQuery,
    UserIdQuery,
)
from wearable_gateway.web.refusals import refusals
from wearable_gateway.web.routing import described

router = described("/v2", tag="authentication", route_class=JsonRoute)
direct_router = described("/v2", tag="authentication", route_class=DirectRoute)
widget_router = described(tag="authentication", route_class=JsonRoute)

_EXAMPLE: JsonDict = {
    "reference_id": "ann@example.org",
    "auth_success_redirect_url": "https://app.example/connected",
    "auth_failure_redirect_url": "https://app.example/failed",
    "language": "en",
}


class _FlowRequest(BaseModel):
    reference_id: ReferenceId | None = Field(
        default=None, description="Your own name for the end user; it comes back with everything about them."
    )
    auth_success_redirect_url: RedirectUrl | None = Field(
        default=None,
        description="Where the end user goes once connected: https, http, or an app's own scheme. None: a page of ours.",
    )
    auth_failure_redirect_url: RedirectUrl | None = Field(
        default=None, description="Where the end user goes when it did not work. None: a page of ours."
    )
    language: Language | None = Field(default=None, description="A language tag such as en or pt-BR.")


class AuthenticationRequest(_FlowRequest):
    """All of it may be left out, the body too."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    user_id: MaybeUuid | None = Field(
        default=None,
        description=(
            "The connection to connect again; the end user must sign in to the same wearable account. Not Terra's."
        ),
    )


class WidgetRequest(_FlowRequest):
    """All of it may be left out, the body too."""

    model_config = ConfigDict(json_schema_extra={"examples": [{**_EXAMPLE, "providers": PROVIDER}]})

    providers: str | None = Field(
        default=None, description="What the end user may choose from, separated by commas. None: everything."
    )
    show_disconnect: StrictBool | None = Field(
        default=None,
        description=(
            "Show the end user of this `reference_id` what they are connected with, and let them disconnect it. Needs an"
            " API key, or a token made for the `reference_id`."
        ),
    )


Resource = Annotated[
    str,
    Query(
        description="The provider, in any case: one of GET /v2/integrations; others are answered with 404.",
        examples=[PROVIDER],
    ),
]


async def _begin(svc: Services, developer: Developer, wanted: flows.FlowRequest) -> tuple[Flow, str]:
    # One statement writes; the others only look.
    session = svc.db.autocommit
    apps = ProviderApps(session, svc.keyring, svc.apps_seen)
    return await flows.begin(session, apps, developer, wanted, now=svc.clock())


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


@direct_router.post(
    "/auth/authenticateUser",
    summary="Make a link to connect one provider",
    responses={200: {"model": AuthUrl}, **refusals(403, 404)},
)
async def authenticate_user(
    holder: DeveloperOrFrontEnd, svc: Svc, resource: Resource, body: AuthenticationRequest | None = None
) -> Response:
    """Send the end user to `auth_url`. `user_id` is the connection's, once they have finished."""
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
    return json_answer(
        {
            "status": "success",
            "user_id": str(flow.user_id),
            "auth_url": f"{svc.public_url}/connect/{token}",
            "expires_in": int(flows.LIFETIME.total_seconds()),
        }
    )


_SESSION = {200: {"model": WidgetSession}, **refusals(403)}


@router.post(
    "/auth/generateWidgetSession", summary="Make a link to the choice of a provider", responses=_SESSION
)
async def generate_widget_session(
    holder: DeveloperOrFrontEnd, svc: Svc, body: WidgetRequest | None = None
) -> Response:
    """Send the end user to `url`."""
    return await _widget_session(svc, holder, body or WidgetRequest())


@widget_router.post(
    "/api/widget/session",
    summary="Make a link to the choice of a provider",
    operation_id="createWidgetSession",
    responses=_SESSION,
)
@widget_router.post(
    "/widget/api/session",
    summary="Make a link to the choice of a provider, at its other address",
    operation_id="createWidgetSessionAtOtherAddress",
    responses=_SESSION,
)
async def widget_session(
    developer: CurrentDeveloper, svc: Svc, body: WidgetRequest | None = None
) -> Response:
    """The same as `generateWidgetSession` where Terra's newer generation has it; an API key is needed here."""
    return await _widget_session(svc, TokenHolder(developer, None, is_backend=True), body or WidgetRequest())


def _may_disconnect(holder: TokenHolder, wanted: bool | None) -> bool:
    """Raises DisallowedError for a front end that could name anybody."""
    if wanted and not holder.is_backend and holder.reference_id is None:
        raise DisallowedError("show_disconnect needs an API key, or a token made for the reference_id")
    return bool(wanted)


async def _widget_session(svc: Services, holder: TokenHolder, body: WidgetRequest) -> Response:
    wanted = flows.FlowRequest(
        providers=body.providers,
        reference_id=_reference_of(holder, body.reference_id),
        success_url=body.auth_success_redirect_url,
        failure_url=body.auth_failure_redirect_url,
        language=body.language,
        show_disconnect=_may_disconnect(holder, body.show_disconnect),
    )
    flow, token = await _begin(svc, holder.developer, wanted)
    return json_answer(
        {
            "status": "success",
            "session_id": str(flow.id),
            "url": f"{svc.public_url}/widget/session/{token}",
            "expires_in": int(flows.LIFETIME.total_seconds()),
        }
    )


@router.post("/auth/generateAuthToken", summary="Make a token for a front end")
async def generate_auth_token(developer: CurrentDeveloper, svc: Svc) -> TokenAnswer:
    """A token for the app's front end: it begins one flow within three minutes, in place of the API key."""
    return await _token(svc, developer, None)


@router.post("/auth/tokens", summary="Make a token for one end user's front end")
async def make_token(
    developer: CurrentDeveloper, svc: Svc, reference_id: ReferenceIdQuery = None
) -> TokenAnswer:
    """As `generateAuthToken`; with a `reference_id` it begins a flow of that end user alone."""
    return await _token(svc, developer, check_reference_id(reference_id))


async def _token(svc: Services, developer: Developer, reference_id: str | None) -> TokenAnswer:
    return TokenAnswer(
        token=await issue_token(svc.db.autocommit, developer.dev_id, reference_id, now=svc.clock())
    )


@router.delete(
    "/auth/deauthenticateUser",
    summary="Remove a connection",
    responses={200: {"model": Success}, **refusals(404)},
)
async def deauthenticate_user(developer: CurrentDeveloper, svc: Svc, user_id: UserIdQuery) -> Response:
    """Remove a connection and its data; other developers' connections to the same account stay."""
    async with svc.db.transaction() as session:
        await connections.deauthenticate(
            session,
            developer.dev_id,
            read_user_id(user_id),
            actor=f"developer:{developer.dev_id}",
            now=svc.clock(),
        )
    return json_answer({"status": "success"})
