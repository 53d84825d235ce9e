"""How is a page made? Jinja, escaped, times in UTC."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from fastapi import Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from wearable_gateway.web.dashboard.deps import Place
from wearable_gateway.web.dashboard.navigation import menu

_ENDS_SHOWN = 8, 6


def short_id(value: object) -> str:
    """Enough of both ends to tell ids apart that were made in the same second."""
    text = str(value)
    head, tail = _ENDS_SHOWN
    return text if len(text) <= head + tail + 1 else f"{text[:head]}…{text[-tail:]}"


def day(moment: date) -> str:
    return f"{moment:%d %b %Y}".removeprefix("0")


def full_time(moment: datetime) -> str:
    return f"{day(moment)}, {moment:%H:%M:%S} UTC"


def age(moment: datetime, now: datetime) -> str:
    """How long ago, as long as that says more than the date."""
    passed = now - moment
    if passed < timedelta(minutes=1):
        return "just now"
    if passed < timedelta(hours=1):
        return f"{passed // timedelta(minutes=1)} min ago"
    if passed < timedelta(days=1):
        return f"{passed // timedelta(hours=1)} h ago"
    if passed < timedelta(days=2):
        return "yesterday"
    if passed < timedelta(days=30):
        return f"{passed.days} days ago"
    return day(moment)


def share(part: float) -> str:
    """Per cent of the whole; never 100 while something is missing, nor 0 while there is something."""
    per_cent = part * 100
    shown = round(per_cent, 1)
    if shown in {0, 100} and shown != per_cent:
        return "> 99.9 %" if shown else "< 0.1 %"
    return f"{shown:g} %"


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(short_id=short_id, day=day, full_time=full_time, age=age, share=share)
    return environment


_pages = _environment()


def page(template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    return HTMLResponse(_pages.get_template(template).render(values), status)


def framed(template: str, here: Place, section: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page with the menu beside it, in which `section` is marked."""
    return page(
        template, status=status, here=here, session=here.session, section=section, menu=menu(here), **values
    )


def go_to(path: str) -> Response:
    """By GET, whatever the method was that led here."""
    return RedirectResponse(path, 303)
