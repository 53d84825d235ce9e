"""One's own page: places, sessions, password."""

import re
from datetime import timedelta

import pytest
from fastapi import FastAPI

from tests.web.dashboard.browser import Browser
from tests.web.dashboard.conftest import PASSWORD
from tests.web.dashboard.test_people import another
from wearable_gateway.db.session import Database
from wearable_gateway.developers import audit
from wearable_gateway.developers.operators import create_operator
from wearable_gateway.developers.roles import Operator, Role
from wearable_gateway.developers.sessions import Browser as SignedInWith
from wearable_gateway.developers.sign_in import issue_sign_in_link, sign_in
from wearable_gateway.errors import UnauthenticatedError
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.web.dashboard.you import named

YOU = "/dashboard/-/you"
NEW = "an entirely new password"


async def test_places_and_sessions_are_shown_and_sessions_ended(
    app: FastAPI, db: Database, browser: Browser, bob: Operator
) -> None:
    await create_operator(db.autocommit, bob.email, PASSWORD, "acme", Role.READ_ONLY)
    for _ in range(2):
        await sign_in(
            db, bob.email, PASSWORD, utc_now(), SignedInWith("198.51.100.7", "Mozilla Firefox/140 Linux")
        )
    other = another(app)
    await other.log_in(bob.email, PASSWORD)
    await browser.log_in(bob.email, PASSWORD)
    page = await browser.open(YOU)
    for text in ("Acme Health", "Read-only", "Northwind Clinics", "Firefox on Linux", "198.51.100.7"):
        assert text in page.text
    assert page.text.count("This device") == 1
    ids = re.findall(r"you/sessions/([\w-]{36})", page.text)
    assert len(ids) == 4
    mine = str(await db.autocommit.fetchval("SELECT id FROM operator_sessions WHERE address = '203.0.113.9'"))
    assert mine == ids[0], "the last used one comes first"
    answer = await browser.submit(f"{YOU}/sessions/{ids[3]}")
    assert "That session was ended" in (await browser.follow(answer)).text
    assert (await browser.submit(f"{YOU}/sessions/{ids[3]}")).status_code == 404
    assert (await browser.submit(f"{YOU}/sessions/nonsense")).status_code == 404

    answer = await browser.submit(f"{YOU}/sessions")
    page = await browser.follow(answer)
    assert "Nowhere else" in page.text
    assert (await other.open(YOU)).status_code == 303
    for dev_id in ("acme", "northwind"):
        entries = await audit.history(db.autocommit, dev_id, f"operator:{bob.email}")
        assert [entry.action for entry in entries][:2] == ["operator.signed_out"] * 2

    answer = await browser.submit(f"{YOU}/sessions/{mine}")
    assert answer.headers["location"] == "/dashboard/login"
    assert (await browser.open(YOU)).status_code == 303
    await other.client.aclose()


async def test_who_was_let_in_at_one_place_sees_and_ends_nothing_of_another(
    db: Database, app: FastAPI, browser: Browser, bob: Operator, mia: Operator
) -> None:
    place = await create_operator(db.autocommit, bob.email, "the one for acme", "acme", Role.MEMBER)
    elsewhere = another(app)
    await elsewhere.log_in(bob.email, PASSWORD)
    both = another(app)
    link = await issue_sign_in_link(db.autocommit, [bob.id, place.id], utc_now())
    await both.open(f"/dashboard/link/{link}")
    await both.submit(f"/dashboard/link/{link}")
    await browser.log_in(bob.email, "the one for acme")
    page = await browser.open(YOU)
    assert "Northwind" not in page.text
    assert page.text.count("you/sessions/") == 2, "this one and the one that shares the place"
    hidden = await db.autocommit.fetchval(
        "SELECT id FROM operator_sessions WHERE email = $1 AND operator_ids = $2", bob.email, [bob.id]
    )
    assert (await browser.submit(f"{YOU}/sessions/{hidden}")).status_code == 404
    await browser.submit(f"{YOU}/sessions")
    assert (await elsewhere.open("/dashboard/northwind/users")).status_code == 200
    assert (await both.open("/dashboard/northwind/users")).status_code == 200
    assert (await both.open("/dashboard/acme/users")).status_code == 404
    # Nor of another person's.
    _, session = await sign_in(db, mia.email, PASSWORD, utc_now())
    assert (await browser.submit(f"{YOU}/sessions/{session.id}")).status_code == 404
    for one in (elsewhere, both):
        await one.client.aclose()


async def test_a_new_password_wants_the_old_one_holds_for_all_places_and_keeps_this_session_alone(
    app: FastAPI, db: Database, browser: Browser, bob: Operator
) -> None:
    await create_operator(db.autocommit, bob.email, PASSWORD, "acme", Role.MEMBER)
    other = another(app)
    await other.log_in(bob.email, PASSWORD)
    await browser.log_in(bob.email, PASSWORD)
    await browser.open(YOU)
    for fields, says in (
        ({"current": "wrong", "password": NEW}, "that is not your password"),
        ({"current": "", "password": NEW}, "that is not your password"),
        ({"current": PASSWORD, "password": "short"}, "12 to 1024 characters"),
    ):
        answer = await browser.submit(f"{YOU}/password", **fields)
        assert answer.status_code == 422
        assert says in answer.text
        assert NEW not in answer.text
    answer = await browser.submit(f"{YOU}/password", current=PASSWORD, password=NEW)
    assert "Your password was changed" in (await browser.follow(answer)).text
    assert (await other.open(YOU)).status_code == 303
    _, session = await sign_in(db, bob.email, NEW, utc_now())
    assert session.dev_ids == ("northwind", "acme")
    with pytest.raises(UnauthenticatedError):
        await sign_in(db, bob.email, PASSWORD, utc_now())
    for dev_id in ("acme", "northwind"):
        entries = await audit.history(db.autocommit, dev_id, f"operator:{bob.email}")
        assert "operator.password_changed" in [entry.action for entry in entries]
        assert PASSWORD not in str(entries)
        assert NEW not in str(entries)
    await other.client.aclose()


async def test_a_stolen_session_does_not_find_the_password_out(
    db: Database, browser: Browser, bob: Operator
) -> None:
    await browser.log_in(bob.email, PASSWORD)
    await browser.open(YOU)
    for _ in range(5):
        answer = await browser.submit(f"{YOU}/password", current="a guess", password=NEW)
        assert answer.status_code == 422
    answer = await browser.submit(f"{YOU}/password", current=PASSWORD, password=NEW)
    assert answer.status_code == 403
    assert "too many failed attempts" in answer.text.lower()
    await sign_in(db, bob.email, PASSWORD, utc_now() + timedelta(minutes=16))


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36",
            "Chrome on Android",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1 (KHTML, like Gecko) Version/19 Mobile Safari/604.1",
            "Safari on iPhone",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1 (KHTML, like Gecko) Version/19 Safari/605.1",
            "Safari on macOS",
        ),
        ("curl/8.1", "Unknown browser"),
        ("", "Unknown browser"),
        (None, "Unknown browser"),
    ],
)
def test_a_browser_is_called_what_people_call_it(user_agent: str | None, name: str) -> None:
    assert named(user_agent) == name
