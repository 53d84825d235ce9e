"""Bulk jobs, selections and forgetting a person, as somebody with a browser does it."""

import csv
import io
import re

import httpx
import pytest

from tests.web.dashboard.browser import Browser
from tests.web.dashboard.conftest import Connections, Signer
from wearable_gateway.bulk.work import work_next
from wearable_gateway.connections.models import ConnectionState
from wearable_gateway.connections.repository import ConnectionRepository
from wearable_gateway.db.session import Database
from wearable_gateway.developers.roles import Operator
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.kit.ids import uuid7

USERS = "/dashboard/acme/users"
BULK = f"{USERS}/bulk"
_FORM = re.compile(r'name="form" value="([^"]+)"')


async def _finish(db: Database) -> None:
    while await work_next(db):
        pass


async def _upload(browser: Browser, content: bytes, **fields: str) -> httpx.Response:
    page = (await browser.open(BULK)).text
    form = _FORM.search(page)
    assert form
    data = {"csrf": browser.csrf, "kind": "assign", "form": form[1], "csv_text": "", **fields}
    return await browser.client.post(BULK, data=data, files={"csv_file": ("users.csv", content, "text/csv")})


async def test_a_file_is_looked_at_applied_followed_and_its_result_taken_home(
    sign_in: Signer, mia: Operator, connect: Connections, db: Database
) -> None:
    one, foreign = await connect("old"), await connect("x", dev_id="northwind")
    browser = await sign_in(mia)
    text = f"user_id,reference_id\n{one.id},=new\n{foreign.id},y\n"
    answer = await _upload(browser, text.encode())
    page = (await browser.follow(answer)).text
    job = answer.headers["location"]
    assert "Apply the 1 good row<" in page
    assert "you have no user with this user_id" in page
    assert "data-refresh" not in page
    await browser.submit(f"{job}/start")
    page = (await browser.open(job)).text
    assert 'data-refresh="2"' in page
    assert 'max="1"' in page
    await _finish(db)
    page = (await browser.open(job)).text
    assert "Completed" in page
    assert "data-refresh" not in page
    found = await ConnectionRepository(db.autocommit, "acme").get(one.id)
    assert found.reference_id == "=new"

    result = await browser.client.get(f"{job}/result.csv")
    assert result.headers["content-disposition"].startswith("attachment")
    rows = list(csv.DictReader(io.StringIO(result.content.decode("utf-8-sig"))))
    assert [(row["line"], row["reference_id"], row["state"]) for row in rows] == [
        ("2", "'=new", "done"),
        ("3", "", "broken") if not rows[1]["reference_id"] else ("3", "y", "broken"),
    ]
    exported = await browser.client.get(f"{USERS}/export.csv?text=%3Dn")
    assert "'=new" in exported.text
    assert "old" not in exported.text
    back = await _upload(browser, exported.content)
    assert "all 1 row" in (await browser.follow(back)).text or "Apply 1 row" in (await browser.open(
        back.headers["location"])).text  # fmt: skip


async def test_two_megabytes_of_broken_rows_are_told_and_the_good_one_is_offered(
    sign_in: Signer, mia: Operator, connect: Connections
) -> None:
    one = await connect("old")
    browser = await sign_in(mia)
    broken = "".join(f"{uuid7()},customer-{number}\n" for number in range(38_000))
    text = f"user_id,reference_id\n{one.id},new\n{broken}".encode()
    assert 1_900_000 < len(text) <= 2_000_000
    page = (await browser.follow(await _upload(browser, text))).text
    assert "Apply the 1 good row<" in page
    assert "38,000" in page
    assert page.count("you have no user with this user_id") < 1000


