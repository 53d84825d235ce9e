"""A developer's API keys, made and ended by an operator's program."""

import httpx

from tests.web.callers import NOBODY, Caller, Callers, refused
from wearable_gateway.developers import audit_log
from wearable_gateway.developers.admin_tokens import AdminToken, issue_admin_token
from wearable_gateway.developers.audit_log import Wanted


async def test_a_key_is_made_listed_and_ended(
    admin: httpx.AsyncClient, callers: Callers, a: Caller, b: Caller, issued: tuple[AdminToken, str]
) -> None:
    path = f"/admin/v1/developers/{a.dev_id}/keys"
    made = await admin.post(path, json={"name": "backend"})
    assert made.status_code == 201, made.text
    key, text = made.json()["key"], made.json()["api_key"]
    assert (key["name"], key["hint"], key["last_used_at"], key["revoked_at"]) == (
        "backend", text[-4:], None, None,
    )  # fmt: skip
    async with callers.http(**{"dev-id": a.dev_id, "x-api-key": text}) as http:
        assert (await http.get("/v2/subscriptions")).status_code == 200
        listed = (await admin.get(path)).json()["keys"]
        assert [one["key_id"] for one in listed][-1] == key["key_id"]
        assert listed[-1]["last_used_at"] is not None
        assert text not in str(listed)
        tried = await admin.delete(f"{path}/{key['key_id']}", params={"dry_run": "true"})
        assert (tried.status_code, tried.headers["dry-run"]) == (204, "true")
        assert (await http.get("/v2/subscriptions")).status_code == 200
        for _ in range(2):
            assert (await admin.delete(f"{path}/{key['key_id']}")).status_code == 204
        refused(await http.get("/v2/subscriptions"), 401)
    assert (await admin.post(path, json={})).json()["key"]["name"] == "default"
    theirs = f"/admin/v1/developers/{b.dev_id}/keys"
    for odd in (f"{theirs}/{key['key_id']}", f"{path}/{NOBODY}", f"{path}/x", f"{path}/x?dry_run=true"):
        refused(await admin.delete(odd), 404, "API key not found")
    refused(await admin.get("/admin/v1/developers/nobody/keys"), 404, "developer not found")
    refused(await admin.post("/admin/v1/developers/nobody/keys", json={}), 404, "developer not found")
    refused(await admin.post(path, json={"name": "a\nb"}), 400, "invalid name")
    entries = await audit_log.page(callers.db.autocommit, a.dev_id, Wanted(), limit=10)
    assert [(entry.action, entry.actor) for entry in entries] == [
        (action, issued[0].actor) for action in ("key.created", "key.revoked", "key.created")
    ]
    assert text not in str(entries)


async def test_a_token_of_one_developer_raises_no_limit_and_says_not_where_a_vendor_is(
    callers: Callers, a: Caller
) -> None:
    _, text = await issue_admin_token(
        callers.db.autocommit, callers.hasher, "its own", ("*",), a.dev_id, actor="operator:tests"
    )
    path = f"/admin/v1/developers/{a.dev_id}"
    app = {"client_id": "abc", "client_secret": "secret"}
    async with callers.http(authorization=f"Bearer {text}") as http:
        refused(await http.patch(f"{path}/settings", json={"set": {"user_limit": 5}}), 403, "run the gateway")
        refused(
            await http.put(f"{path}/provider-apps/oura", json=app | {"hosts": {"api": "http://10.0.0.1"}}),
            403, "run the gateway",
        )  # fmt: skip
        assert (await http.patch(f"{path}/settings", json={"set": {"history_days": 5}})).status_code == 200
        assert (await http.put(f"{path}/provider-apps/oura", json=app)).status_code == 200
        refused(await http.get("/admin/v1/audit"), 404)


async def test_the_audit_log_is_read_a_page_at_a_time_and_narrowed(
    admin: httpx.AsyncClient, a: Caller, b: Caller, issued: tuple[AdminToken, str]
) -> None:
    path = f"/admin/v1/developers/{a.dev_id}"
    for days in (1, 2, 3):
        await admin.patch(f"{path}/settings", json={"set": {"history_days": days}})
    await admin.post(f"{path}/keys", json={})
    await admin.post(f"/admin/v1/developers/{b.dev_id}/keys", json={})
    seen: list[dict[str, object]] = []
    after = None
    while True:
        params = {"limit": 2} | ({"after": after} if after else {})
        page = (await admin.get(f"{path}/audit", params=params)).json()
        seen += page["entries"]
        if (after := page["next"]) is None:
            break
    assert [entry["action"] for entry in seen] == ["key.created", *["settings.changed"] * 3]
    assert (seen[1]["before"], seen[1]["after"]) == ({"history_days": 2}, {"history_days": 3})
    assert {entry["actor"] for entry in seen} == {issued[0].actor}
    for params, count in (
        ({"action": "settings.changed"}, 3),
        ({"subject": f"developer:{a.dev_id}"}, 3),
        ({"actor": "operator:nobody"}, 0),
        ({"since": "2100-01-01"}, 0),
        ({"since": "0001-01-01"}, 4),
        ({"until": "0001-01-01"}, 0),
        ({"until": "2100-01-01", "actor": issued[0].actor}, 4),
    ):
        found = (await admin.get(f"{path}/audit", params=params)).json()
        assert len(found["entries"]) == count, params
    own = (await admin.get("/admin/v1/audit")).json()["entries"]
    assert [entry["action"] for entry in own] == ["admin_token.created"]
    refused(await admin.get("/admin/v1/developers/nobody/audit"), 404, "developer not found")
    for odd in ({"after": "x"}, {"since": "x"}, {"actor": "a\x00b"}, {"limit": 0}):
        refused(await admin.get(f"{path}/audit", params=odd), 400, f"invalid {next(iter(odd))}")
