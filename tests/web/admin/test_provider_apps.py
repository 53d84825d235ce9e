"""Provider apps, the operator's shared ones and each developer's own."""

from typing import Any

import httpx
import pytest

from tests.web.callers import Caller, Callers, refused
from wearable_gateway.developers import audit
from wearable_gateway.developers.admin_tokens import AdminToken
from wearable_gateway.developers.provider_apps import ProviderApps

SHARED = "/admin/v1/provider-apps"
NEW = {"client_id": "abc", "client_secret": "kept-to-itself"}


def own(caller: Caller) -> str:
    return f"/admin/v1/developers/{caller.dev_id}/provider-apps"


async def test_an_app_is_entered_shown_and_taken_away_and_never_tells_its_secret(
    admin: httpx.AsyncClient, callers: Callers, issued: tuple[AdminToken, str]
) -> None:
    made = await admin.put(f"{SHARED}/oura", json=NEW)
    assert made.status_code == 200, made.text
    assert (made.json()["provider"], made.json()["client_id"]) == ("OURA", "abc")
    assert made.json()["callback_url"] == "http://gateway.test/connect/callback"
    assert made.json()["notice_url"].startswith("http://gateway.test/notices/oura/")
    assert made.json()["hosts"]["token"] == "https://api.ouraring.com"
    assert (await admin.get(f"{SHARED}/OURA")).json() == made.json()
    assert made.json() in (await admin.get(SHARED)).json()["provider_apps"]
    assert "kept-to-itself" not in made.text
    (entry,) = await audit.history(callers.db.autocommit, audit.GATEWAY, "provider_app:OURA")
    assert (entry.actor, entry.action) == (f"admin-token:{issued[0].id}", "provider_app.entered")
    assert "kept-to-itself" not in str(entry)
    assert (await admin.delete(f"{SHARED}/oura")).status_code == 204
    refused(await admin.get(f"{SHARED}/oura"), 404)


async def test_what_is_not_given_stays_as_it_was(admin: httpx.AsyncClient, callers: Callers) -> None:
    await admin.put(
        f"{SHARED}/oura", json=NEW | {"hosts": {"api": "https://api.example/"}, "extra": {"scopes": "daily"}}
    )
    changed = await admin.put(f"{SHARED}/oura", json={"client_secret": "another"})
    assert changed.json()["client_id"] == "abc"
    assert changed.json()["hosts"]["api"] == "https://api.example"
    app = await ProviderApps(callers.db.autocommit, callers.keyring).find_own("OURA", None)
    assert (app.client_secret, app.extra) == ("another", {"scopes": "daily"})
    await admin.put(f"{SHARED}/oura", json={"hosts": {"api": ""}, "extra": {"scopes": ""}})
    app = await ProviderApps(callers.db.autocommit, callers.keyring).find_own("OURA", None)
    assert (app.hosts, app.extra) == ({}, {})


async def test_a_developers_own_app_comes_before_the_shared_one_and_is_nobody_elses(
    admin: httpx.AsyncClient, callers: Callers, a: Caller, b: Caller
) -> None:
    await admin.put(f"{SHARED}/oura", json=NEW)
    await admin.put(f"{own(a)}/oura", json={"client_id": "own", "client_secret": "secret"})
    apps = ProviderApps(callers.db.autocommit, callers.keyring)
    assert (await apps.for_developer("OURA", a.dev_id)).client_id == "own"
    assert (await apps.for_developer("OURA", b.dev_id)).client_id == "abc"
    assert (await admin.get(own(b))).json() == {"provider_apps": []}
    refused(await admin.get(f"{own(b)}/oura"), 404)


