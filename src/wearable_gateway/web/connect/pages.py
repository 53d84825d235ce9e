"""The pages themselves: plain HTML that works without JavaScript."""

from pathlib import Path
from typing import Any

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from wearable_gateway.connect.closing import Ending
from wearable_gateway.developers.models import Developer
from wearable_gateway.providers import PROVIDERS
from wearable_gateway.web.connect import texts

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined
)


def _page(name: str, status: int = 200, **context: Any) -> Response:
    return HTMLResponse(_templates.get_template(name).render(**context), status)


def choose_page(developer: Developer, token: str, slugs: list[str]) -> Response:
    providers = [
        {"slug": slug, "name": PROVIDERS[slug].name, "initial": PROVIDERS[slug].name[0]} for slug in slugs
    ]
    return _page(
        "choose.html",
        developer_name=developer.name,
        providers=providers,
        token=token,
    )


def ended_page(ending: Ending, developer: Developer) -> Response:
    title, text = texts.ending(ending.reason)
    provider = PROVIDERS.get(ending.flow.provider or "")
    return _page(
        "ended.html",
        developer_name=developer.name,
        provider_name=provider.name if provider else None,
        ok=ending.reason is None,
        title=title,
        text=text,
    )


def refused_page(_request: Request, status: int, detail: str) -> Response:
    title = "This page is not available" if status == 404 else "That did not work"  # noqa: PLR2004
    return _page("refused.html", status, title=title, text=detail)
