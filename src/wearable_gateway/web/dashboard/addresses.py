"""Where a section of the dashboard is, and what all its pages have in common."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from wearable_gateway.web.dashboard.returning import HOME


def section(path: str = "") -> APIRouter:
    """A router for the pages below `/dashboard` and `path`, which know their whole address (see `web.routing`)."""
    return APIRouter(
        prefix=HOME + path,
        default_response_class=HTMLResponse,
        include_in_schema=False,
    )
