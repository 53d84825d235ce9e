import re

import pytest

from tests.web.dashboard.browser import Browser
from tests.web.dashboard.conftest import Connections, Signer
from wearable_gateway.connections.models import Connection, ConnectionState
from wearable_gateway.connections.repository import ConnectionRepository
from wearable_gateway.db.session import Database
from wearable_gateway.developers.audit import history, record
from wearable_gateway.developers.roles import Operator
from wearable_gateway.kit.ids import uuid7
from wearable_gateway.web.dashboard.pages import short_id
from wearable_gateway.web.dashboard.users.listing import PAGE_SIZE

USERS = "/dashboard/acme/users"


def pane(connection: Connection) -> str:
    return f"{USERS}?selected={connection.id}"


def shown(page: str) -> list[str]:
    """The user_ids in the list, in its order."""
    return re.findall(r'aria-label="Details of ([^"]+)"', page)


async def test_users_are_listed_newest_first_with_their_facts(
    sign_in: Signer, ann: Operator, connect: Connections
) -> None:
    older = await connect("patient-1")
    newer = await connect(state=ConnectionState.PAUSED)
    await connect("not-ours", dev_id="northwind")
    page = (await (await sign_in(ann)).open(USERS)).text
    assert shown(page) == [str(newer.id), str(older.id)]
    assert f'title="{older.id}">{short_id(older.id)}<' in page
    assert "patient-1" in page
    assert "not assigned" in page
    assert "not-ours" not in page
    assert '<span class="badge paused">Paused</span>' in page


async def test_filters_narrow_the_list_and_stay_in_every_link(
    sign_in: Signer, ann: Operator, connect: Connections
) -> None:
    wanted = await connect("patient-1", state=ConnectionState.PAUSED)
    await connect("patient-2")
    await connect("other", state=ConnectionState.PAUSED)
    await connect("patient-3", state=ConnectionState.PAUSED, provider="ELSEWHERE")
    browser = await sign_in(ann)
    query = "?text=patient&amp;provider=SANDBOX&amp;state=paused"
    page = (await browser.open(USERS + query.replace("&amp;", "&"))).text
    assert shown(page) == [str(wanted.id)]
    assert f"{USERS}{query}&amp;selected={wanted.id}#details" in page

    details = (await browser.open(f"{USERS}{query.replace('&amp;', '&')}&selected={wanted.id}")).text
    assert f'action="{USERS}/{wanted.id}{query}"' in details
    assert f'class="close" href="{USERS}{query}"' in details


async def test_a_whole_user_id_is_found(sign_in: Signer, ann: Operator, connect: Connections) -> None:
    wanted = await connect("a")
    await connect("b")
    page = await (await sign_in(ann)).open(f"{USERS}?text=+{str(wanted.id).upper()}+")
    assert shown(page.text) == [str(wanted.id)]


@pytest.mark.usefixtures("ann")
@pytest.mark.parametrize(
    "query", ["state=nonsense", "before=nonsense", "provider=%00", "text=%00", "text=%ff", "provider=a%20b"]
)
async def test_an_address_that_means_nothing_still_opens(sign_in: Signer, ann: Operator, query: str) -> None:
    assert (await (await sign_in(ann)).open(f"{USERS}?{query}")).status_code == 200


async def test_pages_lead_to_older_users_and_back(
    sign_in: Signer, ann: Operator, connect: Connections
) -> None:
    made = [str((await connect(f"patient-{number}")).id) for number in range(2 * PAGE_SIZE + 1)]
    browser = await sign_in(ann)
    seen, path = [], f"{USERS}?state=active"
    while True:
        page = (await browser.open(path)).text
        seen += shown(page)
        assert (">Newest<" in page) is ("before=" in path)
        older = re.search(r'href="([^"]+)">Older<', page)
        if older is None:
            break
        path = older[1].replace("&amp;", "&")
        assert "state=active" in path
    assert seen == made[::-1]


