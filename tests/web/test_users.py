"""Connections as developers see them: one, some, all, renamed, paused; and the providers there are."""

from datetime import datetime
from typing import Any

import httpx
import pytest

from tests.web.callers import NOBODY, Caller, Callers, refused
from wearable_gateway.db.session import Database
from wearable_gateway.developers import audit

USER_KEYS = {
    "user_id",
    "provider",
    "reference_id",
    "scopes",
    "active",
    "created_at",
    "last_webhook_update",
}
DETAILED_KEYS = USER_KEYS | {"last_polled_at", "most_recent_data_at"}


async def _info(caller: Caller, **params: str) -> httpx.Response:
    return await caller.http.get("/v2/userInfo", params=params)


async def _patch(caller: Caller, user_id: str, **body: Any) -> httpx.Response:
    return await caller.http.patch(f"/v2/users/{user_id}", json=body)


async def test_a_user_is_found_by_its_id(a: Caller, callers: Callers) -> None:
    user_id = await callers.connected(a, "acc-ann", "ann", scopes=["daily", "sleep"])
    for text in (user_id, user_id.upper(), user_id.replace("-", "")):
        body = (await _info(a, user_id=text)).json()
        assert set(body) == {"status", "user", "is_authenticated"}
        assert body["status"] == "success"
        assert body["is_authenticated"] is True
        user = body["user"]
        assert set(user) == DETAILED_KEYS
        assert (user["last_polled_at"], user["most_recent_data_at"]) == (None, None)
        assert user["user_id"] == user_id
        assert user["provider"] == "SANDBOX"
        assert user["reference_id"] == "ann"
        assert user["scopes"] == "daily,sleep"
        assert user["active"] is True
        assert user["last_webhook_update"] is None
        assert datetime.fromisoformat(user["created_at"]).tzinfo is not None


async def test_users_are_found_by_their_reference_id(a: Caller, callers: Callers) -> None:
    ids = [await callers.connected(a, account, "ann") for account in ("acc-1", "acc-2")]
    await callers.connected(a, "acc-3", "ANN")
    body = (await _info(a, reference_id="ann")).json()
    assert set(body) == {"status", "users"}
    assert [user["user_id"] for user in body["users"]] == ids


async def test_a_reference_id_that_nobody_has_gives_an_empty_list(a: Caller, callers: Callers) -> None:
    await callers.connected(a, "acc-ann", "ann")
    await callers.connected(a, "acc-ben")
    for reference_id in ("nobody", "%", "ANN", "\ufeff", "null"):
        answer = await _info(a, reference_id=reference_id)
        assert answer.status_code == 200, answer.text
        assert answer.json() == {"status": "success", "users": []}


async def test_a_reference_id_that_nobody_can_have_is_refused(a: Caller) -> None:
    for reference_id in ("a\x00b", "a\nb", "x" * 256, " ann"):
        refused(await _info(a, reference_id=reference_id), 400, "reference_id")


async def test_nobody_in_particular_cannot_be_asked_for(a: Caller) -> None:
    for params in ({}, {"user_id": ""}, {"reference_id": ""}, {"user": "x"}):
        refused(await _info(a, **params), 400, "user_id or reference_id")


async def test_an_unknown_user_is_not_found(a: Caller) -> None:
    for user_id in (NOBODY, "nobody", "a\x00b", "0" * 32, "x" * 5000, "null"):
        refused(await _info(a, user_id=user_id), 404, "user not found")


async def test_a_user_exists_from_its_auth_url_on(a: Caller, b: Caller) -> None:
    begun = await a.http.post(
        "/v2/auth/authenticateUser", params={"resource": "SANDBOX"}, json={"reference_id": "ann"}
    )
    user_id = begun.json()["user_id"]
    body = (await _info(a, user_id=user_id)).json()
    assert body["is_authenticated"] is False
    assert set(body["user"]) == USER_KEYS
    assert body["user"]["active"] is False
    assert body["user"]["reference_id"] == "ann"
    refused(await _info(b, user_id=user_id), 404)
    assert (await _info(a, reference_id="ann")).json()["users"] == []
    assert (await a.http.get("/v2/subscriptions")).json() == {"users": []}


