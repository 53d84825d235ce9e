"""Wearable accounts and stored records as operators' programs see them."""

from datetime import date, timedelta
from uuid import UUID

import httpx
import pytest

from tests.web.callers import NOBODY, Caller, Callers, refused
from wearable_gateway.connections.records import RecordRepository
from wearable_gateway.developers import audit, audit_log
from wearable_gateway.developers.admin_tokens import AdminToken
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.unified.records import ALWAYS, DataType, Record

PATH = "/admin/v1/accounts"
TODAY = utc_now().date()


@pytest.fixture
async def users(a: Caller, b: Caller, callers: Callers) -> list[str]:
    """Two users of A and one of B at one account, one of B at another."""
    return [
        await callers.connected(a, "acc-ann", "a-1"),
        await callers.connected(a, "acc-ann", "a-2"),
        await callers.connected(b, "acc-ann", "b-1"),
        await callers.connected(b, "acc-ben", "b-2"),
    ]


async def test_accounts_are_listed_and_found(admin: httpx.AsyncClient, users: list[str]) -> None:
    first = (await admin.get(PATH, params={"limit": 1})).json()
    last = (await admin.get(PATH, params={"limit": 1, "after": first["next"]})).json()
    assert last["next"] is None
    [ann], [ben] = first["accounts"], last["accounts"]
    assert (ann["account_id"], ann["app"], ann["state"]) == ("acc-ann", "shared", "live")
    assert (ann["users"], ann["developers"]) == (3, 2)
    for query, found in (
        ({"account_id": "acc-ben"}, [ben]),
        ({"user_id": users[2]}, [ann]),
        ({"user_id": users[2], "account_id": "acc-ben"}, []),
        ({"user_id": NOBODY}, []),
        ({"provider": "sandbox", "account_id": "acc-ann"}, [ann]),
        ({"provider": "OURA"}, []),
        ({"after": NOBODY}, []),
    ):
        assert (await admin.get(PATH, params=query)).json()["accounts"] == found, query
    refused(await admin.get(PATH, params={"provider": "nobody"}), 404, "resource not found")
    refused(await admin.get(PATH, params={"user_id": "x"}), 404, "user not found")
    refused(await admin.get(PATH, params={"account_id": "a\x00"}), 400, "account_id")


async def test_an_account_is_shown_with_everybody_linked_and_no_token(
    a: Caller, b: Caller, admin: httpx.AsyncClient, users: list[str]
) -> None:
    [listed] = (await admin.get(PATH, params={"account_id": "acc-ann"})).json()["accounts"]
    answer = await admin.get(f"{PATH}/{listed['grant_id']}")
    account = answer.json()
    assert listed.items() <= account.items()
    assert account["tokens"]["state"] == "valid"
    assert account["tokens"]["can_be_refreshed"] is True
    assert '"access"' not in answer.text
    assert [(one["dev_id"], one["user_id"]) for one in account["linked"]] == [
        (a.dev_id, users[0]), (a.dev_id, users[1]), (b.dev_id, users[2]),
    ]  # fmt: skip
    rest = (await admin.get(f"{PATH}/{listed['grant_id']}", params={"after": users[0]})).json()
    assert [one["user_id"] for one in rest["linked"]] == users[1:3]
    refused(await admin.get(f"{PATH}/{NOBODY}"), 404, "account not found")
    refused(await admin.get(f"{PATH}/x"), 404, "account not found")


