"""Every route of the dashboard with somebody else's session, with too small a role, without a form of ours, with no session."""

import re
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts

from tests.fakes.past import Past
from tests.web.dashboard.browser import Browser
from tests.web.dashboard.conftest import Connections, Signer
from wearable_gateway.bulk.models import JobKind
from wearable_gateway.bulk.service import draft_of_csv
from wearable_gateway.db.session import Database
from wearable_gateway.deliveries.afterwards.recovery import Wanted, begin
from wearable_gateway.developers.invitations import Invitations
from wearable_gateway.developers.keys import KeyHasher, issue_key
from wearable_gateway.developers.operators import create_operator
from wearable_gateway.developers.places import Acting
from wearable_gateway.developers.roles import Operator, Role
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.kit.ids import uuid7

# Signing in and out is for everybody.
FOR_EVERYBODY = {
    "/dashboard/login",
    "/dashboard/login/back",
    "/dashboard/link/{token}",
    "/dashboard/logout",
    "/dashboard/sso",
    "/dashboard/sso/callback",
    "/dashboard/invitation/{token}",
}
# What anybody signed in has: the choice of a developer, and what is about themselves.
FOR_ALL_SIGNED_IN = {
    "/dashboard",
    "/dashboard/-/developers",
    "/dashboard/-/you",
    "/dashboard/-/you/password",
    "/dashboard/-/you/sessions",
    "/dashboard/-/you/sessions/{session_id}",
}
_PARAMETER = re.compile(r"\{([a-z_]+)\}")


def routes(app: FastAPI, method: str) -> list[str]:
    found = [
        str(context.path_format)
        for context in iter_route_contexts(app.routes)
        if isinstance(context.original_route, APIRoute) and method in (context.methods or ())
    ]
    return [path for path in found if path.startswith("/dashboard") and path not in FOR_EVERYBODY]


def address(pattern: str, dev_id: str, ids: dict[str, str]) -> str:
    return _PARAMETER.sub(
        lambda name: dev_id if name[1] == "dev_id" else ids.get(name[1], str(uuid7())), pattern
    )


@pytest.fixture
async def ids(connect: Connections, db: Database, ann: Operator) -> dict[str, str]:  # noqa: ARG001 - ann made the developers
    """Things of Acme's that there are."""
    paula = await create_operator(db.autocommit, "patient-1-paula@example.org", None, "acme")
    invitations = Invitations(db.autocommit, "acme", Acting("tests"))
    invited, _ = await invitations.invite("patient-1-ida@example.org", Role.MEMBER, utc_now())
    past = Past(db, "acme")
    destination_id = await past.destination("https://acme.example/patient-1")
    (event_id,) = await past.events(body=b'{"type":"activity","reference_id":"patient-1"}')
    await past.tried(destination_id, [event_id])
    wanted = Wanted(destination_id, utc_now() - timedelta(hours=1))
    async with db.transaction() as session:
        recovery = await begin(session, "acme", wanted, actor="tests", now=utc_now())
    connection = await connect("patient-1")
    job = await draft_of_csv(
        db, "acme", JobKind.DEAUTHENTICATE, b"reference_id\npatient-1", form="", actor="tests", now=utc_now()
    )
    key, _ = await issue_key(db.autocommit, KeyHasher("x" * 32), "acme", "patient-1's")
    return {
        "job_id": str(job.id),
        "user_id": str(connection.id),
        "operator_id": str(paula.id),
        "invitation_id": str(invited.id),
        "event_id": str(event_id),
        "destination_id": str(destination_id),
        "recovery_id": str(recovery.id),
        "type": "daily",
        "grant_id": str(connection.grant_id),
        "named": "acme",
        "key_id": str(key.id),
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
        if len(_PARAMETER.findall(pattern)) > 1:
            answer = await browser.client.get(address(pattern, "northwind", ids), follow_redirects=True)
            assert answer.status_code == 404, pattern
            assert "patient-1" not in answer.text
    for pattern in of_developers(app, "POST"):
        if len(_PARAMETER.findall(pattern)) > 1:
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