async def test_an_empty_list_says_what_to_do(sign_in: Signer, ann: Operator, connect: Connections) -> None:
    browser = await sign_in(ann)
    assert "No user yet" in (await browser.open(USERS)).text
    await connect("patient-1")
    assert "No user matches" in (await browser.open(f"{USERS}?text=zzz")).text
    assert "Nothing older" in (await browser.open(f"{USERS}?before={uuid7().int >> 96:08x}{'0' * 24}")).text


async def test_the_pane_shows_everything_known(
    sign_in: Signer, ann: Operator, connect: Connections, db: Database
) -> None:
    connection = await connect("patient-1", state=ConnectionState.REVOKED)
    await db.autocommit.execute(
        "UPDATE connections SET last_error = 'SANDBOX: 403', last_error_at = now() WHERE dev_id = $1 AND id = $2",
        "acme", connection.id,
    )  # fmt: skip
    page = (await (await sign_in(ann)).open(pane(connection))).text
    for fact in (f">{connection.id}<", "SANDBOX: 403", "withdrew access", "activity", "(withdrawn)"):
        assert fact in page
    assert "Nobody has changed this user." in page
    assert '<span class="hidden">Details of </span>patient-1</h2>' in page


async def test_what_was_asked_for_reads_as_what_it_is_and_not_as_a_change_from_nothing(
    sign_in: Signer, ann: Operator, connect: Connections, db: Database
) -> None:
    connection = await connect("patient-1")
    await record(
        db.autocommit, "acme", actor="operator:ann@example.org", action="data.requested",
        subject=f"connection:{connection.id}", after={"type": "sleep"},
    )  # fmt: skip
    page = (await (await sign_in(ann)).open(pane(connection))).text
    assert '<p class="change">Asked for data of a user</p>' in page
    assert '<span class="mono">type</span> <span class="to">sleep</span>' in page
    assert '<span class="from">not assigned</span>' not in page


async def test_a_reference_id_is_reassigned_and_the_change_is_kept(
    sign_in: Signer, ann: Operator, connect: Connections, db: Database
) -> None:
    connection = await connect("patient-1")
    browser = await sign_in(ann)
    await browser.open(pane(connection))
    answer = await browser.submit(f"{USERS}/{connection.id}?state=active", reference_id="patient-2")
    assert answer.headers["location"] == f"{USERS}?state=active&selected={connection.id}&saved=1"
    page = (await browser.follow(answer)).text
    assert "Saved." in page
    assert '<span class="from">patient-1</span>' in page
    assert '<span class="to">patient-2</span>' in page
    [entry] = await history(db.autocommit, "acme", f"connection:{connection.id}")
    assert (entry.actor, entry.address) == ("operator:ann@example.org", "203.0.113.9")
    assert (entry.before["reference_id"], entry.after["reference_id"]) == ("patient-1", "patient-2")


async def test_an_empty_field_takes_the_reference_id_away(
    sign_in: Signer, ann: Operator, connect: Connections, db: Database
) -> None:
    connection = await connect("patient-1")
    browser = await sign_in(ann)
    await browser.open(pane(connection))
    await browser.follow(await browser.submit(f"{USERS}/{connection.id}", reference_id=""))
    found = await ConnectionRepository(db.autocommit, "acme").get(connection.id)
    assert found.reference_id is None


@pytest.mark.parametrize(
    ("typed", "why"), [("x" * 256, "255 characters"), (" space", "no space"), ("a\x00b", "control")]
)
async def test_a_value_that_cannot_be_saved_stays_in_the_field(
    sign_in: Signer, ann: Operator, connect: Connections, typed: str, why: str
) -> None:
    connection = await connect("patient-1")
    browser = await sign_in(ann)
    await browser.open(pane(connection))
    answer = await browser.submit(f"{USERS}/{connection.id}", reference_id=typed)
    assert answer.status_code == 422
    assert f'name="reference_id" value="{typed}"' in answer.text
    assert 'aria-describedby="problem hint" aria-invalid=true' in answer.text
    message = re.search(r'id="problem" role="alert">([^<]+)<', answer.text)
    assert message
    assert why in message[1]
    assert "<dd>patient-1</dd>" in answer.text