async def test_a_revocation_can_be_rehearsed_and_reaches_everybody_once(
    *,
    a: Caller,
    b: Caller,
    admin: httpx.AsyncClient,
    issued: tuple[AdminToken, str],
    callers: Callers,
    users: list[str],
) -> None:
    [listed] = (await admin.get(PATH, params={"account_id": "acc-ann"})).json()["accounts"]
    path = f"{PATH}/{listed['grant_id']}/revoke"
    would = (await admin.post(path, params={"dry_run": "true"})).json()
    assert would == {
        "dry_run": True,
        "events": 3,
        "developers": [{"dev_id": a.dev_id, "events": 2}, {"dev_id": b.dev_id, "events": 1}],
        "provider_is_told": True,
    }
    for user_id in users:
        answer = await (a if user_id in users[:2] else b).http.get(
            "/v2/userInfo", params={"user_id": user_id}
        )
        assert answer.json()["user"]["active"] is True
    assert (await admin.post(path)).json() == {**would, "dry_run": False}
    again = (await admin.post(path)).json()
    assert (again["events"], again["developers"]) == (0, [])
    told = await callers.db.autocommit.fetch("SELECT user_id FROM events WHERE type = 'access_revoked'")
    assert sorted(str(row["user_id"]) for row in told) == sorted(users[:3])
    account = (await admin.get(f"{PATH}/{listed['grant_id']}")).json()
    assert (account["state"], account["users"]) == ("releasing", 0)
    assert account["release_due_at"] is not None
    [entry] = await audit.history(callers.db.autocommit, audit.GATEWAY, f"account:{listed['grant_id']}")
    assert entry.actor == f"admin-token:{issued[0].id}"
    for nobody in (NOBODY, "x"):
        for dry_run in ("true", "false"):
            answer = await admin.post(f"{PATH}/{nobody}/revoke", params={"dry_run": dry_run})
            refused(answer, 404, "account not found")


async def test_stored_records_are_read_page_by_page_and_that_is_noted(
    *,
    a: Caller,
    b: Caller,
    admin: httpx.AsyncClient,
    issued: tuple[AdminToken, str],
    callers: Callers,
    users: list[str],
) -> None:
    async def store(kind: DataType, key: str, day: date) -> None:
        record = Record(kind, key, day, {"metadata": {"start_time": "x"}})
        await RecordRepository(callers.db.autocommit, a.dev_id).store(
            UUID(users[0]), kind, [record], fetch=1, keep_since=date.min, now=utc_now()
        )

    for ago in (0, 1, 1, 2, 40):
        for key in ("/&", "b"):
            await store(DataType.SLEEP, f"{ago}{key}", TODAY - timedelta(days=ago))
    await store(DataType.ATHLETE, "athlete", ALWAYS)
    path = f"/admin/v1/developers/{a.dev_id}/users/{users[0]}/records"
    keys, query = [], {"type": "sleep", "limit": "1"}
    while True:
        page = (await admin.get(path, params=query)).json()
        keys += [record["key"] for record in page["records"]]
        if page["next"] is None:
            break
        query["after"] = page["next"]
    assert keys == ["0b", "0/&", "1b", "1/&", "2b", "2/&"]
    old = TODAY - timedelta(days=40)
    narrow = (await admin.get(path, params={"type": "sleep", "since": str(old), "until": str(old)})).json()
    assert [record["key"] for record in narrow["records"]] == ["40b", "40/&"]
    [athlete] = (await admin.get(path, params={"type": "athlete"})).json()["records"]
    assert athlete == {"key": "athlete", "day": None, "data": {"metadata": {"start_time": "x"}}}
    seen = await audit_log.page(
        callers.db.autocommit, a.dev_id, audit_log.Wanted(action="data.viewed"), limit=10
    )
    assert [(entry.actor, entry.after["type"]) for entry in seen] == [
        (f"admin-token:{issued[0].id}", "athlete"), (f"admin-token:{issued[0].id}", "sleep"),
    ]  # fmt: skip
    for query, status, says in (
        ({}, 400, "invalid type"),
        ({"type": "x"}, 400, "invalid type"),
        ({"type": "sleep", "since": "2026-02-31"}, 400, "invalid since"),
        ({"type": "sleep", "since": "2026-02-02", "until": "2026-02-01"}, 400, "invalid until"),
        ({"type": "sleep", "after": "x"}, 400, "invalid after"),
        ({"type": "sleep", "limit": "201"}, 400, "invalid limit"),
    ):
        refused(await admin.get(path, params=query), status, says)
    for dev_id, user_id in ((b.dev_id, users[0]), (a.dev_id, NOBODY), ("nobody", users[0]), (a.dev_id, "x")):
        other = f"/admin/v1/developers/{dev_id}/users/{user_id}/records"
        refused(await admin.get(other, params={"type": "sleep"}), 404, "user not found")
