"""Every page of the dashboard in a real browser: axe finds nothing (WCAG 2.2 AA), and nothing runs over the edge.

SCREENSHOTS=folder keeps a picture of each.
"""

import re

import pytest
from axe_playwright_python.async_playwright import Axe
from fastapi.routing import APIRoute
from playwright.async_api import Browser, Page

from tests.acceptance.test_browser import DESK, PHONE, page_of, shoot, sign_in
from tests.fakes.gateway import Gateway
from tests.fakes.past import Past
from wearable_gateway.bulk.models import JobKind
from wearable_gateway.bulk.service import draft_of_csv
from wearable_gateway.connections.repository import ConnectionRepository
from wearable_gateway.developers.admin_tokens import issue_admin_token
from wearable_gateway.developers.invitations import Invitations
from wearable_gateway.developers.keys import KeyHasher, list_keys
from wearable_gateway.developers.operators import create_operator
from wearable_gateway.developers.places import Acting
from wearable_gateway.developers.roles import Role
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.web.dashboard.routes import routes

pytestmark = pytest.mark.browser

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
# Files and parts to be downloaded, pages of those who are not signed in, and one record, which the query has to name.
NO_PAGES = re.compile(
    r"\{type\}|export|\.csv|payload|download|/raw|/result|/login|/link/|/invitation/|/sso|\.json|/rows$"
)
_PARAMETER = re.compile(r"\{([a-z_]+)\}")


def pages() -> list[str]:
    found = [
        route.path_format
        for route in routes
        if isinstance(route, APIRoute) and "GET" in (route.methods or ())
    ]
    return sorted(path for path in found if not NO_PAGES.search(path))


def filled(pattern: str, named: dict[str, str]) -> str:
    return _PARAMETER.sub(lambda name: named.get(name[1], "none"), pattern)


async def things(gateway: Gateway) -> dict[str, str]:
    """What the addresses name: one of each."""
    acme = await gateway.company("Acme Health")
    user_id = await gateway.connected(acme, "ann", "patient-1", scopes=("daily", "activity", "sleep"))
    await gateway.connected(acme, "ben")
    past = Past(gateway.db, acme.dev_id)
    destination_id = await past.destination("https://acme.example/webhooks")
    (event_id,) = await past.events(body=b'{"type":"activity","status":"success","data":[]}')
    await past.tried(destination_id, [event_id], "refused", number=10)
    db = gateway.db.autocommit
    mia = await create_operator(db, "mia@example.org", None, acme.dev_id, Role.MEMBER)
    invited, _ = await Invitations(db, acme.dev_id, Acting("tests")).invite(
        "ida@example.org", Role.MEMBER, utc_now()
    )
    job = await draft_of_csv(
        gateway.db, acme.dev_id, JobKind.ASSIGN, f"user_id,reference_id\n{user_id},new\nx,y\n".encode(),
        form="", actor="tests", now=utc_now(),
    )  # fmt: skip
    (key, *_) = await list_keys(db, acme.dev_id)
    token, _ = await issue_admin_token(db, KeyHasher("x" * 32), "provisioning", actor="tests")
    connection = await ConnectionRepository(db, acme.dev_id).of_reference("patient-1")
    return {
        "dev_id": acme.dev_id,
        "user_id": user_id,
        "event_id": str(event_id),
        "destination_id": str(destination_id),
        "operator_id": str(mia.id),
        "invitation_id": str(invited.id),
        "job_id": str(job.id),
        "key_id": str(key.id),
        "token_id": str(token.id),
        "grant_id": str(connection[0].grant_id),
        "named": acme.dev_id,
        "provider": "OURA",
        "type": "daily",
    }


async def faults(page: Page, address: str) -> list[str]:
    answer = await page.goto(address)
    assert answer is not None
    if answer.status == 404 and "/dashboard/-/" in address:
        return []  # a page that only developers have
    if answer.status != 200:
        return [f"{address}: {answer.status}"]
    found = await Axe().run(page, options=RULES)
    said = [
        f"{address}: {one['id']}: {one['nodes'][0]['html'][:200]}" for one in found.response["violations"]
    ]
    wide = await page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return [*said, f"{address}: wider than the screen"] if wide else said


@pytest.mark.parametrize(("size", "dark"), [(DESK, False), (PHONE, True)], ids=["desk", "phone"])
async def test_axe_finds_nothing_on_any_page_and_none_is_wider_than_its_screen(
    gateway: Gateway, chromium: Browser, size: dict[str, int], *, dark: bool
) -> None:
    named = await things(gateway)
    addresses = [
        filled(pattern, {**named, "dev_id": place})
        for pattern in pages()
        for place in ((named["dev_id"], "-") if "{dev_id}" in pattern else ("-",))
    ]
    addresses.append(f"/dashboard/{named['dev_id']}/users?selected={named['user_id']}")
    assert len(addresses) > 60
    told: list[str] = []
    async with page_of(chromium, size, dark=dark) as page:
        await sign_in(page, gateway, "ann@example.org")
        for address in addresses:
            told += await faults(page, gateway.url + address)
            await shoot(page, ("phone" if dark else "desk") + re.sub(r"[/?=]", "_", address))
    assert told == []