async def test_what_a_developers_end_users_can_connect_is_told_truly(
    admin: httpx.AsyncClient, callers: Callers, a: Caller, b: Caller
) -> None:
    await admin.put(f"{own(a)}/strava", json=NEW)
    await admin.put(f"{SHARED}/oura", json=NEW)

    async def setups(dev_id: str) -> dict[str, str]:
        async with callers.http(**{"dev-id": dev_id}) as http:
            found = (await http.get("/v2/integrations/detailed")).json()["providers"]
        return {one["provider"]: one["setup"] for one in found if one["provider"] != "SANDBOX"}

    assert await setups(a.dev_id) == {"STRAVA": "API_KEYS_OWN", "OURA": "API_KEYS_MANAGED"}
    assert await setups(b.dev_id) == {"OURA": "API_KEYS_MANAGED"}
    await admin.put(f"{own(a)}/oura", json=NEW)
    assert (await setups(a.dev_id))["OURA"] == "API_KEYS_OWN"


async def test_a_vendor_whose_apps_are_not_shared_takes_none_of_the_operators(
    admin: httpx.AsyncClient,
) -> None:
    refused(await admin.put(f"{SHARED}/strava", json=NEW), 403, "enter one for each developer")


@pytest.mark.parametrize(
    ("provider", "body", "says"),
    [
        ("oura", {}, "invalid client_id"),
        ("oura", {"client_id": "abc"}, "invalid client_secret"),
        ("oura", NEW | {"client_id": "a\tb"}, "invalid client_id"),
        (
            "oura",
            NEW | {"hosts": {"moon": "https://a.example"}},
            "invalid hosts: names among api, authorize, token",
        ),
        ("oura", NEW | {"hosts": {"api": "ftp://a.example"}}, "invalid hosts.api"),
        ("oura", NEW | {"hosts": {"api": "https://user:pass@a.example"}}, "invalid hosts.api"),
        ("oura", NEW | {"hosts": {"api": "https://a.example/?q=1"}}, "invalid hosts.api"),
        ("oura", NEW | {"extra": {"moon": "x"}}, "invalid extra: names among"),
        ("suunto", NEW, "invalid extra."),
        ("oura", NEW | {"colour": "blue"}, "colour"),
    ],
)
async def test_what_cannot_be_entered_is_refused_by_name(
    admin: httpx.AsyncClient, provider: str, body: dict[str, Any], says: str
) -> None:
    refused(await admin.put(f"{SHARED}/{provider}", json=body), 400, says)
    refused(await admin.get(f"{SHARED}/{provider}"), 404)


async def test_a_provider_there_is_not_and_a_developer_there_is_not_are_not_found(
    admin: httpx.AsyncClient,
) -> None:
    refused(await admin.put(f"{SHARED}/moon", json=NEW), 404)
    refused(await admin.put("/admin/v1/developers/nobody/provider-apps/oura", json=NEW), 404)


async def test_another_secret_makes_another_address_of_what_is_not_signed(admin: httpx.AsyncClient) -> None:
    before = (await admin.put(f"{SHARED}/garmin", json=NEW)).json()["notice_url"]
    after = (await admin.post(f"{SHARED}/garmin/renew-notice-secret")).json()["notice_url"]
    assert before.partition(".test")[2].partition(".")[0] == after.partition(".test")[2].partition(".")[0]
    assert before != after


async def test_an_app_that_accounts_are_connected_through_stays(
    admin: httpx.AsyncClient, callers: Callers
) -> None:
    await admin.put(f"{SHARED}/oura", json=NEW)
    app = await ProviderApps(callers.db.autocommit, callers.keyring).find_own("OURA", None)
    await callers.db.autocommit.execute(
        "INSERT INTO grants (id, provider, provider_app_id, provider_account_id, state, scopes, token_version,"
        " consented_at, created_at) VALUES ($1, 'OURA', $1, 'ann', 'live', '{}', 0, $2, $2)",
        app.id,
        app.upkeep_due_at,
    )
    refused(await admin.delete(f"{SHARED}/oura"), 403, "1 wearable accounts")
    refused(await admin.put(f"{SHARED}/oura", json={"client_id": "other"}), 403, "another client id")
    assert (await admin.put(f"{SHARED}/oura", json={"client_secret": "rotated"})).status_code == 200
