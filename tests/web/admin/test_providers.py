"""What a developer's end users can connect, listed and switched one by one."""

from typing import Any

import httpx

from tests.web.callers import Caller, Callers, refused
from tests.web.connect_pages import Stage
from wearable_gateway.developers import audit
from wearable_gateway.providers import PROVIDERS

PATH = "/admin/v1/developers/company-a/providers"


async def _listed(admin: httpx.AsyncClient) -> dict[str, dict[str, Any]]:
    answer = await admin.get(PATH)
    assert answer.status_code == 200, answer.text
    return {one["provider"]: one for one in answer.json()["providers"]}


async def test_every_provider_says_why_it_can_be_connected_or_not(
    a: Caller, admin: httpx.AsyncClient, callers: Callers
) -> None:
    await Stage(callers, a).provider("POLAR")
    found = await _listed(admin)
    assert set(found) == set(PROVIDERS)
    assert found["POLAR"] == {
        "provider": "POLAR",
        "name": "Polar",
        "enabled": True,
        "connectable": True,
        "standing": "own_app",
    }
    assert (found["SANDBOX"]["standing"], found["SANDBOX"]["connectable"]) == ("shared_app", True)
    assert (found["OURA"]["standing"], found["OURA"]["connectable"]) == ("not_set_up", False)
    assert (found["STRAVA"]["standing"], found["STRAVA"]["connectable"]) == ("needs_own_app", False)


async def test_one_provider_is_switched_and_the_others_stay(
    a: Caller, b: Caller, admin: httpx.AsyncClient, callers: Callers
) -> None:
    before = await _listed(admin)
    off = await admin.patch(f"{PATH}/sandbox", json={"enabled": False})
    assert off.json() == {
        "provider": "SANDBOX",
        "name": "Sandbox Wearables",
        "enabled": False,
        "connectable": False,
        "standing": "switched_off",
    }
    after = await _listed(admin)
    assert {slug for slug in PROVIDERS if before[slug] != after[slug]} == {"SANDBOX"}
    refused(
        await a.http.post("/v2/auth/authenticateUser", params={"resource": "SANDBOX"}, json={}),
        404,
        "SANDBOX is switched off for this developer",
    )
    assert (
        await b.http.post("/v2/auth/authenticateUser", params={"resource": "SANDBOX"}, json={})
    ).status_code == 200
    again = await admin.patch(f"{PATH}/sandbox", json={"enabled": False})
    assert again.json() == off.json()
    assert (await admin.patch(f"{PATH}/SANDBOX", json={"enabled": True})).json()["connectable"]
    assert await _listed(admin) == before
    written = await audit.history(callers.db.autocommit, a.dev_id, f"developer:{a.dev_id}")
    assert [entry.action for entry in written] == ["settings.changed"] * 2


async def test_what_cannot_be_switched_is_refused(a: Caller, admin: httpx.AsyncClient) -> None:
    del a
    refused(await admin.patch(f"{PATH}/coffee", json={"enabled": False}), 404, "resource not found")
    refused(await admin.patch(f"{PATH}/sandbox", json={"enabled": "no"}), 400, "invalid enabled")
    refused(await admin.patch(f"{PATH}/sandbox", json={}), 400, "invalid enabled: it is required")
    elsewhere = "/admin/v1/developers/nobody/providers"
    refused(await admin.get(elsewhere), 404, "developer not found")
    refused(await admin.patch(f"{elsewhere}/sandbox", json={"enabled": True}), 404, "developer not found")
