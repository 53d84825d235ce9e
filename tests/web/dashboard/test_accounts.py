"""Wearable accounts for those who run the gateway: found, looked at, ended."""

import re
from uuid import UUID

import pytest

from tests.web.callers import Caller, Callers
from tests.web.dashboard.conftest import Signer
from wearable_gateway.db.session import Database
from wearable_gateway.developers import audit, audit_log
from wearable_gateway.developers.operators import create_operator
from wearable_gateway.developers.provider_apps import ProviderApps
from wearable_gateway.developers.roles import Operator, Role
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.kit.encryption import Keyring
from wearable_gateway.kit.ids import uuid7
from wearable_gateway.web.accounts import CONNECTIONS_SHOWN
from wearable_gateway.web.dashboard.accounts import PAGE_SIZE

ACCOUNTS = "/dashboard/-/accounts"


@pytest.fixture
async def callers(app: object, db: Database, keyring: Keyring, hasher: object) -> Callers:
    made = await ProviderApps(db.autocommit, keyring).put(
        "SANDBOX", client_id="gateway", client_secret="client-secret", hosts={}
    )
    return Callers(app, db, keyring, hasher, made)  # type: ignore[arg-type]


@pytest.fixture
async def companies(callers: Callers) -> tuple[Caller, Caller]:
    """Two who share an account, of whom A has two users at it."""
    a, b = await callers.company("Company A"), await callers.company("Company B")
    await callers.connected(a, "acc-ann", "a-1")
    await callers.connected(a, "acc-ann", "a-2")
    await callers.connected(b, "acc-ann", "b-1")
    await callers.connected(b, "acc-ben", "b-2")
    return a, b


async def grant_of(db: Database, reference_id: str) -> UUID:
    found: UUID = await db.autocommit.fetchval(
        "SELECT grant_id FROM connections WHERE reference_id = $1", reference_id
    )
    return found


def shown(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="[^"]+" class="mono">([^<]+)</a>', page)


@pytest.mark.usefixtures("companies")
async def test_an_account_is_found_by_what_it_is_called_and_by_ids(
    sign_in: Signer, ann: Operator, db: Database
) -> None:
    browser = await sign_in(ann)
    assert shown((await browser.open(ACCOUNTS)).text) == ["acc-ann", "acc-ben"]
    grant_id = await grant_of(db, "b-2")
    user_id = await db.autocommit.fetchval("SELECT id FROM connections WHERE reference_id = 'b-2'")
    for query, found in (
        ("text=acc-ben", ["acc-ben"]),
        (f"text={grant_id}", ["acc-ben"]),
        (f"text={str(user_id).upper()}", ["acc-ben"]),
        ("provider=SANDBOX&text=acc-ann", ["acc-ann"]),
        ("provider=OURA", []),
        (f"provider=OURA&text={grant_id}", []),
        (f"text={uuid7()}", []),
        ("text=acc", []),
        ("provider=nonsense&after=x", ["acc-ann", "acc-ben"]),
    ):
        page = (await browser.open(f"{ACCOUNTS}?{query}")).text
        assert shown(page) == found, query
        assert ("No account matches" in page) is (not found)


async def test_accounts_and_their_users_are_paged(
    sign_in: Signer, ann: Operator, callers: Callers, db: Database
) -> None:
    a = await callers.company("Company A")
    for number in range(PAGE_SIZE + 1):
        await callers.connected(a, f"acc-{number:03d}", f"r-{number}")
    browser = await sign_in(ann)
    first = (await browser.open(ACCOUNTS)).text
    following = re.search(r'href="([^"]+)">Next<', first)
    assert following
    second = (await browser.open(following[1].replace("&amp;", "&"))).text
    assert [*shown(first), *shown(second)] == [f"acc-{number:03d}" for number in range(PAGE_SIZE + 1)]
    await db.autocommit.execute("UPDATE connections SET grant_id = $1", await grant_of(db, "r-0"))
    page = (await browser.open(f"{ACCOUNTS}/{await grant_of(db, 'r-0')}")).text
    behind = re.search(r'href="([^"]+)#users">Next<', page)
    assert behind
    rest = (await browser.open(behind[1])).text
    assert page.count('data-label="user_id"') == CONNECTIONS_SHOWN
    assert rest.count('data-label="user_id"') == PAGE_SIZE + 1 - CONNECTIONS_SHOWN


