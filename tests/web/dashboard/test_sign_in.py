from datetime import timedelta

import pytest
from fastapi import Response

from tests.web.dashboard.browser import Browser
from tests.web.dashboard.conftest import PASSWORD, Signer
from wearable_gateway.db.session import Database
from wearable_gateway.developers.operators import (
    create_operator,
    operators_at,
    places_of,
)
from wearable_gateway.developers.own_password import set_password
from wearable_gateway.developers.roles import Operator, OperatorSession, Right, Role
from wearable_gateway.developers.sessions import find_session, same_token
from wearable_gateway.developers.sign_in import issue_sign_in_link, sign_in, use_sign_in_link
from wearable_gateway.developers.sign_in_limits import MOST_FAILURES
from wearable_gateway.errors import (
    DisallowedError,
    InvalidInputError,
    NotFoundError,
    UnauthenticatedError,
)
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.kit.ids import uuid7
from wearable_gateway.web.dashboard import cookies
from wearable_gateway.web.dashboard.returning import own_page


async def test_the_right_password_signs_in_and_leads_on(browser: Browser, ann: Operator) -> None:
    answer = await browser.log_in(" Ann@Example.org ", PASSWORD, "/dashboard/acme/users?state=paused")
    assert answer.headers["location"] == "/dashboard/acme/users?state=paused"
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/dashboard" in cookie
    page = await browser.follow(answer)
    assert page.status_code == 200
    assert ann.email in page.text


@pytest.mark.usefixtures("ann")
@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("ann@example.org", "wrong"),
        ("nobody@example.org", PASSWORD),
        ("ann@example.org\x00", PASSWORD),
        ("", ""),
    ],
)
async def test_wrong_credentials_are_refused_in_the_same_words(
    browser: Browser, email: str, password: str
) -> None:
    answer = await browser.log_in(email, password)
    assert answer.status_code == 401
    assert "The e-mail address or the password is not right." in answer.text
    assert cookies.SESSION not in browser.client.cookies
    assert password not in answer.text or not password


async def test_an_operator_without_a_password_cannot_use_an_empty_one(browser: Browser, db: Database) -> None:
    await create_operator(db.autocommit, "links@example.org")
    assert (await browser.log_in("links@example.org", "")).status_code == 401


@pytest.mark.usefixtures("ann")
async def test_after_five_failures_even_the_right_password_has_to_wait(browser: Browser) -> None:
    for _ in range(MOST_FAILURES):
        assert (await browser.log_in("ann@example.org", "wrong")).status_code == 401
    answer = await browser.log_in("ann@example.org", PASSWORD)
    assert answer.status_code == 429
    assert "wait 15 minutes" in answer.text


async def test_the_wait_ends_and_a_success_forgets_the_failures(db: Database, ann: Operator) -> None:
    now = utc_now()
    for _ in range(MOST_FAILURES):
        with pytest.raises(UnauthenticatedError):
            await sign_in(db, ann.email, "wrong", now)
    with pytest.raises(DisallowedError, match="wait 1 minute and"):
        await sign_in(db, ann.email, PASSWORD, now + timedelta(minutes=14, seconds=30))
    await sign_in(db, ann.email, PASSWORD, now + timedelta(minutes=15))
    assert await db.autocommit.fetchval("SELECT count(*) FROM sign_in_failures") == 0


async def test_a_link_is_shown_without_being_used_and_works_once(
    browser: Browser, db: Database, ann: Operator
) -> None:
    path = f"/dashboard/link/{await issue_sign_in_link(db.autocommit, [ann.id], utc_now())}"
    for _ in range(2):
        assert (await browser.open(path)).status_code == 200
    assert cookies.SESSION not in browser.client.cookies
    answer = await browser.submit(path)
    assert answer.headers["location"] == "/dashboard"
    assert "All developers together" in (await browser.follow(answer)).text

    await browser.open(path)
    again = await browser.submit(path)
    assert again.status_code == 403
    assert "ask for a new one" in again.text


