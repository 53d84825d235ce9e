"""The pages for API keys and admin tokens: shown once, revoked after being asked, and only by those who may."""

import re

import pytest

from tests.web.dashboard.conftest import Signer, changes_at
from wearable_gateway.db.session import Database
from wearable_gateway.developers import audit, keys
from wearable_gateway.developers.admin_tokens import authenticate_admin, list_admin_tokens
from wearable_gateway.developers.keys import KeyHasher, authenticate
from wearable_gateway.developers.roles import Operator
from wearable_gateway.developers.scopes import SCOPES
from wearable_gateway.errors import UnauthenticatedError
from wearable_gateway.kit.ids import uuid7

KEYS, TOKENS = "/dashboard/acme/keys", "/dashboard/-/tokens"


def shown_once(page: str, label: str) -> str:
    found = re.search(rf'id="copy-{label}">([^<]+)<', page)
    assert found
    return found[1]


async def test_a_key_is_shown_once_works_and_is_revoked(
    sign_in: Signer, olga: Operator, db: Database, hasher: KeyHasher
) -> None:
    browser = await sign_in(olga)
    assert "No key yet" in (await browser.open(KEYS)).text
    made = await browser.follow(await browser.submit(KEYS, name=" backend "))
    assert made.headers["cache-control"] == "no-store"
    text = shown_once(made.text, "api-key")
    assert (await authenticate(db.autocommit, hasher, "acme", text)).dev_id == "acme"
    page = (await browser.open(KEYS)).text
    assert text not in page
    assert f"…{text[-4:]}" in page
    assert "just now" in page
    again = (await browser.open(str(made.url))).text
    assert text not in again
    assert "The key “backend” was shown once" in again
    (key,) = await keys.list_keys(db.autocommit, "acme")
    answer = await browser.follow(await browser.submit(f"{KEYS}/{key.id}/revoke"))
    assert "are refused from now on" in answer.text
    assert "/revoke" not in answer.text
    with pytest.raises(UnauthenticatedError):
        await authenticate(db.autocommit, hasher, "acme", text)
    entries = await changes_at(db)
    assert [(entry.action, entry.actor, entry.address) for entry in entries] == [
        ("key.revoked", "operator:olga@example.org", "203.0.113.9"),
        ("key.created", "operator:olga@example.org", "203.0.113.9"),
    ]
    assert text not in str(entries)


async def test_the_answer_to_the_form_leads_to_the_key_and_tells_nothing_of_it(
    sign_in: Signer, olga: Operator, db: Database
) -> None:
    browser = await sign_in(olga)
    await browser.open(KEYS)
    first = await browser.submit(KEYS, name="first")
    second = await browser.submit(KEYS, name="second")
    (one, two) = await keys.list_keys(db.autocommit, "acme")
    assert first.headers["location"] == f"{KEYS}/{one.id}"
    assert (first.text, second.text) == ("", "")
    assert "wgk_" not in str(first.headers) + str(second.headers)
    for key in (two, one):
        page = (await browser.open(f"{KEYS}/{key.id}")).text
        assert shown_once(page, "api-key").endswith(key.hint), "each has its own page"
    assert "wgk_" not in (await browser.open(f"{KEYS}/{one.id}")).text


async def test_a_name_that_cannot_be_one_stays_in_the_field(
    sign_in: Signer, ann: Operator, db: Database
) -> None:
    browser = await sign_in(ann)
    for path, typed in ((KEYS, "x" * 101), (TOKENS, "x" * 101), (TOKENS, " ")):
        await browser.open(path)
        answer = await browser.submit(path, name=typed)
        assert answer.status_code == 422
        assert f'name="name" value="{typed}"' in answer.text
        assert "in at most 100" in answer.text or "in 1 to 100" in answer.text
    assert await keys.list_keys(db.autocommit, "acme") == []


async def test_who_may_not_manage_sees_the_keys_and_no_way_to_change_them(
    sign_in: Signer, mia: Operator, db: Database, hasher: KeyHasher
) -> None:
    key, _ = await keys.issue_key(db.autocommit, hasher, "acme", "backend")
    browser = await sign_in(mia)
    page = (await browser.open(KEYS)).text
    assert key.hint in page
    assert "Create key" not in page
    assert "Revoke" not in page
    for path in (KEYS, f"{KEYS}/{key.id}/revoke"):
        assert (await browser.submit(path, name="x")).status_code == 403
    assert (await browser.open(TOKENS)).status_code == 404
    assert (await keys.find_key(db.autocommit, "acme", key.id)).revoked_at is None


async def test_an_admin_token_may_do_what_was_ticked_at_the_developer_that_was_named(
    sign_in: Signer, ann: Operator, db: Database
) -> None:
    browser = await sign_in(ann)
    page = (await browser.open(TOKENS)).text
    assert all(f'value="{scope}"' in page for scope in SCOPES)
    for more, problem in (
        ({}, "at least one box that is ticked"),
        ({"scopes": "*", "dev_id": "nobody"}, "the dev-id of a developer"),
    ):
        answer = await browser.submit(TOKENS, name="reports", **more)
        assert answer.status_code == 422
        assert f"It needs: {problem}" in answer.text
        assert 'value="reports"' in answer.text
    form = {
        "csrf": browser.csrf,
        "name": "reports",
        "scopes": ["events:read", "users:write"],
        "dev_id": " acme ",
    }
    assert (await browser.client.post(TOKENS, data=form)).status_code == 303
    (token,) = await list_admin_tokens(db.autocommit)
    assert (token.scopes, token.dev_id) == (("events:read", "users:write"), "acme")
    page = (await browser.open(TOKENS)).text
    assert "<li>events:read</li>" in page
    assert '<span class="mono">acme</span> only' in page


async def test_an_admin_token_is_shown_once_works_and_is_revoked(
    sign_in: Signer, ann: Operator, db: Database, hasher: KeyHasher
) -> None:
    browser = await sign_in(ann)
    assert "No token yet" in (await browser.open(TOKENS)).text
    made = await browser.follow(await browser.submit(TOKENS, name="provisioning", scopes="developers:write"))
    text = shown_once(made.text, "admin-token")
    token = await authenticate_admin(db.autocommit, hasher, text)
    assert text not in (await browser.open(TOKENS)).text
    again = (await browser.open(str(made.url))).text
    assert text not in again
    assert "The token “provisioning” was shown once" in again
    answer = await browser.follow(await browser.submit(f"{TOKENS}/{token.id}/revoke"))
    assert "are refused from now on" in answer.text
    for odd in (uuid7(), "x"):
        assert (await browser.submit(f"{TOKENS}/{odd}/revoke")).status_code == 404
    with pytest.raises(UnauthenticatedError):
        await authenticate_admin(db.autocommit, hasher, text)
    entries = await changes_at(db, audit.GATEWAY)
    assert [(entry.action, entry.actor) for entry in entries] == [
        ("admin_token.revoked", "operator:ann@example.org"),
        ("admin_token.created", "operator:ann@example.org"),
    ]