@pytest.mark.usefixtures("companies")
async def test_the_page_of_an_account_says_how_it_fares_and_shows_no_token(
    sign_in: Signer, ann: Operator, callers: Callers, db: Database
) -> None:
    grant_id = await grant_of(db, "b-1")
    now = utc_now()
    await db.autocommit.execute(
        "INSERT INTO notices (id, provider, provider_app_id, dedupe_key, kind, account_id, content, state, attempts,"
        " outcome, received_at, due_at) VALUES ($1, 'SANDBOX', $2, '\\x01', 'data_changed', 'acc-ann', $3, 'done', 1,"
        " 'shared', $4, $4)",
        uuid7(), callers.provider_app.id, {"documents": "secret content"}, now,
    )  # fmt: skip
    await db.autocommit.execute(
        "INSERT INTO grant_upkeep (grant_id, task, due_at, attempts) VALUES ($1, 'probe', $2, 2)",
        grant_id,
        now,
    )
    browser = await sign_in(ann)
    page = (await browser.open(f"{ACCOUNTS}/{grant_id}")).text
    for text in (
        "acc-ann", "company-a", "company-b", "a-2", "Valid", "Live", "Shared", "data_changed", "shared", "probe",
        "2 failed in a row",
    ):  # fmt: skip
        assert text in page, text
    assert "secret content" not in page
    assert not re.search(r">\s*(access|refresh)\s*<", page)
    await db.autocommit.execute("UPDATE grants SET tokens = '\\x00'")
    assert "Cannot be opened" in (await browser.open(f"{ACCOUNTS}/{grant_id}")).text
    for nobody in (uuid7(), "x", "%00"):
        for path in (f"{ACCOUNTS}/{nobody}", f"{ACCOUNTS}/{nobody}/revoke"):
            assert (await browser.open(path)).status_code == 404
        assert (await browser.submit(f"{ACCOUNTS}/{nobody}/revoke", confirmation="x")).status_code == 404


@pytest.mark.usefixtures("companies")
async def test_revoking_is_previewed_typed_and_reaches_everybody_once(
    sign_in: Signer, ann: Operator, db: Database
) -> None:
    grant_id = await grant_of(db, "b-1")
    browser = await sign_in(ann)
    preview = (await browser.open(f"{ACCOUNTS}/{grant_id}/revoke")).text
    assert "Reaches 2 developers with 3 events" in preview
    for wrong in ("", "acc-ben"):
        answer = await browser.submit(f"{ACCOUNTS}/{grant_id}/revoke", confirmation=wrong)
        assert answer.status_code == 422
        assert "Nothing was done" in answer.text
    assert await _events(db) == []

    for events in ("3", "0"):
        answer = await browser.submit(f"{ACCOUNTS}/{grant_id}/revoke", confirmation=" acc-ann ")
        assert answer.headers["location"] == f"{ACCOUNTS}/{grant_id}?ended={events}"
        page = (await browser.follow(answer)).text
        assert "Being given back" in page
        assert f"{events} events are on the way" in page
        assert "Revoke…" not in page
        assert await _events(db) == ["company-a", "company-a", "company-b"]
    assert "It has ended already" in (await browser.open(f"{ACCOUNTS}/{grant_id}/revoke")).text
    states = await db.autocommit.fetch("SELECT reference_id, state FROM connections ORDER BY 1")
    assert [tuple(row.values()) for row in states] == [
        ("a-1", "revoked"), ("a-2", "revoked"), ("b-1", "revoked"), ("b-2", "active"),
    ]  # fmt: skip
    [entry] = await audit.history(db.autocommit, audit.GATEWAY, f"account:{grant_id}")
    assert (entry.actor, entry.action) == ("operator:ann@example.org", "account.revoked")
    assert entry.after == {"provider": "SANDBOX", "account_id": "acc-ann", "developers": 2, "connections": 3}
    for dev_id, number in (("company-a", 2), ("company-b", 1)):
        wanted = audit_log.Wanted(action="connection.revoked")
        entries = await audit_log.page(db.autocommit, dev_id, wanted, limit=10)
        assert [entry.after for entry in entries] == [{"state": "revoked"}] * number
        others = {"company-a", "company-b"} - {dev_id}
        assert not any(other in str(entry) for entry in entries for other in others)


@pytest.mark.usefixtures("companies")
async def test_a_provider_that_cannot_be_told_and_an_app_of_ones_own_are_named(
    sign_in: Signer, ann: Operator, db: Database
) -> None:
    grant_id = await grant_of(db, "b-1")
    await db.autocommit.execute("UPDATE provider_apps SET dev_id = 'company-a'")
    await db.autocommit.execute("UPDATE grants SET provider = 'DEXCOM'")
    browser = await sign_in(ann)
    assert "company-a</span>" in (await browser.open(f"{ACCOUNTS}/{grant_id}")).text
    assert "has no way to be told" in (await browser.open(f"{ACCOUNTS}/{grant_id}/revoke")).text
    await db.autocommit.execute("DELETE FROM provider_apps")
    assert "taken away" in (await browser.open(ACCOUNTS)).text


@pytest.mark.usefixtures("companies")
async def test_who_may_only_look_at_the_gateway_revokes_nothing(
    sign_in: Signer, ann: Operator, db: Database
) -> None:
    del ann
    guest = await create_operator(db.autocommit, "gus@example.org", None, None, Role.READ_ONLY)
    grant_id = await grant_of(db, "b-1")
    browser = await sign_in(guest)
    assert "Only owners of the gateway" in (await browser.open(f"{ACCOUNTS}/{grant_id}")).text
    assert "Revoke now" not in (await browser.open(f"{ACCOUNTS}/{grant_id}/revoke")).text
    answer = await browser.submit(f"{ACCOUNTS}/{grant_id}/revoke", confirmation="acc-ann")
    assert answer.status_code == 403
    assert await _events(db) == []


async def _events(db: Database) -> list[str]:
    rows = await db.autocommit.fetch(
        "SELECT dev_id FROM events WHERE type = 'access_revoked' ORDER BY dev_id"
    )
    return [row["dev_id"] for row in rows]