async def test_a_file_that_is_sent_twice_makes_one_job(
    sign_in: Signer, mia: Operator, connect: Connections
) -> None:
    one = await connect("a")
    browser = await sign_in(mia)
    fields = {"form": str(uuid7()), "csv_text": f"user_id\n{one.id}", "kind": "deauthenticate"}
    await browser.open(BULK)
    places = {(await browser.submit(BULK, **fields)).headers["location"] for _ in range(2)}
    assert len(places) == 1
    assert (await browser.open(BULK)).text.count(f'href="{places.pop()}"') == 1


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"csv_text": ""}, "the file is empty"),
        ({"csv_text": "name\nx"}, "user_id,reference_id"),
        ({"csv_text": "user_id\nx", "kind": "dance"}, "Choose what is to be done"),
    ],
)
async def test_what_cannot_be_read_stays_in_the_field_with_the_reason(
    sign_in: Signer, mia: Operator, fields: dict[str, str], says: str
) -> None:
    browser = await sign_in(mia)
    await browser.open(BULK)
    answer = await browser.submit(BULK, **{"kind": "assign", **fields})
    assert answer.status_code == 422
    assert says in answer.text
    assert f">{fields['csv_text']}</textarea>" in answer.text


async def test_a_job_is_cancelled_and_is_nobody_elses(
    sign_in: Signer, ann: Operator, connect: Connections, db: Database
) -> None:
    one = await connect("a")
    browser = await sign_in(ann)
    await browser.open(BULK)
    answer = await browser.submit(BULK, kind="deauthenticate", csv_text=f"user_id\n{one.id}")
    job = answer.headers["location"]
    await browser.follow(answer)
    assert "Nothing was applied." in (await browser.follow(await browser.submit(f"{job}/cancel"))).text
    await browser.submit(f"{job}/start")
    await _finish(db)
    assert await ConnectionRepository(db.autocommit, "acme").find(one.id)
    assert (await browser.open(job.replace("/acme/", "/northwind/"))).status_code == 404


async def test_selected_users_are_asked_about_and_then_done(
    sign_in: Signer, mia: Operator, connect: Connections, db: Database
) -> None:
    two = [await connect("a"), await connect("b")]
    other = await connect("c")
    browser = await sign_in(mia)
    page = (await browser.open(USERS)).text
    assert page.count('type="checkbox" name="user_id"') == 3
    query = "&".join(f"user_id={one.id}" for one in two)
    page = (await browser.open(f"{USERS}/selected?{query}&action=pause&state=active")).text
    assert "Pause 2 users?" in page
    form = _FORM.search(page)
    assert form
    fields = {"csrf": browser.csrf, "form": form[1], "action": "pause"}
    for _ in range(2):
        answer = await browser.client.post(
            f"{USERS}/selected", data={**fields, "user_id": [str(one.id) for one in two]}
        )
        assert answer.status_code == 303
    await _finish(db)
    assert "Completed" in (await browser.open(answer.headers["location"])).text
    repository = ConnectionRepository(db.autocommit, "acme")
    states = [(await repository.get(one.id)).state for one in (*two, other)]
    assert states == ["paused", "paused", "active"]
    nothing = await browser.follow(await browser.open(f"{USERS}/selected?action=pause"))
    assert "tick some users first" in nothing.text


async def test_who_may_only_look_is_offered_nothing_to_do(
    sign_in: Signer, rea: Operator, connect: Connections
) -> None:
    one = await connect("a")
    browser = await sign_in(rea)
    for path in (
        f"{USERS}?selected={one.id}", BULK, f"{USERS}/forget?reference_id=a", f"{USERS}/{one.id}/deauthenticate",
        f"{USERS}/selected?user_id={one.id}&action=pause",
    ):  # fmt: skip
        page = (await browser.open(path)).text
        assert re.findall(r'<form method="post" action="([^"]+)"', page) == ["/dashboard/logout"], path
        assert 'type="checkbox" name="user_id"' not in page


async def test_a_person_is_forgotten_once_their_name_is_typed(
    sign_in: Signer, mia: Operator, connect: Connections, db: Database
) -> None:
    await connect("ann b", state=ConnectionState.REVOKED)
    await connect("ann b")
    browser = await sign_in(mia)
    assert "Nobody has this reference_id" in (await browser.open(f"{USERS}/forget?reference_id=zzz")).text
    page = (await browser.open(f"{USERS}/forget?reference_id=ann+b")).text
    assert "at most 30 days" in page
    answer = await browser.submit(f"{USERS}/forget", reference_id="ann b", typed="ann")
    assert answer.status_code == 422
    assert "Nothing was erased" in answer.text
    answer = await browser.submit(f"{USERS}/forget", reference_id="ann b", typed="ann b", form="x")
    job = answer.headers["location"]
    await _finish(db)
    page = (await browser.open(job)).text
    assert "Connections forgotten" in page
    assert "What stays" in page
    assert await ConnectionRepository(db.autocommit, "acme").all() == []