async def test_all_users_come_at_once_without_a_page(a: Caller, b: Caller, callers: Callers) -> None:
    ids = [await callers.connected(a, f"acc-{number}") for number in range(3)]
    await callers.connected(b, "acc-other")
    for params in ({}, {"per_page": 1}):
        body = (await a.http.get("/v2/subscriptions", params=params)).json()
        assert set(body) == {"users"}
        assert [user["user_id"] for user in body["users"]] == ids


async def test_pages_of_users_add_up_to_all_of_them(a: Caller, callers: Callers) -> None:
    ids = [await callers.connected(a, f"acc-{number}") for number in range(5)]
    seen: list[str] = []
    page: int | None = 0
    while page is not None:
        body = (await a.http.get("/v2/subscriptions", params={"page": page, "per_page": 2})).json()
        assert set(body) == {"data"}
        assert body["data"]["max_page"] == 2
        seen += [user["user_id"] for user in body["data"]["results"]]
        page = body["data"]["next"]
    assert seen == ids


@pytest.mark.parametrize(("page", "count"), [(0, 0), (0, 2), (1, 2), (7, 2), (1_000_000, 2)])
async def test_the_last_page_and_those_behind_it_have_no_next(
    a: Caller, callers: Callers, page: int, count: int
) -> None:
    for number in range(count):
        await callers.connected(a, f"acc-{number}")
    body = (await a.http.get("/v2/subscriptions", params={"page": page})).json()
    assert body["data"]["next"] is None
    assert body["data"]["max_page"] == 0
    assert len(body["data"]["results"]) == (count if page == 0 else 0)


@pytest.mark.parametrize("name", ["page", "per_page"])
async def test_a_bad_page_is_refused_by_name(a: Caller, name: str) -> None:
    for value in ("-1", "one", "1.5", "1e3", "9" * 30, "0x1", "\x00", "null"):
        params = {"page": "0", name: value}
        refused(await a.http.get("/v2/subscriptions", params=params), 400, f"invalid {name}")


async def test_a_page_has_1_to_500_users(a: Caller) -> None:
    for value in ("0", "501"):
        params = {"page": "0", "per_page": value}
        refused(await a.http.get("/v2/subscriptions", params=params), 400, "per_page")


async def test_many_users_are_asked_for_by_a_bare_list(a: Caller, b: Caller, callers: Callers) -> None:
    mine = [await callers.connected(a, f"acc-{number}", f"ref-{number}") for number in range(2)]
    other = await callers.connected(b, "acc-0")
    asked = [mine[1], NOBODY, "no id", "a\x00b", "", other, mine[0], mine[0], "ref-0"]
    body = (await a.http.post("/v2/bulkUserInfo", json=asked)).json()
    assert [user["user_id"] for user in body] == mine
    assert all(set(user) == USER_KEYS for user in body)


async def test_anything_but_a_list_of_ids_is_refused(a: Caller) -> None:
    too_many = b"[" + b",".join([b'"x"'] * 1001) + b"]"
    odd = (b"", b"null", b"{}", b'{"user_ids":[]}', b'"x"', b"[1]", b"[null]", b"[[]]", b"[", b'["\xff"]')
    for content in (*odd, too_many):
        answer = await a.http.post("/v2/bulkUserInfo", content=content)
        refused(answer, 400)


async def test_an_empty_list_of_ids_gives_an_empty_list(a: Caller) -> None:
    answer = await a.http.post("/v2/bulkUserInfo", json=[])
    assert (answer.status_code, answer.json()) == (200, [])


async def test_a_reference_id_is_changed_and_removed_and_audited(
    a: Caller, callers: Callers, db: Database
) -> None:
    user_id = await callers.connected(a, "acc-ann", "ann")
    for wanted, kept in (("anna", "anna"), ("Ünï", "Ünï"), ("", None), ("x" * 255, "x" * 255), (None, None)):
        answer = await _patch(a, user_id, reference_id=wanted)
        assert answer.status_code == 200, answer.text
        assert set(answer.json()) == {"status", "user"}
        assert answer.json()["user"]["reference_id"] == kept
        assert (await _info(a, user_id=user_id)).json()["user"]["reference_id"] == kept
    entries = await audit.history(db.autocommit, a.dev_id, f"connection:{user_id}")
    assert len(entries) == 5
    assert {entry.actor for entry in entries} == {"developer:company-a"}
    assert entries[-1].before == {"reference_id": "ann", "state": "active"}


