"""An end user ends a connection: a page that asks, and a form that only it can send."""

import hmac
from typing import Annotated

from fastapi import Form, Request, Response
from fastapi.responses import RedirectResponse

from wearable_gateway.connect.disconnecting import disconnect, find_connected
from wearable_gateway.developers.branding import branding_of
from wearable_gateway.developers.keys import find_developer
from wearable_gateway.errors import DisallowedError
from wearable_gateway.web.connect import cookies
from wearable_gateway.web.connect.browsers import Browser, this_browser
from wearable_gateway.web.connect.flows import flow_of
from wearable_gateway.web.connect.over import over
from wearable_gateway.web.connect.pages import disconnect_page
from wearable_gateway.web.deps import Services, Svc, read_user_id
from wearable_gateway.web.routing import undescribed

router = undescribed()

_PATH = "/connect/{token}/disconnect/{user_id}"


@router.get(_PATH)
async def ask_to_disconnect(
    token: str, user_id: str, request: Request, svc: Svc, browser: Browser = None
) -> Response:
    flow = await flow_of(request, svc, token)
    done = await over(svc, request, flow, token)
    if done is not None:
        return done
    connection = await find_connected(svc.db.autocommit, flow, read_user_id(user_id))
    secret = this_browser(browser)
    developer = await find_developer(svc.db.autocommit, flow.dev_id)
    answer = disconnect_page(
        request,
        flow,
        await branding_of(svc.db.autocommit, developer),
        token=token,
        connection=connection,
        csrf=_form_token(svc, token, str(connection.id), secret),
    )
    cookies.keep_browser(answer, svc, secret)
    return answer


@router.post(_PATH)
async def disconnect_it(
    token: str,
    user_id: str,
    request: Request,
    svc: Svc,
    csrf: Annotated[str, Form()] = "",
    browser: Browser = None,
) -> Response:
    flow = await flow_of(request, svc, token)
    done = await over(svc, request, flow, token)
    if done is not None:
        return done
    chosen = read_user_id(user_id)
    expected = _form_token(svc, token, str(chosen), browser or "")
    if not browser or not hmac.compare_digest(csrf.encode("utf-8", "replace"), expected.encode()):
        raise DisallowedError("the form was not sent from a page of this session")
    async with svc.db.transaction() as session:
        provider = await disconnect(session, flow, chosen, now=svc.clock())
    return RedirectResponse(f"{svc.public_url}/widget/session/{token}?disconnected={provider}", 303)


def _form_token(svc: Services, token: str, user_id: str, browser: str) -> str:
    """Of this session, this connection and this browser; nobody else can make it."""
    return svc.hasher.hash(f"{token}:{user_id}:{browser}", label="disconnect-form").hex()