async def test_one_user_is_paused_resumed_asked_for_and_deauthenticated(
    sign_in: Signer, mia: Operator, connect: Connections, db: Database
) -> None:
    one = await connect("a")
    browser = await sign_in(mia)
    path = f"{USERS}/{one.id}"
    page = (await browser.open(f"{USERS}?selected={one.id}")).text
    assert "no valid access" in page
    assert "may also be linked elsewhere" in page
    assert f"{USERS.removesuffix('users')}events?user={one.id}" in page
    page = (await browser.follow(await browser.submit(f"{path}/pause"))).text
    assert "Paused. Nothing is sent on" in page
    assert "The user is paused" in page
    page = (await browser.follow(await browser.submit(f"{path}/resume"))).text
    assert '<span class="from">paused</span>' in page
    answer = await browser.submit(f"{path}/ask", days="x")
    assert answer.status_code == 422
    assert "from 1 to 365" in answer.text
    answer = await browser.submit(f"{path}/ask", days="3")
    assert "Not asked: " in answer.text
    page = (await browser.open(f"{path}/deauthenticate")).text
    assert "one <code>deauth</code> event" in page
    page = (await browser.follow(await browser.submit(f"{path}/deauthenticate"))).text
    assert "The user was deauthenticated." in page
    assert await ConnectionRepository(db.autocommit, "acme").find(one.id) is None


async def test_only_who_runs_the_gateway_sees_how_many_share_an_account(
    sign_in: Signer, ann: Operator, connect: Connections, db: Database
) -> None:
    one, other = await connect("a"), await connect("b", dev_id="northwind")
    await db.autocommit.execute(
        "UPDATE connections SET grant_id = $2 WHERE dev_id = 'northwind' AND id = $1", other.id, one.grant_id
    )
    page = (await (await sign_in(ann)).open(f"{USERS}?selected={one.id}")).text
    assert "Shared with 1 other connection<" in page
    assert f"/dashboard/-/accounts/{one.grant_id}" in page


async def test_more_filters_find_who_has_no_name_errors_or_no_data(
    sign_in: Signer, ann: Operator, connect: Connections, db: Database
) -> None:
    unnamed, failing, fine = await connect(), await connect("b"), await connect("c")
    await db.autocommit.execute(
        "UPDATE connections SET last_error = 'x' WHERE dev_id = 'acme' AND id = $1", failing.id
    )
    await db.autocommit.execute(
        "UPDATE connections SET last_event_at = $2 WHERE dev_id = 'acme' AND id = $1", fine.id, utc_now()
    )
    browser = await sign_in(ann)
    await db.autocommit.execute("UPDATE connections SET created_at = $1 WHERE dev_id = 'acme'", utc_now())
    day = f"{utc_now():%Y-%m-%d}"
    for query, wanted in (
        ("unnamed=1", [unnamed]),
        ("errors=1", [failing]),
        ("silent=2", [failing, unnamed]),
        (f"since={day}&until={day}", [fine, failing, unnamed]),
        ("since=2001-01-01&until=2001-02-01", []),
        ("since=nonsense&silent=-1", [fine, failing, unnamed]),
    ):
        page = (await browser.open(f"{USERS}?{query}")).text
        found = re.findall(r'aria-label="Details of ([^"]+)"', page)
        assert found == [str(one.id) for one in wanted], query


async def test_the_users_without_a_reference_id_can_be_taken_home_to_fill_in(
    sign_in: Signer, mia: Operator, connect: Connections
) -> None:
    await connect("named")
    nameless = await connect()
    browser = await sign_in(mia)
    link = re.search(r'href="([^"]+)" download', (await browser.open(f"{USERS}/bulk")).text)
    assert link is not None
    rows = (await browser.open(link[1])).text.splitlines()
    assert rows[0].startswith("\ufeffuser_id,reference_id,")
    assert [row.split(",")[:2] for row in rows[1:]] == [[str(nameless.id), ""]]
