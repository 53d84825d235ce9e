"""How does a page get from a template to the browser?"""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

FOLDER = Path(__file__).parent

# No form-action: browsers apply it to the redirect after the consent form too, which leads to the client.
_HEADERS = {
    "content-security-policy": "default-src 'self'; base-uri 'none'; frame-ancestors 'none'",
    "cache-control": "no-store",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
}

_TEMPLATES = Environment(
    loader=FileSystemLoader(FOLDER / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
)


def page(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    text = _TEMPLATES.get_template(template).render(base=base_path(request), **values)
    return HTMLResponse(text, status, _HEADERS)


def base_path(request: Request) -> str:
    """Where the vendor is mounted, "" at the root."""
    return str(request.scope.get("root_path", ""))
