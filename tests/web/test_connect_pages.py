"""The end user's way: every stop is a page or a redirect, whatever goes wrong."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from tests.fakes.gateway import Company, Gateway, hidden_fields
from tests.web.callers import Caller, Callers
from tests.web.pages import page, redirected
from wearable_gateway.db.session import Database

SUCCESS, FAILURE = "https://app.example/done?next=1&user_id=mine#top", "https://app.example/failed"
URLS = {"auth_success_redirect_url": SUCCESS, "auth_failure_redirect_url": FAILURE}


@pytest.fixture
async def company(gateway: Gateway) -> Company:
    """Its name has to be escaped."""
    made = await gateway.company("Company A")
    await gateway.db.autocommit.execute("UPDATE developers SET name = 'Ärzte & Söhne'")
    return made


async def _expire(db: Database) -> None:
    await db.autocommit.execute("UPDATE flows SET expires_at = created_at")
    await db.autocommit.execute("UPDATE flow_states SET expires_at = created_at")


async def _states(db: Database) -> list[Any]:
    rows = await db.autocommit.fetch("SELECT state, reason FROM flows ORDER BY id")
    return [tuple(row.values()) for row in rows]


async def _widget(company: Company, **body: Any) -> str:
    answer = await company.http.post("/v2/auth/generateWidgetSession", json=body)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["url"])


async def test_an_auth_url_leads_straight_to_the_provider(gateway: Gateway, company: Company) -> None:
    begun = await company.auth_url()
    answer = await gateway.end_user().browser.get(begun["auth_url"])
    query = redirected(answer, f"{gateway.vendor_url}/oauth/authorize")
    assert query["response_type"] == "code"
    assert query["redirect_uri"] == f"{gateway.url}/connect/callback"
    assert query["code_challenge_method"] == "S256"
    assert len(query["code_challenge"]) == 43
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/connect" in cookie


async def test_success_takes_the_user_along_to_the_success_url(gateway: Gateway, company: Company) -> None:
    for reference_id in ("ann & co/ü", None):
        begun = await company.auth_url(reference_id=reference_id, **URLS)
        answer = await gateway.end_user().connect(begun["auth_url"], "ann")
        assert redirected(answer, "https://app.example/done") == {
            "next": "1",
            "user_id": begun["user_id"],
            "resource": "SANDBOX",
            "reference_id": reference_id or "null",
        }
        assert answer.headers["location"].endswith("#top")


DEEP_LINKS = {
    "myapp://": "myapp://?",
    "myapp://connected": "myapp://connected?",
    "myapp:///deep/path?x=%20a+b&flag&y=#f": "myapp:///deep/path?x=%20a+b&flag&y=&",
    "com.example.app:/oauth": "com.example.app:/oauth?",
    "https://app.example": "https://app.example?",
    "https://app.example/?signed=a%2Fb%3D": "https://app.example/?signed=a%2Fb%3D&",
}


async def test_the_rest_of_an_apps_own_address_is_kept_to_the_letter(
    gateway: Gateway, company: Company
) -> None:
    for url, expected in DEEP_LINKS.items():
        begun = await company.auth_url(auth_success_redirect_url=url)
        answer = await gateway.end_user().connect(begun["auth_url"], "ann")
        assert answer.status_code == 303
        tail = f"user_id={begun['user_id']}&resource=SANDBOX&reference_id=null"
        assert answer.headers["location"] == expected + tail + ("#f" if "#" in url else "")


async def test_without_addresses_of_the_apps_the_ending_is_a_page(gateway: Gateway, company: Company) -> None:
    begun = await company.auth_url()
    answer = await gateway.end_user().connect(begun["auth_url"], "ann")
    assert "Ärzte &amp; Söhne" in page(answer, 200, "You are connected")
    begun = await company.auth_url()
    answer = await gateway.end_user().connect(begun["auth_url"], "ann", allow=False)
    page(answer, 200, "Nothing was connected")


async def test_refused_consent_goes_to_the_failure_url_with_a_reason(
    gateway: Gateway, company: Company
) -> None:
    begun = await company.auth_url(reference_id="ann", **URLS)
    person = gateway.end_user()
    answer = await person.connect(begun["auth_url"], "ann", allow=False)
    assert redirected(answer, FAILURE) == {
        "user_id": begun["user_id"],
        "resource": "SANDBOX",
        "reference_id": "ann",
        "reason": "access_denied",
    }
    assert await company.users("ann") == []
    page(await person.browser.get(begun["auth_url"]), 400, "already been used")


async def test_a_used_link_and_a_replayed_callback_connect_nothing_more(
    gateway: Gateway, company: Company
) -> None:
    begun = await company.auth_url(reference_id="ann")
    person = gateway.end_user()
    callback = await person.answer(await person.go_to_consent(begun["auth_url"]), "ann")
    page(await person.browser.get(callback), 200, "You are connected")
    page(await person.browser.get(callback), 200, "You are connected")
    page(await gateway.end_user().browser.get(callback), 400, "already used")
    page(await person.browser.get(begun["auth_url"]), 400, "already been used, and it worked")
    assert len(await company.users("ann")) == 1


async def test_a_callback_from_another_browser_is_refused_and_the_right_one_still_works(
    gateway: Gateway, company: Company
) -> None:
    begun = await company.auth_url(reference_id="ann", **URLS)
    person, stranger = gateway.end_user(), gateway.end_user()
    callback = await person.answer(await person.go_to_consent(begun["auth_url"]), "ann")
    page(await stranger.browser.get(callback), 400, "another browser")
    await stranger.go_to_consent((await company.auth_url())["auth_url"])
    page(await stranger.browser.get(callback), 400, "another browser")
    assert await company.users("ann") == []
    redirected(await person.browser.get(callback), "https://app.example/done")
    assert len(await company.users("ann")) == 1


async def test_an_expired_link_says_so(gateway: Gateway, company: Company) -> None:
    for urls in ({}, URLS):
        for link in ((await company.auth_url(**urls))["auth_url"], await _widget(company, **urls)):
            await _expire(gateway.db)
            for _ in range(2):
                answer = await gateway.end_user().browser.get(link)
                if urls:
                    assert redirected(answer, FAILURE)["reason"] == "expired"
                else:
                    page(answer, 200, "This link has expired")
    assert set(await _states(gateway.db)) == {("failed", "expired")}


async def test_coming_back_too_late_connects_nothing(gateway: Gateway, company: Company) -> None:
    begun = await company.auth_url(reference_id="ann")
    person = gateway.end_user()
    callback = await person.answer(await person.go_to_consent(begun["auth_url"]), "ann")
    await _expire(gateway.db)
    page(await person.browser.get(callback), 400, "took too long")
    assert await company.users("ann") == []


async def test_a_provider_that_is_down_ends_the_flow_with_a_reason(
    gateway: Gateway, company: Company
) -> None:
    for fault, reason, title in (
        ({"status": 503}, "provider_unavailable", "did not answer"),
        ({"status": 500}, "provider_unavailable", "did not answer"),
        ({"status": 400, "error": "invalid_grant"}, "provider_error", "did not work"),
        ({"status": 401, "error": "invalid_client"}, "provider_error", "did not work"),
    ):
        for urls in ({}, URLS):
            begun = await company.auth_url(reference_id="ann", **urls)
            await gateway.control("fail", endpoint="token", times=1, **fault)
            answer = await gateway.end_user().connect(begun["auth_url"], "ann")
            if urls:
                assert redirected(answer, FAILURE)["reason"] == reason
            else:
                page(answer, 200, title)
            assert (await _states(gateway.db))[-1] == ("failed", reason)
    assert await company.users("ann") == []


async def test_the_account_call_is_not_needed_where_the_tokens_name_the_account(
    gateway: Gateway, company: Company
) -> None:
    await gateway.control("fail", endpoint="me", status=503, times=9)
    await gateway.connected(company, "ann", "ann")
    assert len(await company.users("ann")) == 1


async def test_a_forged_callback_gets_a_page(a: Caller, client: httpx.AsyncClient) -> None:
    forged = [
        {},
        {"state": ""},
        {"state": "x", "code": "y"},
        {"state": f"{a.dev_id}.{'A' * 43}", "code": "y"},
        {"state": "a\x00b.c", "code": "y"},
        {"state": "." * 200, "error": "access_denied"},
        {"state": "ü.ü", "error": "<script>alert(1)</script>"},
        {"state": "' OR 1=1 --.x", "code": "x" * 5000},
    ]
    for params in forged:
        for cookie in ("", "wg_browser=x", "wg_browser=" + "x" * 5000, "wg_browser=\xff", ";;=;"):
            answer = await client.get(
                "/connect/callback", params=params, headers=[(b"cookie", cookie.encode("latin-1"))]
            )
            assert "<script>" not in page(answer, 400, "started in another browser")


async def test_a_link_that_is_none_gets_a_page(a: Caller, client: httpx.AsyncClient) -> None:
    for token in ("x", f"{a.dev_id}.{'A' * 43}", "a%00b.c", "%3Cscript%3E.x", "x" * 3000, "%ff.%fe"):
        for path in (f"/connect/{token}", f"/widget/session/{token}"):
            assert "<script>" not in page(await client.get(path), 400, "not valid")
        answer = await client.post(f"/connect/{token}/start", data={"provider": "SANDBOX"})
        page(answer, 400, "not valid")
        page(await client.post(f"/connect/{token}/start", data={}), 400, "That did not work")
    for path in ("/connect", "/connect/", "/connect/a/b", "/widget/session/", "/connect/a/start/b"):
        page(await client.get(path), 404, "not available")
    page(await client.put("/connect/callback"), 405)
    odd = {"content-type": "multipart/form-data; boundary=a"}
    page(await client.post("/connect/a.b/start", content=b"garbage", headers=odd), 400)
    form = {"content-type": "application/x-www-form-urlencoded"}
    page(await client.post("/connect/a.b/start", content=b"provider=" + b"x" * 3_000_000, headers=form), 413)


async def test_a_broken_database_gets_a_careful_page(callers: Callers, client: httpx.AsyncClient) -> None:
    await callers.db.autocommit.execute("ALTER TABLE flows RENAME TO elsewhere")
    assert "elsewhere" not in page(await client.get("/connect/a.b"), 500, "Something went wrong")


async def test_a_widget_lets_the_end_user_choose(gateway: Gateway, company: Company) -> None:
    link = await _widget(company, reference_id="ann", **URLS)
    person = gateway.end_user()
    shown = page(await person.browser.get(link), 200, "Sandbox Wearables")
    assert "Ärzte &amp; Söhne" in shown
    assert hidden_fields(shown) == {}
    token = link.rpartition("/")[2]
    left = await person.browser.post(f"{gateway.url}/connect/{token}/start", data={"provider": "SANDBOX"})
    callback = await person.answer(left.headers["location"], "ann")
    answer = redirected(await person.browser.get(callback), "https://app.example/done")
    (user,) = await company.users("ann")
    assert answer["user_id"] == user["user_id"]
    assert (answer["resource"], answer["reference_id"]) == ("SANDBOX", "ann")
    page(await person.browser.get(link), 400, "already been used")


async def test_a_widget_offers_only_what_was_asked_for_and_exists(gateway: Gateway, company: Company) -> None:
    link = await _widget(company, providers="SANDBOX")
    token, browser = link.rpartition("/")[2], gateway.end_user().browser
    page(await browser.get(link), 200, "Sandbox Wearables")
    for provider in ("OURA", "", "<script>", "x" * 3000, "a\x00b"):
        answer = await browser.post(f"{gateway.url}/connect/{token}/start", data={"provider": provider})
        assert "<script>" not in page(answer, 400 if provider == "" else 404)
    await gateway.db.autocommit.execute("UPDATE flows SET providers = '{OURA}'")
    assert "Sandbox Wearables" not in page(await browser.get(link), 200, "no wearable to choose")
    answer = await browser.post(f"{gateway.url}/connect/{token}/start", data={"provider": "SANDBOX"})
    page(answer, 404)
    assert await _states(gateway.db) == [("open", None)]


async def test_a_widgets_link_works_under_both_addresses(gateway: Gateway, company: Company) -> None:
    link = await _widget(company)
    answer = await gateway.end_user().browser.get(link.replace("/widget/session/", "/connect/"))
    assert redirected(answer, link) == {}


async def test_the_accounts_that_cannot_be_connected_are_told_apart(
    gateway: Gateway, company: Company
) -> None:
    user_id = await gateway.connected(company, "ann", "ann")
    wrong = await company.auth_url(reference_id="ann", user_id=user_id)
    answer = await gateway.end_user().connect(wrong["auth_url"], "ben")
    page(answer, 200, "That is another account")
    await _choose(gateway, duplicate_policy="reject")
    answer = await gateway.end_user().connect((await company.auth_url(reference_id="ben"))["auth_url"], "ann")
    page(answer, 200, "Ärzte &amp; Söhne already knows this account under another name")
    begun = await company.auth_url(reference_id="cy")
    await _choose(gateway, user_limit=1)
    page(await gateway.end_user().connect(begun["auth_url"], "cy"), 200, "No more people can be connected")
    assert [state for state, _ in await _states(gateway.db)] == ["completed", "failed", "failed", "failed"]


async def _choose(gateway: Gateway, **settings: Any) -> None:
    await gateway.db.autocommit.execute("UPDATE developers SET settings = $1", settings)


async def test_a_link_that_is_over_says_how_it_ended_and_leads_back(
    gateway: Gateway, company: Company
) -> None:
    for urls in ({}, URLS):
        begun = await company.auth_url(reference_id="ann", **urls)
        person = gateway.end_user()
        await person.connect(begun["auth_url"], "ann")
        shown = page(await person.browser.get(begun["auth_url"]), 400, "You are connected already")
        assert ("https://app.example/done?next=1&amp;user_id=" in shown) == bool(urls)
        begun = await company.auth_url(reference_id="ann", **urls)
        await person.connect(begun["auth_url"], "ann", allow=False)
        shown = page(await person.browser.get(begun["auth_url"]), 400, "This link has already been used")
        assert ("https://app.example/failed?user_id=" in shown) == bool(urls)
        await gateway.db.autocommit.execute("UPDATE flows SET reason = 'interrupted' WHERE state = 'failed'")
        page(await person.browser.get(begun["auth_url"]), 400, "Connecting was interrupted")
    await gateway.db.autocommit.execute("UPDATE flows SET state = 'exchanged', claimed_at = now()")
    shown = page(await person.browser.get(begun["auth_url"]), 400, "Your sign-in is being finished")
    assert f'href="/connect/{begun["auth_url"].rpartition("/")[2]}"' in shown


async def test_who_comes_back_to_the_last_page_sees_it_again_and_tells_nobody_anew(
    gateway: Gateway, company: Company
) -> None:
    """By going back, by reloading, by changing the language; in no other browser."""
    for allow, urls in ((True, {}), (False, {}), (True, URLS)):
        begun = await company.auth_url(reference_id="ann", **urls)
        person = gateway.end_user()
        callback = await person.answer(await person.go_to_consent(begun["auth_url"]), "ann", allow=allow)
        first = await person.browser.get(callback)
        again = await person.browser.get(callback)
        assert (again.status_code, again.headers.get("location")) == (
            first.status_code,
            first.headers.get("location"),
        )
        assert again.text == first.text
        if not urls:
            state = dict(parse_qsl(urlsplit(callback).query))["state"]
            german = await person.browser.get(
                f"{gateway.url}/connect/callback", params={"state": state, "lang": "de"}
            )
            page(german, 200, "Du bist verbunden" if allow else "Es wurde nichts verbunden")
            forged = {"cookie": f"wg_ended={person.browser.cookies['wg_ended'][:-1]}"}
            async with httpx.AsyncClient(trust_env=False, headers=forged) as stranger:
                page(await stranger.get(callback), 400, "This sign-in cannot be used")
    told = await gateway.db.autocommit.fetch("SELECT type FROM events ORDER BY id")
    assert sorted(row[0] for row in told) == ["auth", "auth", "auth_cancelled", "user_reauth"]