async def test_an_old_link_signs_nobody_in(db: Database, ann: Operator) -> None:
    now = utc_now()
    token = await issue_sign_in_link(db.autocommit, [ann.id], now)
    with pytest.raises(DisallowedError):
        await use_sign_in_link(db.autocommit, token, now + timedelta(minutes=15))


async def test_a_developer_may_be_called_link(sign_in: Signer, db: Database, ann: Operator) -> None:
    await db.autocommit.execute(
        "INSERT INTO developers (dev_id, name, account, environment, settings, healthcheck_at, created_at)"
        " VALUES ('link', 'Link Ltd', 'link', 'production', '{}'::jsonb, now(), now())"
    )
    browser = await sign_in(ann)
    assert "Link Ltd" in (await browser.open("/dashboard/link/users")).text


@pytest.mark.usefixtures("ann")
@pytest.mark.parametrize("csrf", ["", "somebody-elses"])
async def test_a_sign_in_form_from_elsewhere_is_refused(browser: Browser, csrf: str) -> None:
    await browser.open("/dashboard/login")
    answer = await browser.submit("/dashboard/login", csrf=csrf, email="ann@example.org", password=PASSWORD)
    assert answer.status_code == 403
    assert "reload it" in answer.text
    assert cookies.SESSION not in browser.client.cookies


async def test_a_form_without_the_cookie_is_refused_however_it_is_filled(browser: Browser) -> None:
    assert (await browser.submit("/dashboard/login", csrf="")).status_code == 403


@pytest.mark.usefixtures("ann")
@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/dashboard//evil.example",
        "/dashboard@evil.example",
        "/dashboard\n//evil.example",
        "/dashboard/logout",
        "/v2/users",
        "javascript:alert(1)",
    ],
)
async def test_signing_in_leads_nowhere_but_to_the_dashboard(browser: Browser, elsewhere: str) -> None:
    answer = await browser.log_in("ann@example.org", PASSWORD, elsewhere)
    assert answer.headers["location"] == "/dashboard"


def test_pages_with_filters_can_be_come_back_to() -> None:
    path = "/dashboard/acme/users?text=a%2Fb+c&selected=0199a3b4-0000-7000-8000-000000000000"
    assert own_page(path) == path


async def test_who_is_not_signed_in_is_asked_to_and_brought_back(browser: Browser, ann: Operator) -> None:
    answer = await browser.open("/dashboard/acme/users?state=paused")
    assert answer.headers["location"] == "/dashboard/login?next=%2Fdashboard%2Facme%2Fusers%3Fstate%3Dpaused"
    form = await browser.follow(answer)
    assert 'value="/dashboard/acme/users?state=paused"' in form.text
    assert "You are not signed in, or not any more." in form.text
    assert "not any more" not in (await browser.follow(await browser.open("/dashboard"))).text
    assert ann.email not in form.text


async def test_a_session_ends_after_twelve_hours(db: Database, ann: Operator) -> None:
    now = utc_now()
    token, session = await sign_in(db, ann.email, PASSWORD, now)
    assert await find_session(db.autocommit, token, now + timedelta(hours=11)) == session
    assert await find_session(db.autocommit, token, now + timedelta(hours=12)) is None


async def test_signing_out_ends_the_session_everywhere_its_cookie_is(sign_in: Signer, ann: Operator) -> None:
    browser = await sign_in(ann)
    await browser.open("/dashboard/acme/users")
    kept = browser.client.cookies[cookies.SESSION]
    answer = await browser.submit("/dashboard/logout")
    assert answer.headers["location"] == "/dashboard/login"
    assert cookies.SESSION not in browser.client.cookies
    browser.client.cookies.set(cookies.SESSION, kept, path="/dashboard")
    answer = await browser.open("/dashboard/acme/users")
    assert answer.headers["location"].startswith("/dashboard/login")


async def test_signing_out_needs_the_form(sign_in: Signer, ann: Operator) -> None:
    browser = await sign_in(ann)
    assert (await browser.submit("/dashboard/logout", csrf="wrong")).status_code == 403
    assert (await browser.open("/dashboard/acme/users")).status_code == 200


