"""Flows that are over: what does a link to one show?"""

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from wearable_gateway.connect.closing import Ending, close_expired
from wearable_gateway.connect.models import Flow, FlowState
from wearable_gateway.developers.branding import branding_of
from wearable_gateway.developers.keys import find_developer
from wearable_gateway.web.connect.pages import ended_page, used_page
from wearable_gateway.web.deps import Services


async def over(svc: Services, request: Request, flow: Flow, token: str) -> Response | None:
    """The answer to a link whose flow is over, or None for one that is open."""
    if flow.state is FlowState.OPEN and flow.expires_at > svc.clock():
        return None
    if flow.state is FlowState.OPEN:
        async with svc.db.transaction() as session:
            await close_expired(session, flow, now=svc.clock())
        return await ended(svc, request, Ending(flow, "expired"))
    if flow.state is FlowState.FAILED and flow.reason == "expired":
        return await ended(svc, request, Ending(flow, "expired"))
    developer = await find_developer(svc.db.autocommit, flow.dev_id)
    return used_page(request, flow, await branding_of(svc.db.autocommit, developer), token=token)


async def ended(svc: Services, request: Request, ending: Ending) -> Response:
    """On to where the developer wants the end user, else our page."""
    if ending.url is not None:
        return RedirectResponse(ending.url, 303)
    developer = await find_developer(svc.db.autocommit, ending.flow.dev_id)
    return ended_page(request, ending, await branding_of(svc.db.autocommit, developer))
