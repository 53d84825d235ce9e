"""A session that ends while somebody types: what they typed comes back, and nobody else's does."""

import html
import json
import re

import httpx
import pytest
from fastapi import FastAPI

from tests.fakes.gateway import hidden_fields
from tests.web.dashboard.browser import Browser
from tests.web.dashboard.conftest import PASSWORD, Connections
from wearable_gateway.connections.repository import ConnectionRepository
from wearable_gateway.db.session import Database
from wearable_gateway.developers.roles import Operator
from wearable_gateway.web.dashboard import cookies
from wearable_gateway.web.dashboard.kept_forms import KeptForm, read_kept

OWN = {"sec-fetch-site": "same-origin"}
PEOPLE = "/dashboard/acme/people"


async def send(browser: Browser, path: str, headers: dict[str, str], **fields: str) -> httpx.Response:
    return browser._read(await browser.client.post(path, data={"csrf": "over", **fields}, headers=headers))


async def log_in_from(browser: Browser, page: httpx.Response, **fields: str) -> httpx.Response:
    """Fill in the sign-in page that came instead."""
    carried = {name: value for name, value in hidden_fields(page.text).items() if name != "beside"}
    assert carried["kept"]
    form = {**carried, "email": "olga@example.org", "password": PASSWORD, **fields}
    return browser._read(
        await browser.client.post("/dashboard/login", files={k: (None, v) for k, v in form.items()})
    )


async def test_what_was_typed_comes_back_and_is_sent_when_they_say_so(
    browser: Browser, db: Database, connect: Connections, olga: Operator
) -> None:
    connection = await connect("before")
    path = f"/dashboard/acme/users/{connection.id}?state=active"
    page = await send(browser, path, OWN, reference_id='typed "by" <hand> & ünï')
    assert page.status_code == 401
    assert "What you typed is kept" in page.text
    wrong = await log_in_from(browser, page, password="wrong")
    assert wrong.status_code == 401
    back = await log_in_from(browser, wrong)
    assert back.status_code == 200
    assert "You are signed in again" in back.text
    assert cookies.SESSION in browser.client.cookies
    assert f'action="{html.escape(path)}"' in back.text
    assert 'value="typed &#34;by&#34; &lt;hand&gt; &amp; ünï"' in back.text
    async with db.transaction() as tx:
        assert (await ConnectionRepository(tx, "acme").get(connection.id)).reference_id == "before"
    answer = await browser.submit(path, reference_id='typed "by" <hand> & ünï')
    assert answer.status_code == 303
    found = await ConnectionRepository(db.autocommit, "acme").get(connection.id)
    assert found.reference_id == 'typed "by" <hand> & ünï'
    assert olga.email in back.text


@pytest.mark.usefixtures("olga")
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"origin": "null"},
        {"origin": "https://evil.example"},
        {"origin": "http://gateway.test.evil.example"},
        {"origin": "http://gateway.test", "sec-fetch-site": "cross-site"},
    ],
)
async def test_a_form_that_is_not_known_to_be_ours_is_not_carried(
    browser: Browser, headers: dict[str, str]
) -> None:
    answer = await send(browser, PEOPLE, headers, email="evil@example.org", role="owner")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/dashboard/login?next=%2Fdashboard%2Facme%2Fpeople"


@pytest.mark.usefixtures("olga")
async def test_a_browser_that_only_tells_the_origin_is_believed(browser: Browser) -> None:
    page = await send(browser, PEOPLE, {"origin": "http://gateway.test"}, email="new@example.org")
    assert page.status_code == 401
    assert "new@example.org" in page.text


@pytest.mark.usefixtures("olga")
async def test_secrets_are_left_out_and_said_to_be(browser: Browser) -> None:
    typed = {
        "client_id": "abc",
        "client_secret": "hush-hush",
        "extra.key": "hush-too",
        "api_key": "",
        "password": "hush",
    }
    page = await send(browser, PEOPLE, OWN, **typed)
    assert "hush" not in page.text
    back = await log_in_from(browser, page)
    assert "hush" not in back.text
    assert 'name="client_id" value="abc"' in back.text
    for name in ("client_secret", "extra.key", "password"):
        assert re.search(rf'name="{name}" type="password"', back.text), name
    assert 'name="api_key"' not in back.text, "nothing was typed there"
    assert back.text.count("looks like a secret") == 3