async def test_a_new_password_signs_out_everywhere(db: Database, ann: Operator) -> None:
    now = utc_now()
    token, _ = await sign_in(db, ann.email, PASSWORD, now)
    await set_password(db.autocommit, [ann], "another long password", actor="tests")
    assert await find_session(db.autocommit, token, now) is None
    with pytest.raises(UnauthenticatedError):
        await sign_in(db, ann.email, PASSWORD, now)
    await sign_in(db, ann.email, "another long password", now)


async def test_an_operator_is_made_once_and_found_in_any_case(db: Database, ann: Operator) -> None:
    assert await places_of(db.autocommit, "ANN@example.org") == [ann]
    with pytest.raises(InvalidInputError, match="already"):
        await create_operator(db.autocommit, "Ann@example.org", PASSWORD)
    with pytest.raises(InvalidInputError, match="characters"):
        await create_operator(db.autocommit, "carl@example.org", "short")
    with pytest.raises(NotFoundError):
        await create_operator(db.autocommit, "carl@example.org", PASSWORD, "nobody")


async def test_one_person_may_work_for_several_developers_none_of_whom_knows_of_another(
    db: Database, ann: Operator, bob: Operator, browser: Browser
) -> None:
    await create_operator(db.autocommit, bob.email, PASSWORD, "acme", Role.READ_ONLY)
    assert [place.dev_id for place in await operators_at(db.autocommit, "northwind")] == ["northwind"]
    assert await operators_at(db.autocommit, None) == [ann]
    page = await browser.follow(await browser.log_in(bob.email, PASSWORD))
    assert "Acme Health" in page.text
    assert "Northwind Clinics" in page.text
    assert (await browser.open("/dashboard/acme/users")).status_code == 200
    assert (await browser.open("/dashboard/northwind/users")).status_code == 200
    assert (await browser.open("/dashboard/-")).status_code == 404


async def test_a_password_opens_only_the_places_it_was_set_for(
    db: Database, bob: Operator, browser: Browser
) -> None:
    await create_operator(db.autocommit, bob.email, "quite another password", "acme")
    await browser.log_in(bob.email, "quite another password")
    assert (await browser.open("/dashboard/acme/users")).status_code == 200
    assert (await browser.open("/dashboard/northwind/users")).status_code == 404


def test_who_may_see_and_do_what() -> None:
    runs = Operator(uuid7(), "a@b.c", None, Role.READ_ONLY)
    owns = Operator(uuid7(), "a@b.c", "acme", Role.OWNER)
    works = Operator(uuid7(), "a@b.c", "northwind", Role.MEMBER)

    def signed_in(*operators: Operator) -> OperatorSession:
        return OperatorSession(uuid7(), "a@b.c", operators, "", utc_now())

    assert signed_in(owns).at("northwind") is None
    assert signed_in(owns, works).at("northwind") == works
    assert signed_in(runs, owns).at("acme") == owns
    assert signed_in(runs, owns).at("northwind") == runs
    assert signed_in(owns, works).dev_ids == ("acme", "northwind")
    assert signed_in(runs, works).dev_ids is None
    allowed = {
        role: {right for right in Right if Operator(uuid7(), "", None, role).may(right)} for role in Role
    }
    assert allowed == {
        Role.OWNER: {Right.LOOK, Right.WORK, Right.MANAGE},
        Role.MEMBER: {Right.LOOK, Right.WORK},
        Role.READ_ONLY: {Right.LOOK},
    }


def test_an_empty_token_matches_nothing() -> None:
    assert not same_token("", "")
    assert same_token("a", "a")


@pytest.mark.parametrize(("public_url", "secure"), [("https://g.example", True), ("http://g.example", False)])
def test_cookies_are_secure_where_the_gateway_is(public_url: str, *, secure: bool) -> None:
    response = Response()
    cookies.keep_session(response, "token", public_url)
    assert ("secure" in response.headers["set-cookie"].lower()) is secure
