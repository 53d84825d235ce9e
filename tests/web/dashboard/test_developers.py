"""The developers of a gateway: found, made, renamed by those who run it; a plain choice for everybody else."""

import re

import pytest

from tests.web.dashboard.conftest import Connections, Signer
from wearable_gateway.db.session import Database
from wearable_gateway.developers import audit
from wearable_gateway.developers.keys import KeyHasher, authenticate, create_developer, find_developer
from wearable_gateway.developers.models import Environment
from wearable_gateway.developers.operators import create_operator
from wearable_gateway.developers.roles import Operator, Role
from wearable_gateway.web.dashboard.developers import PAGE_SIZE

DEVELOPERS = "/dashboard/-/developers"
NEW = "/dashboard/-/new-developer"


def shown(page: str) -> list[str]:
    return re.findall(r'<span class="mono sub">([^<]+)</span></th>', page)


async def test_developers_stand_by_account_with_their_users(
    sign_in: Signer, ann: Operator, db: Database, connect: Connections
) -> None:
    await create_developer(
        db.autocommit, "Acme Trial", "trial", environment=Environment.TESTING, account="acme"
    )
    await connect("patient-1")
    page = (await (await sign_in(ann)).open(DEVELOPERS)).text
    assert shown(page) == ["acme", "trial", "northwind"]
    assert page.count('Account <span class="mono">acme</span>') == 1
    assert 'Account <span class="mono">northwind' not in page
    acme = page.split("<tr")[3]
    assert ">1</td>" in acme
    assert "Production" in acme


async def test_a_search_finds_names_and_the_beginnings_of_ids_and_accounts(
    sign_in: Signer, ann: Operator, db: Database
) -> None:
    await create_developer(db.autocommit, "Other", "other-1", environment=Environment.STAGING, account="acme")
    browser = await sign_in(ann)
    for text, found in (
        ("HEALTH", ["acme"]),
        ("acm", ["acme", "other-1"]),
        ("NORTH", ["northwind"]),
        ("%", []),
    ):
        page = (await browser.open(f"{DEVELOPERS}?text={text.replace('%', '%25')}")).text
        assert shown(page) == found, text
    assert "No developer matches" in page


async def test_thousands_are_paged(sign_in: Signer, ann: Operator, db: Database) -> None:
    for number in range(PAGE_SIZE):
        await create_developer(db.autocommit, f"Clinic {number}", f"clinic-{number:03d}")
    browser = await sign_in(ann)
    first = (await browser.open(DEVELOPERS)).text
    following = re.search(r'href="([^"]+)">Next<', first)
    assert following
    second = (await browser.open(following[1].replace("&amp;", "&"))).text
    assert len(shown(first)) == PAGE_SIZE
    assert shown(second)[-1] == "northwind"
    assert len({*shown(first), *shown(second)}) == PAGE_SIZE + 2
    assert ">Next<" not in second
    for after in ("nobody", "%00", "x" * 63):
        assert (await browser.open(f"{DEVELOPERS}?after={after}")).status_code == 200


async def test_a_developer_is_made_and_its_key_shown_once(
    sign_in: Signer, ann: Operator, db: Database, hasher: KeyHasher
) -> None:
    browser = await sign_in(ann)
    assert "Create developer" in (await browser.open(NEW)).text
    answer = await browser.submit(
        NEW, name=" Contoso ", dev_id="contoso-testing", environment="testing", account="contoso"
    )
    made = await browser.follow(answer)
    key = re.search(r">(wgk_[^<]+)<", made.text)
    assert key
    developer = await authenticate(db.autocommit, hasher, "contoso-testing", key[1])
    assert (developer.name, developer.account, developer.environment) == ("Contoso", "contoso", "testing")
    entries = await audit.history(db.autocommit, "contoso-testing", "developer:contoso-testing")
    assert [(entry.actor, entry.action) for entry in entries] == [
        ("operator:ann@example.org", "developer.created")
    ]
    assert key[1] not in (await browser.open(DEVELOPERS)).text
    again = (await browser.open(str(made.url))).text
    assert key[1] not in again
    assert "It was shown once, when Contoso was created" in again


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x", "dev_id": "acme"}, "dev_id"),
        ({"name": "x", "dev_id": "a b"}, "dev_id"),
        ({"name": "x", "account": "<b>"}, "account"),
        ({"name": "x", "environment": "moon"}, "environment"),
        ({"name": "x", "dev_id": "acme-2", "account": "acme"}, "environment"),
    ],
)
async def test_what_cannot_be_made_is_told_beside_its_field(
    sign_in: Signer, ann: Operator, fields: dict[str, str], field: str
) -> None:
    browser = await sign_in(ann)
    await browser.open(NEW)
    answer = await browser.submit(NEW, **fields)
    assert answer.status_code == 422
    assert f'id="{field}-problem" role="alert"' in answer.text
    assert answer.text.count('role="alert"') == 1
    assert "<b>" not in answer.text
    if fields.get("dev_id"):
        assert f'value="{fields["dev_id"]}"' in answer.text


async def test_a_developer_is_renamed(sign_in: Signer, ann: Operator, db: Database) -> None:
    browser = await sign_in(ann)
    await browser.open(f"{DEVELOPERS}/acme")
    wrong = await browser.submit(f"{DEVELOPERS}/acme", name="x" * 201)
    assert wrong.status_code == 422
    assert "Not renamed" in wrong.text
    assert "x" * 201 in wrong.text
    page = (await browser.follow(await browser.submit(f"{DEVELOPERS}/acme", name="Acme & Sons"))).text
    assert "acme is called Acme &amp; Sons now" in page
    assert (await find_developer(db.autocommit, "acme")).name == "Acme & Sons"
    for nobody in ("nobody", "a b", "%00"):
        assert (await browser.open(f"{DEVELOPERS}/{nobody}")).status_code == 404


async def test_who_may_only_look_at_the_gateway_makes_no_developer(
    sign_in: Signer, ann: Operator, db: Database
) -> None:
    del ann
    guest = await create_operator(db.autocommit, "gus@example.org", None, None, Role.READ_ONLY)
    browser = await sign_in(guest)
    assert "Create developer</a>" not in (await browser.open(DEVELOPERS)).text
    assert "Not with your role" in (await browser.open(NEW)).text
    assert (await browser.submit(NEW, name="x", dev_id="made")).status_code == 403
    assert (await browser.submit(f"{DEVELOPERS}/acme", name="x")).status_code == 403


async def test_who_works_for_several_has_the_plain_choice(
    sign_in: Signer, olga: Operator, db: Database
) -> None:
    await create_developer(db.autocommit, "Third", "third")
    await create_operator(db.autocommit, olga.email, None, "northwind")
    browser = await sign_in(olga)
    await db.autocommit.execute(
        "UPDATE operator_sessions SET operator_ids = (SELECT array_agg(id) FROM operators WHERE email = $1)",
        olga.email,
    )
    page = (await browser.open(DEVELOPERS)).text
    assert re.findall(r'href="/dashboard/([a-z]+)"', page) == ["acme", "northwind"]
    assert "third" not in page
    assert (await browser.open(f"{DEVELOPERS}/acme")).status_code == 404
    assert (await browser.open(NEW)).status_code == 404
