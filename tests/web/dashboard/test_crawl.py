"""Every route of the dashboard with somebody else's session, with too small a role, without a form of ours, with no session."""

import pytest
from fastapi import FastAPI

from tests.web.dashboard.addresses import PARAMETER, address, routes
from tests.web.dashboard.browser import Browser
from tests.web.dashboard.conftest import Signer
from wearable_gateway.developers.roles import Operator

# What anybody signed in has: the choice of a developer, and what is about themselves.
FOR_ALL_SIGNED_IN = {
    "/dashboard",
    "/dashboard/-/developers",
    "/dashboard/-/you",
    "/dashboard/-/you/password",
    "/dashboard/-/you/sessions",
    "/dashboard/-/you/sessions/{session_id}",
}


def of_developers(app: FastAPI, method: str) -> list[str]:
    return [path for path in routes(app, method) if "{dev_id}" in path]


async def test_nobody_reaches_another_developers_anything(
    app: FastAPI, sign_in: Signer, bob: Operator, ids: dict[str, str]
) -> None:
    browser = await sign_in(bob)
    pages = of_developers(app, "GET")
    assert len(pages) > 2
    for place in ("acme", "nobody", "-"):
        for pattern in pages:
            answer = await browser.open(address(pattern, place, ids))
            assert answer.status_code == 404, (pattern, place)
            assert "acme" not in answer.text.lower()
        for pattern in of_developers(app, "POST"):
            answer = await browser.submit(address(pattern, place, ids))
            assert answer.status_code in {403, 404}, (pattern, place)


async def test_another_developers_ids_lead_nowhere_on_ones_own_pages(
    app: FastAPI, sign_in: Signer, bob: Operator, ids: dict[str, str]
) -> None:
    browser = await sign_in(bob)
    await browser.open("/dashboard/northwind/users")
    for pattern in of_developers(app, "GET"):
        if len(PARAMETER.findall(pattern)) > 1:
            answer = await browser.client.get(address(pattern, "northwind", ids), follow_redirects=True)
            assert answer.status_code == 404, pattern
            assert "patient-1" not in answer.text
    for pattern in of_developers(app, "POST"):
        if len(PARAMETER.findall(pattern)) > 1:
            answer = await browser.submit(address(pattern, "northwind", ids))
            assert answer.status_code in {303, 400, 404, 422}, pattern
            assert "patient-1" not in answer.text


async def test_the_gateways_pages_are_for_those_who_run_it(
    app: FastAPI, sign_in: Signer, olga: Operator, ids: dict[str, str]
) -> None:
    browser = await sign_in(olga)
    await browser.open("/dashboard/acme/users")
    for pattern in routes(app, "GET"):
        if pattern.startswith("/dashboard/-/") and pattern not in FOR_ALL_SIGNED_IN:
            assert (await browser.open(address(pattern, "-", ids))).status_code == 404, pattern
    for pattern in routes(app, "POST"):
        if pattern.startswith("/dashboard/-/") and pattern not in FOR_ALL_SIGNED_IN:
            assert (await browser.submit(address(pattern, "-", ids))).status_code == 404, pattern


async def test_who_may_only_look_changes_nothing(
    app: FastAPI, sign_in: Signer, rea: Operator, ids: dict[str, str]
) -> None:
    browser = await sign_in(rea)
    await browser.open("/dashboard/acme/users")
    for pattern in of_developers(app, "POST"):
        answer = await browser.submit(address(pattern, "acme", ids))
        assert answer.status_code == 403, pattern
        assert "your role here, read-only" in answer.text.lower(), pattern


async def test_a_form_from_elsewhere_changes_nothing(
    app: FastAPI, sign_in: Signer, ann: Operator, ids: dict[str, str]
) -> None:
    browser = await sign_in(ann)
    for pattern in routes(app, "POST"):
        place = "acme" if "{dev_id}" in pattern else "-"
        for csrf in ("", "somebody-elses"):
            answer = await browser.submit(address(pattern, place, ids), csrf=csrf)
            assert answer.status_code == 403, pattern
            assert "not from a current page" in answer.text, pattern


@pytest.mark.usefixtures("ann")
async def test_without_a_session_everything_leads_to_the_sign_in_page(
    app: FastAPI, browser: Browser, ids: dict[str, str]
) -> None:
    for method in ("GET", "POST"):
        for pattern in routes(app, method):
            answer = await browser.client.request(method, address(pattern, "acme", ids))
            assert answer.status_code == 303, pattern
            assert answer.headers["location"].startswith("/dashboard/login"), pattern