async def test_what_a_developer_stored_is_text_and_never_markup(
    sign_in: Signer, ann: Operator, connect: Connections
) -> None:
    connection = await connect('"><script>alert(1)</script>')
    page = (await (await sign_in(ann)).open(pane(connection))).text
    assert "<script>" not in page
    assert 'value="&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"' in page


async def test_pages_need_no_script_and_load_nothing_from_elsewhere(
    sign_in: Signer, ann: Operator, connect: Connections
) -> None:
    connection = await connect("patient-1")
    answer = await (await sign_in(ann)).open(pane(connection))
    assert not re.search(
        r"<script(?! src=\"/static/)|<style|\sstyle=|\son[a-z]+=|(?:src|href)=\"(?:https?:)?//", answer.text
    )
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("csrf", ["", "wrong"])
async def test_a_form_from_elsewhere_changes_nothing(
    sign_in: Signer, ann: Operator, connect: Connections, db: Database, csrf: str
) -> None:
    connection = await connect("patient-1")
    answer = await (await sign_in(ann)).submit(
        f"{USERS}/{connection.id}", csrf=csrf, reference_id="patient-2"
    )
    assert answer.status_code == 403
    assert "reload it" in answer.text
    found = await ConnectionRepository(db.autocommit, "acme").get(connection.id)
    assert found.reference_id == "patient-1"


async def test_a_session_that_ended_while_typing_leads_back_to_the_pane(
    sign_in: Signer, ann: Operator, connect: Connections
) -> None:
    connection = await connect("patient-1")
    browser = await sign_in(ann)
    await browser.open(pane(connection))
    browser.client.cookies.delete("wg_session")
    answer = await browser.submit(f"{USERS}/{connection.id}?state=active", reference_id="patient-2")
    await browser.follow(answer)
    answer = await browser.submit(
        "/dashboard/login",
        email="ann@example.org",
        password="correct horse battery staple",
        next=f"{USERS}/{connection.id}?state=active",
    )
    answer = await browser.follow(answer)
    assert str(answer.url).endswith(f"{USERS}?state=active&selected={connection.id}")


async def test_somebody_elses_and_nobodys_users_look_the_same(
    sign_in: Signer, bob: Operator, connect: Connections, db: Database
) -> None:
    foreign = await connect("patient-1")
    browser = await sign_in(bob)
    own = "/dashboard/northwind/users"
    pages = [
        await browser.open(path)
        for path in (
            USERS,
            f"{USERS}?selected={foreign.id}",
            "/dashboard/nobody/users",
            "/dashboard/%00/users",
            f"{own}?selected={foreign.id}",
            f"{own}?selected={uuid7()}",
            f"{own}?selected=nonsense",
            "/dashboard/no/such/page",
        )
    ]
    assert {page.status_code for page in pages} == {404}
    assert len({page.text for page in pages}) == 1

    await browser.open(own)
    for path in (f"{USERS}/{foreign.id}", f"{own}/{foreign.id}", f"{own}/{uuid7()}", f"{own}/nonsense"):
        answer = await browser.submit(path, reference_id="taken")
        assert (answer.status_code, answer.text) == (404, pages[0].text)
    found = await ConnectionRepository(db.autocommit, "acme").get(foreign.id)
    assert found.reference_id == "patient-1"


async def test_an_operator_of_one_developer_starts_at_its_overview(sign_in: Signer, bob: Operator) -> None:
    browser = await sign_in(bob)
    answer = await browser.follow(await browser.open("/dashboard"))
    assert str(answer.url).endswith("/dashboard/northwind/overview")


async def test_an_operator_of_the_gateway_starts_at_the_gateways_overview(
    browser: Browser, sign_in: Signer, ann: Operator
) -> None:
    await sign_in(ann)
    answer = await browser.follow(await browser.open("/dashboard"))
    assert str(answer.url).endswith("/dashboard/-/overview")
    page = (await browser.open("/dashboard/-/developers")).text
    assert page.index('"/dashboard/acme"') < page.index('"/dashboard/northwind"')
