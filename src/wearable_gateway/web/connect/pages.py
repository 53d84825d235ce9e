"""The pages themselves: plain HTML that works without JavaScript."""

from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from wearable_gateway.connect.closing import Ending
from wearable_gateway.connect.consent import Sharing
from wearable_gateway.connect.models import Flow, FlowState
from wearable_gateway.connect.service import LIFETIME
from wearable_gateway.connections.models import Connection
from wearable_gateway.developers.branding import Branding
from wearable_gateway.errors import FlowRefusedError, NotFoundError
from wearable_gateway.providers import PROVIDERS
from wearable_gateway.providers._base.provider import Provider
from wearable_gateway.web.connect import choices as chosen
from wearable_gateway.web.connect import cookies
from wearable_gateway.web.connect.brand import logo_path, style_path
from wearable_gateway.web.connect.flows import language_of_flow
from wearable_gateway.web.connect.language import (
    LANGUAGES,
    Language,
    chosen_language,
    language_for,
)

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.globals["words"] = chosen.words

_REASONS = {
    "access_denied", "expired", "wrong_account", "duplicate_account", "user_limit", "provider_unavailable",
    "interrupted",
}  # fmt: skip
_REFUSED_FLOWS = {"unknown_link": "refused_link", "state_invalid": "refused_sign_in", "used": "used_failed"}
_GONE = {"resource": "refused_provider", "provider app": "refused_provider", "user": "refused_connection"}
_LEADS_ON = {"refused_provider", "refused_connection", "refused_form", "refused_fault"}


def _page(
    request: Request,
    template: str,
    language: Language,
    branding: Branding | None,
    *,
    status: int = 200,
    **context: Any,
) -> Response:
    html = _templates.get_template(template).render(
        language=language,
        languages=LANGUAGES.values(),
        t=language.say,
        plain=language.plain,
        day=language.date,
        switch=_switch(request),
        branding=branding,
        style=style_path(branding) if branding else None,
        logo=logo_path(branding.dev_id, branding.logo) if branding and branding.logo else None,
        **context,
    )
    answer = HTMLResponse(html, status, headers={"vary": "accept-language, cookie"})
    chosen = chosen_language(request)
    if chosen:
        cookies.keep_language(answer, request.app.state.services, chosen.code)
    return answer


def _switch(request: Request) -> str | None:
    """The address of this page but for its language; None when it cannot be asked for again."""
    if request.method != "GET":
        return None
    # Of what a provider sent along, the state alone names the page that is shown again.
    kept = {name: value for name in ("q", "state") if (value := request.query_params.get(name))}
    return f"?{urlencode({**kept, 'lang': ''})}"


def choose_page(
    request: Request,
    flow: Flow,
    branding: Branding,
    *,
    token: str,
    offer: chosen.Choices,
    connected: Sequence[Connection],
) -> Response:
    language = language_for(request, flow.language)
    gone = PROVIDERS.get(request.query_params.get("disconnected", ""))
    return _page(
        request,
        "choose.html",
        language,
        branding,
        token=token,
        offer=offer,
        connected=[(one, PROVIDERS[one.provider]) for one in connected if one.provider in PROVIDERS],
        linked={one.provider for one in connected},
        disconnected=gone,
    )


def consent_page(
    request: Request,
    flow: Flow,
    branding: Branding,
    *,
    token: str,
    sharing: Sharing,
    is_only_one: bool,
) -> Response:
    return _page(
        request,
        "consent.html",
        language_for(request, flow.language),
        branding,
        token=token,
        sharing=sharing,
        provider=PROVIDERS[sharing.provider],
        is_only_one=is_only_one,
    )


def disconnect_page(
    request: Request, flow: Flow, branding: Branding, *, token: str, connection: Connection, csrf: str
) -> Response:
    return _page(
        request,
        "disconnect.html",
        language_for(request, flow.language),
        branding,
        token=token,
        connection=connection,
        provider=PROVIDERS[connection.provider],
        csrf=csrf,
    )


def ended_page(request: Request, ending: Ending, branding: Branding) -> Response:
    """How a flow ended, where its developer named no place to go."""
    reason = ending.reason
    name = "connected" if reason is None else reason if reason in _REASONS else "other"
    return _ending(request, ending, branding, f"ending_{name}", ok=reason is None)


def used_page(request: Request, flow: Flow, branding: Branding, *, token: str) -> Response:
    """What became of the flow whose link is opened once more."""
    failed = "ending_interrupted" if flow.reason == "interrupted" else "used_failed"
    name = {FlowState.COMPLETED: "used_connected", FlowState.FAILED: failed}.get(flow.state, "used_running")
    return _ending(
        request,
        Ending(flow, flow.reason),
        branding,
        name,
        ok=name != failed,
        status=400,
        back=_back(flow),
        again=f"/connect/{token}" if name == "used_running" else None,
    )


def _back(flow: Flow) -> str | None:
    is_over = flow.state in {FlowState.COMPLETED, FlowState.FAILED}
    return Ending(flow, flow.reason).url if is_over else None


def _ending(
    request: Request,
    ending: Ending,
    branding: Branding,
    message: str,
    *,
    ok: bool,
    status: int = 200,
    back: str | None = None,
    again: str | None = None,
) -> Response:
    language = language_for(request, ending.flow.language)
    provider: Provider | None = PROVIDERS.get(ending.flow.provider or "")
    return _page(
        request,
        "ended.html",
        language,
        branding,
        status=status,
        ok=ok,
        message=message,
        provider=provider.name if provider else None,
        minutes=int(LIFETIME.total_seconds()) // 60,
        back=back,
        again=again,
    )


def refused_page(request: Request, status: int, error: Exception | None = None) -> Response:
    """Whatever went wrong, in words for somebody who did not build it, with a way on where there is one."""
    message = _refusal(status, error)
    token = request.path_params.get("token")
    leads_on = token is not None and message in _LEADS_ON
    return _page(
        request,
        "refused.html",
        language_for(request, language_of_flow(request) or request.cookies.get(cookies.LEFT_IN)),
        None,
        status=status,
        message=message,
        again=_again(request, message) if leads_on else None,
        label="choose_again"
        if request.method == "POST" or not request.path_params.keys().isdisjoint({"provider", "user_id"})
        else "try_again",
    )


def _again(request: Request, message: str) -> str:
    """Where a link goes on: after a fault of ours the same address, which the page then need not name."""
    if request.method == "GET" and message == "refused_fault":
        return ""
    return f"/connect/{request.path_params['token']}"


def _refusal(status: int, error: Exception | None) -> str:
    if isinstance(error, FlowRefusedError):
        return _REFUSED_FLOWS.get(error.reason, "refused_form")
    if isinstance(error, NotFoundError) and error.what in _GONE:
        return _GONE[error.what]
    if status in {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}:
        return "refused_page"
    return "refused_form" if status < HTTPStatus.INTERNAL_SERVER_ERROR else "refused_fault"
