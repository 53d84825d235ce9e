"""Every link of every page leads somewhere, and asks for nothing that the page it leads to does not read."""

import re
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from tests.web.dashboard.addresses import address, routes
from tests.web.dashboard.browser import Browser
from tests.web.dashboard.conftest import Signer
from wearable_gateway.developers.roles import Operator

_LINK = re.compile(r'href="(/dashboard[^"#]*)')
_GET_FORM = re.compile(r"<form(?![^>]*method=)[^>]*>.*?</form>", re.DOTALL)
_POST_FORM = re.compile(r'<form[^>]*method="post"[^>]*>')
_ACTION = re.compile(r'action="([^"]*)"')
_FIELD = re.compile(r'<(?:input|select|textarea)[^>]*\bname="([^"]+)"')


def page_at(app: FastAPI, path: str, method: str = "GET") -> APIRoute:
    found = [
        route
        for route in app.routes
        if isinstance(route, APIRoute) and method in (route.methods or ()) and route.path_regex.match(path)
    ]
    assert found, f"nothing answers at {path}"
    return found[0]


def read_by(dependant: Dependant) -> set[str]:
    own = {field.alias for field in dependant.query_params}
    return own.union(*(read_by(other) for other in dependant.dependencies))


def asked_in(page: str, own: str) -> set[tuple[str, str]]:
    """Path and name of everything that the links and the search forms of a page ask for."""
    asked = set()
    for link in _LINK.findall(page):
        split = urlsplit(unescape(link))
        asked |= {(split.path, name) for name, _ in parse_qsl(split.query, keep_blank_values=True)}
    for form in _GET_FORM.findall(page):
        action = _ACTION.search(form.partition(">")[0])
        path = urlsplit(unescape(action[1]) if action else own).path or own
        asked |= {(path, name) for name in _FIELD.findall(form)}
    return asked


async def pages_of(browser: Browser, app: FastAPI, dev_id: str, ids: dict[str, str]) -> dict[str, str]:
    """Every page that opens, by its path."""
    found = {}
    for pattern in routes(app, "GET"):
        own = address(pattern, dev_id, ids)
        answer = await browser.client.get(own, follow_redirects=True)
        if answer.status_code == 200 and answer.headers["content-type"].startswith("text/html"):
            found[answer.url.path] = answer.text
    return found


@pytest.mark.parametrize("dev_id", ["acme", "-"])
async def test_links_lead_somewhere_and_ask_for_what_is_read(
    app: FastAPI, sign_in: Signer, ann: Operator, ids: dict[str, str], dev_id: str
) -> None:
    browser = await sign_in(ann)
    pages = await pages_of(browser, app, dev_id, ids)
    assert len(pages) > 10
    leading: dict[str, str] = {}
    for own, page in pages.items():
        for path, name in asked_in(page, own):
            assert name in read_by(page_at(app, path).dependant), f"{own} asks {path} for {name}"
        for form in _POST_FORM.findall(page):
            action = _ACTION.search(form)
            page_at(app, urlsplit(unescape(action[1]) if action else own).path or own, "POST")
        leading |= {unescape(link): own for link in _LINK.findall(page)}
    for link, own in leading.items():
        if link not in pages:
            answer = await browser.client.get(link)
            assert answer.status_code in {200, 303}, f"{own} leads to {link}: {answer.status_code}"