async def test_a_reference_id_that_cannot_be_kept_changes_nothing(a: Caller, callers: Callers) -> None:
    user_id = await callers.connected(a, "acc-ann", "ann")
    odd: list[Any] = ["x" * 256, "a\nb", "a\x00b", " ann", 7, [], {}, True]
    for wanted in odd:
        refused(await _patch(a, user_id, reference_id=wanted, active=False), 400, "reference_id")
    user = (await _info(a, user_id=user_id)).json()["user"]
    assert (user["reference_id"], user["active"]) == ("ann", True)


async def test_a_user_is_paused_and_resumed(a: Caller, callers: Callers) -> None:
    user_id = await callers.connected(a, "acc-ann", "ann")
    for active in (False, False, True):
        answer = await _patch(a, user_id, active=active)
        assert answer.json()["user"]["active"] is active
        user = (await _info(a, user_id=user_id)).json()["user"]
        assert (user["active"], user["reference_id"]) == (active, "ann")


@pytest.mark.parametrize("content", [b"", b"{}", b"null", b'{"active":null}', b'{"other":1}'])
async def test_an_empty_change_changes_nothing(
    a: Caller, callers: Callers, db: Database, content: bytes
) -> None:
    user_id = await callers.connected(a, "acc-ann", "ann")
    before = (await _info(a, user_id=user_id)).json()["user"]
    answer = await a.http.patch(f"/v2/users/{user_id}", content=content)
    assert answer.status_code == 200, answer.text
    assert answer.json()["user"].items() < before.items()
    assert await audit.history(db.autocommit, a.dev_id, f"connection:{user_id}") == []


async def test_active_is_a_boolean(a: Caller, callers: Callers) -> None:
    user_id = await callers.connected(a, "acc-ann")
    odd: list[Any] = ["maybe", 7, [], {}]
    for active in odd:
        refused(await _patch(a, user_id, active=active), 400, "active")


@pytest.mark.parametrize("active", [True, False])
async def test_a_revoked_user_stays_revoked(a: Caller, callers: Callers, db: Database, active: bool) -> None:
    user_id = await callers.connected(a, "acc-ann", "ann")
    await db.autocommit.execute("UPDATE connections SET state = 'revoked'")
    refused(await _patch(a, user_id, active=active), 400, "active")
    assert (await _patch(a, user_id, reference_id="anna")).json()["user"]["active"] is False


async def test_an_unknown_user_cannot_be_changed(a: Caller) -> None:
    for user_id in (NOBODY, "nobody", "a%00b", "%2e%2e"):
        refused(await _patch(a, user_id, active=False), 400, "user not found")


async def test_the_providers_are_listed_under_both_generations_names(a: Caller) -> None:
    body = (await a.http.get("/v2/integrations")).json()
    assert set(body) == {"status", "providers", "sdk_resource", "sdk_providers"}
    assert body["status"] == "success"
    assert "SANDBOX" in body["providers"]


async def test_details_of_providers_say_what_they_deliver(
    a: Caller, client: httpx.AsyncClient, db: Database
) -> None:
    for http in (a.http, client):
        body = (await http.get("/v2/integrations/detailed")).json()
        (entry,) = [one for one in body["providers"] if one["provider"] == "SANDBOX"]
        assert set(entry) == {"provider", "name", "icon", "setup", "enabled", "types"}
        assert entry["types"] == {
            "activity": True,
            "body": True,
            "daily": True,
            "menstruation": True,
            "nutrition": True,
            "sleep": True,
        }
        icon = await client.get(entry["icon"])
        assert (icon.status_code, icon.headers["content-type"]) == (200, "image/svg+xml")
    await db.autocommit.execute("DELETE FROM provider_apps")
    assert (await a.http.get("/v2/integrations/detailed")).json()["providers"] == []
    assert (await client.get("/v2/integrations/detailed")).json()["providers"] != []
    assert (await client.get("/v2/integrations/detailed", params={"sdk": "true"})).json()["providers"] == []
