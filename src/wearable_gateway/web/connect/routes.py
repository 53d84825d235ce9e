"""The end user's way: the link, the choice, off to the provider, and back."""

from typing import Annotated

from fastapi import Cookie, Depends, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from wearable_gateway.connect import service
from wearable_gateway.connect.consent import app_for, sharing
from wearable_gateway.connect.disconnecting import connected
from wearable_gateway.connect.models import Flow, FlowKind, Returned
from wearable_gateway.connect.repository import FlowRepository
from wearable_gateway.developers.branding import branding_of
from wearable_gateway.developers.keys import find_developer
from wearable_gateway.providers import find_provider
from wearable_gateway.web.connect import cookies, returning
from wearable_gateway.web.connect.browsers import Browser, this_browser
from wearable_gateway.web.connect.choices import choices
from wearable_gateway.web.connect.flows import flow_of
from wearable_gateway.web.connect.language import language_for
from wearable_gateway.web.connect.over import ended, over
from wearable_gateway.web.connect.pages import choose_page, consent_page
from wearable_gateway.web.deps import Services, Svc
from wearable_gateway.web.routing import undescribed

router = undescribed()

Recent = Annotated[str | None, Cookie(alias=cookies.RECENT)]


async def in_person(request: Request) -> None:
    """Refuses browsers that load a page in case somebody goes there; they drop the answer and ask again when one does."""
    purposes = (request.headers.get(name, "") for name in ("sec-purpose", "purpose", "x-moz"))
    if any("prefetch" in purpose for purpose in purposes):
        raise HTTPException(503)


InPerson = Depends(in_person)


@router.get("/connect/callback", dependencies=[InPerson])
async def callback(
    request: Request,
    svc: Svc,
    state: str = "",
    code: str | None = None,
    error: str | None = None,
    scope: str | None = None,
    browser: Browser = None,
) -> Response:
    """Where providers send the end user back to, and where the last page stands that they may load again."""
    ending = await returning.ended_here(svc, request, state) or await svc.callback.finish(
        Returned(state=state, browser=browser or "", code=code, error=error, scope=scope)
    )
    answer = await ended(svc, request, ending)
    returning.keep_ended_here(answer, svc, ending.flow, state)
    return answer


@router.get("/connect/{token}", dependencies=[InPerson])
async def open_auth_url(token: str, request: Request, svc: Svc, browser: Browser = None) -> Response:
    """An auth URL: straight on to its provider."""
    flow = await flow_of(request, svc, token)
    if flow.kind is FlowKind.WIDGET:
        return RedirectResponse(f"{svc.public_url}/widget/session/{token}", 303)
    return await over(svc, request, flow, token) or await _leave(
        svc, request, flow, flow.provider or "", browser
    )


@router.head("/connect/{token}")
@router.head("/widget/session/{token}")
async def look(token: str, svc: Svc) -> Response:
    """For programs that look whether a link leads anywhere: nobody has opened it."""
    await service.find(svc.db.autocommit, token)
    return Response(media_type="text/html")


@router.get("/widget/session/{token}", dependencies=[InPerson])
async def choose(token: str, request: Request, svc: Svc, q: str = "", recent: Recent = None) -> Response:
    """A widget session: which provider? Where there is only one, whether to connect it."""
    flow = await flow_of(request, svc, token)
    if flow.kind is FlowKind.AUTH_URL:
        return RedirectResponse(f"{svc.public_url}/connect/{token}", 303)
    done = await over(svc, request, flow, token)
    if done is not None:
        return done
    await FlowRepository(svc.db.autocommit, flow.dev_id).set_opened(flow.id, now=svc.clock())
    slugs = await service.offered(svc.db.autocommit, flow, keyring=svc.keyring)
    theirs = await connected(svc.db.autocommit, flow)
    if len(slugs) == 1 and not theirs and "disconnected" not in request.query_params:
        return await _ask(svc, request, flow, token, slugs[0], is_only_one=True)
    developer = await find_developer(svc.db.autocommit, flow.dev_id)
    return choose_page(
        request,
        flow,
        await branding_of(svc.db.autocommit, developer),
        token=token,
        offer=choices(slugs, query=q, recent=cookies.read_recent(recent)),
        connected=theirs,
    )


@router.get("/widget/session/{token}/{provider}", dependencies=[InPerson])
async def ask(token: str, provider: str, request: Request, svc: Svc) -> Response:
    """What connecting this provider means, before anybody leaves for it."""
    flow = await flow_of(request, svc, token)
    return await over(svc, request, flow, token) or await _ask(svc, request, flow, token, provider)


async def _ask(
    svc: Services, request: Request, flow: Flow, token: str, provider: str, *, is_only_one: bool = False
) -> Response:
    session = svc.db.autocommit
    developer = await find_developer(session, flow.dev_id)
    app = await app_for(session, flow, developer, provider, keyring=svc.keyring)
    return consent_page(
        request,
        flow,
        await branding_of(session, developer),
        token=token,
        sharing=sharing(app),
        is_only_one=is_only_one,
    )


@router.post("/connect/{token}/start")
async def start(
    token: str,
    request: Request,
    svc: Svc,
    provider: Annotated[str, Form()],
    browser: Browser = None,
    recent: Recent = None,
) -> Response:
    """The choice made in the widget."""
    flow = await flow_of(request, svc, token)
    done = await over(svc, request, flow, token)
    if done is not None:
        return done
    answer = await _leave(svc, request, flow, provider, browser)
    cookies.keep_recent(answer, svc, find_provider(provider).slug, recent)
    return answer


async def _leave(svc: Services, request: Request, flow: Flow, provider: str, browser: str | None) -> Response:
    secret = this_browser(browser)
    async with svc.db.transaction() as session:
        url = await service.leave(
            session,
            flow,
            provider,
            browser=secret,
            public_url=svc.public_url,
            keyring=svc.keyring,
            now=svc.clock(),
        )
    answer = RedirectResponse(url, 303)
    cookies.keep_browser(answer, svc, secret)
    cookies.keep_left_in(answer, svc, language_for(request, flow.language).code)
    return answer
