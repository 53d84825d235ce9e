"""The end user's way: the link, the choice, off to the provider, and back."""

from typing import Annotated

from fastapi import APIRouter, Cookie, Form, Response
from fastapi.responses import RedirectResponse

from wearable_gateway.connect import service
from wearable_gateway.connect.closing import Ending, close_expired
from wearable_gateway.connect.models import Flow, FlowKind, FlowState, Returned
from wearable_gateway.connect.repository import FlowRepository
from wearable_gateway.connect.tokens import new_browser_secret
from wearable_gateway.developers.keys import find_developer
from wearable_gateway.errors import FlowRefusedError
from wearable_gateway.web.connect.pages import choose_page, ended_page
from wearable_gateway.web.deps import Services, Svc

router = APIRouter(include_in_schema=False)

BROWSER_COOKIE = "wg_browser"

Browser = Annotated[str | None, Cookie(alias=BROWSER_COOKIE)]


@router.get("/connect/callback")
async def callback(
    svc: Svc,
    state: str = "",
    code: str | None = None,
    error: str | None = None,
    scope: str | None = None,
    browser: Browser = None,
) -> Response:
    """Where providers send the end user back to."""
    ending = await svc.callback.finish(
        Returned(state=state, browser=browser or "", code=code, error=error, scope=scope)
    )
    return await _ended(svc, ending)


@router.get("/connect/{token}")
async def open_auth_url(token: str, svc: Svc, browser: Browser = None) -> Response:
    """An auth URL: straight on to its provider."""
    flow = await service.find(svc.db.autocommit, token)
    if flow.kind is FlowKind.WIDGET:
        return RedirectResponse(f"{svc.public_url}/widget/session/{token}", 303)
    return await _ended_before(svc, flow) or await _leave(svc, flow, flow.provider or "", browser)


@router.get("/widget/session/{token}")
async def choose(token: str, svc: Svc) -> Response:
    """A widget session: which provider?"""
    flow = await service.find(svc.db.autocommit, token)
    ended = await _ended_before(svc, flow)
    if ended is not None:
        return ended
    await FlowRepository(svc.db.autocommit, flow.dev_id).set_opened(flow.id, now=svc.clock())
    slugs = await service.offered(svc.db.autocommit, flow, keyring=svc.keyring)
    return choose_page(await find_developer(svc.db.autocommit, flow.dev_id), token, slugs)


@router.post("/connect/{token}/start")
async def start(token: str, svc: Svc, provider: Annotated[str, Form()], browser: Browser = None) -> Response:
    """The choice made in the widget."""
    flow = await service.find(svc.db.autocommit, token)
    return await _ended_before(svc, flow) or await _leave(svc, flow, provider, browser)


async def _leave(svc: Services, flow: Flow, provider: str, browser: str | None) -> Response:
    browser = browser if browser and len(browser) <= 64 else new_browser_secret()  # noqa: PLR2004 - ours are shorter
    async with svc.db.transaction() as session:
        url = await service.leave(
            session,
            flow,
            provider,
            browser=browser,
            public_url=svc.public_url,
            keyring=svc.keyring,
            now=svc.clock(),
        )
    answer = RedirectResponse(url, 303)
    answer.set_cookie(
        BROWSER_COOKIE,
        browser,
        max_age=int(service.LIFETIME.total_seconds()),
        path="/connect",
        httponly=True,
        samesite="lax",
        secure=svc.public_url.startswith("https://"),
    )
    return answer


async def _ended_before(svc: Services, flow: Flow) -> Response | None:
    """The answer to a link whose flow is over, or None for one that is open."""
    if flow.state is FlowState.OPEN and flow.expires_at > svc.clock():
        return None
    if flow.state is FlowState.OPEN:
        async with svc.db.transaction() as session:
            await close_expired(session, flow, now=svc.clock())
        return await _ended(svc, Ending(flow, "expired"))
    if flow.state is FlowState.FAILED and flow.reason == "expired":
        return await _ended(svc, Ending(flow, "expired"))
    raise FlowRefusedError(
        "used", "This link has already been used. Please go back to the app for a new one."
    )


async def _ended(svc: Services, ending: Ending) -> Response:
    if ending.url is not None:
        return RedirectResponse(ending.url, 303)
    return ended_page(ending, await find_developer(svc.db.autocommit, ending.flow.dev_id))
