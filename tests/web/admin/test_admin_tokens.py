"""Who administers: the holder of a live admin token, and nobody else."""

import httpx
import pytest

from tests.web.callers import Caller, Callers, refused
from wearable_gateway.developers.admin_tokens import AdminToken, list_admin_tokens, revoke_admin_token

CALLS = [
    ("GET", "/admin/v1/developers"),
    ("POST", "/admin/v1/developers"),
    ("GET", "/admin/v1/developers/company-a"),
    ("GET", "/admin/v1/developers/nobody"),
    ("GET", "/admin/v1/overview"),
    ("GET", "/admin/v1/developers/company-a/overview"),
    ("GET", "/admin/v1/developers/company-a/settings"),
    ("PATCH", "/admin/v1/developers/company-a/settings"),
    ("GET", "/admin/v1/developers/company-a/destinations"),
    ("POST", "/admin/v1/developers/company-a/destinations"),
    ("POST", "/admin/v1/developers/nobody/destinations/x/pause"),
    ("GET", "/admin/v1/developers/company-a/keys"),
    ("POST", "/admin/v1/developers/company-a/keys"),
    ("DELETE", "/admin/v1/developers/company-a/keys/x"),
    ("GET", "/admin/v1/developers/company-a/audit"),
    ("GET", "/admin/v1/audit"),
]


@pytest.mark.parametrize(("method", "path"), CALLS)
async def test_nobody_administers_without_a_token(
    a: Caller, callers: Callers, method: str, path: str
) -> None:
    async with callers.http() as http:
        for authorization in ("", "Bearer", "Bearer ", "Basic eDp5", "Bearer wga_", f"Bearer {a.api_key}"):
            answer = await http.request(method, path, headers={"authorization": authorization}, json={})
            refused(answer, 401, "live admin token")
    refused(await a.http.request(method, path, json={}), 401)


@pytest.mark.parametrize("token", ["wga_" + "x" * 43, "wga_" + "x" * 5000, "wga_'--", "WGA_x", "*"])
async def test_a_made_up_token_is_refused(callers: Callers, issued: object, token: str) -> None:
    del issued
    async with callers.http(authorization=f"Bearer {token}") as http:
        refused(await http.get("/admin/v1/developers"), 401)


async def test_a_revoked_token_is_refused_at_once(
    admin: httpx.AsyncClient, callers: Callers, issued: tuple[AdminToken, str]
) -> None:
    assert (await admin.get("/admin/v1/developers")).status_code == 200
    for _ in range(2):
        await revoke_admin_token(callers.db.autocommit, issued[0].id, actor="operator:tests")
        refused(await admin.get("/admin/v1/developers"), 401)
    (listed,) = await list_admin_tokens(callers.db.autocommit)
    assert listed.revoked_at is not None


async def test_an_admin_token_is_no_api_key_and_kept_as_a_hash_alone(
    a: Caller, callers: Callers, issued: tuple[AdminToken, str]
) -> None:
    text = issued[1]
    assert text.startswith("wga_")
    async with callers.http(**{"dev-id": a.dev_id, "x-api-key": text}) as http:
        refused(await http.get("/v2/subscriptions"), 401)
    row = await callers.db.autocommit.fetchrow("SELECT * FROM admin_tokens")
    assert row is not None
    assert text not in str(dict(row))
    assert row["token_hmac"] != callers.hasher.hash(text)