@pytest.mark.usefixtures("olga")
async def test_a_files_text_comes_back_as_a_field_and_what_is_no_text_is_to_be_chosen_again(
    browser: Browser, app: FastAPI
) -> None:
    del app
    csv = "user_id,reference_id\r\n" + 'x,"a ""quoted"" one"\r\n' * 80_000
    assert 1_700_000 < len(csv) < 2 * 1024 * 1024
    for content, kept in ((csv.encode("utf-8-sig"), csv), (b"\xff\xfe\x00", None), (b"x" * 2_200_000, None)):
        browser.client.cookies.clear()
        page = browser._read(
            await browser.client.post(
                PEOPLE,
                data={"csrf": "over", "csv_text": "", "mode": "dry"},
                files={"csv_file": ("a.csv", content)},
                headers=OWN,
            )
        )
        assert page.status_code == 401
        back = await log_in_from(browser, page)
        assert back.status_code == 200, back.text
        assert "enctype=multipart/form-data" in back.text
        assert 'name="mode" value="dry"' in back.text
        if kept is None:
            assert 'name="csv_file" type="file"' in back.text
            continue
        shown = re.search(r'<textarea[^>]* name="csv_text"[^>]*>\n(.*?)</textarea>', back.text, re.DOTALL)
        assert shown
        assert html.unescape(shown[1]) == kept
        # As large a field is taken when it is sent.
        answer = await browser.client.post(
            PEOPLE, data={"csrf": browser.csrf, "email": "bad", "csv_text": kept}, files={"none": ("", b"")}
        )
        assert answer.status_code == 422


@pytest.mark.usefixtures("olga")
async def test_too_much_is_not_carried(browser: Browser) -> None:
    for fields in (
        {"text": "x" * 2_300_000},
        {f"f{number}": "x" for number in range(201)},
        {"odd name!": "x"},
    ):
        answer = await send(browser, PEOPLE, OWN, **fields)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/dashboard/login?next=")
    form = {"content-type": "application/x-www-form-urlencoded", **OWN}
    answer = await browser.client.post(PEOPLE, content=b"x" * (6 * 1024 * 1024), headers=form)
    assert answer.status_code == 413


@pytest.mark.usefixtures("olga")
async def test_who_signed_in_in_another_tab_gets_it_back_too(browser: Browser) -> None:
    page = await send(browser, PEOPLE, OWN, email="new@example.org", role="member")
    carried = hidden_fields(page.text)
    fields = {name: carried[name] for name in ("csrf", "kept")}
    early = browser._read(await browser.client.post("/dashboard/login/back", data=fields))
    assert early.status_code == 401
    assert "You are not signed in yet" in early.text
    await browser.log_in("olga@example.org", PASSWORD)
    late = browser._read(await browser.client.post("/dashboard/login/back", data=fields))
    assert "You are signed in again" in late.text
    made = await browser.follow(await browser.submit(PEOPLE, email="new@example.org", role="member"))
    assert "/dashboard/invitation/" in made.text
    forged = await browser.client.post("/dashboard/login/back", data={**fields, "csrf": "elsewhere"})
    assert forged.status_code == 403


@pytest.mark.parametrize(
    "text",
    [
        "", "x", "[]", "{}", "null", "[1,2,3,4]", "[" * 100_000,
        json.dumps(["https://evil.example/", [], [], False]),
        json.dumps(["//evil.example/", [], [], False]),
        json.dumps(["/dashboard//evil.example", [], [], False]),
        json.dumps(["/dashboard/logout", [], [], False]),
        json.dumps(["/v2/users", [], [], False]),
        json.dumps(["/dashboard/acme", [["a b", "x"]], [], False]),
        json.dumps(["/dashboard/acme", [["a"]], [], False]),
        json.dumps(["/dashboard/acme", [["a", "x"]] * 201, [], False]),
        json.dumps(["javascript:alert(1)", [], [], False]),
    ],
)  # fmt: skip
async def test_what_is_brought_back_is_looked_at(browser: Browser, olga: Operator, text: str) -> None:
    assert read_kept(text) is None
    await browser.open("/dashboard/login")
    answer = await browser.submit("/dashboard/login", email=olga.email, password=PASSWORD, kept=text)
    assert answer.headers["location"] == "/dashboard"


def test_a_kept_form_is_read_as_it_was_written() -> None:
    kept = KeptForm(
        "/dashboard/acme/users?state=active", (("a", "ü\n"), ("a", "")), ("secret", "csv_file"), True
    )
    assert read_kept(kept.as_text()) == kept
    assert (kept.secrets, kept.files) == (("secret",), ("csv_file",))
