"""What a developer's settings do to connecting: where end users may go, what they may connect, how many may."""

from typing import Any

import httpx
import pytest

from tests.fakes.gateway import Company, Gateway
from tests.web.callers import NOBODY, Caller, Callers, refused
from wearable_gateway.db.session import Database
from wearable_gateway.developers.settings_repository import change_settings

URL_PARAMETERS = ("auth_success_redirect_url", "auth_failure_redirect_url")
ENTRANCES = ("/v2/auth/authenticateUser", "/v2/auth/generateWidgetSession", "/api/widget/session")


async def _choose(db: Database, dev_id: str, **chosen: Any) -> None:
    async with db.transaction() as session:
        await change_settings(session, dev_id, chosen, actor="test:settings")


async def _begin(caller: Caller | Company, path: str = ENTRANCES[0], **body: Any) -> httpx.Response:
    params = {"resource": "SANDBOX"} if path == ENTRANCES[0] else None
    return await caller.http.post(path, params=params, json=body)


@pytest.mark.parametrize("path", ENTRANCES)
@pytest.mark.parametrize("name", URL_PARAMETERS)
async def test_end_users_go_only_where_their_developer_allows(
    a: Caller, b: Caller, db: Database, path: str, name: str
) -> None:
    await _choose(db, a.dev_id, redirect_urls=["https://app.example.com/done", "myapp://"])
    for url in ("https://app.example.com/done?x", "myapp://connected", "", None):
        assert (await _begin(a, path, **{name: url})).status_code == 200
    for url in (
        "https://app.example.com.evil.net/done",
        "https://app.example.com@evil.net/done",
        "https://app.example.com/done/../evil",
        "https://app.example.com/done2",
        "otherapp://connected",
    ):
        refused(await _begin(a, path, **{name: url}), 400, f"invalid {name}: ")
    answer = await _begin(a, path, **{name: "https://evil.net/"})
    refused(answer, 400, "an address under one of https://app.example.com/done, myapp://")
    assert (await _begin(b, path, **{name: "https://evil.net/"})).status_code == 200


async def test_an_empty_list_allows_no_redirect(a: Caller, db: Database) -> None:
    await _choose(db, a.dev_id, redirect_urls=[])
    refused(await _begin(a, auth_success_redirect_url="https://a.example"), 400, "none is allowed")
    assert (await _begin(a)).status_code == 200


async def test_a_disabled_provider_cannot_be_connected_like_one_that_is_not_set_up(
    callers: Callers, a: Caller, b: Caller, db: Database
) -> None:
    begun = (await _begin(a)).json()["auth_url"]
    widget = (await _begin(a, ENTRANCES[1])).json()["url"]
    await _choose(db, a.dev_id, providers=[])
    refused(await _begin(a), 404, "SANDBOX is switched off for this developer")
    assert "SANDBOX" not in (await a.http.get(widget)).text
    token = widget.rpartition("/")[2]
    assert (await a.http.post(f"/connect/{token}/start", data={"provider": "SANDBOX"})).status_code == 404
    assert (await a.http.get(begun)).status_code == 404
    detailed = (await a.http.get("/v2/integrations/detailed")).json()
    assert detailed == {"status": "success", "providers": []}
    assert (await _begin(b)).status_code == 200
    for headers in ({"dev-id": b.dev_id}, {"dev-id": "nobody"}, {"dev-id": ""}):
        found = (await a.http.get("/v2/integrations/detailed", headers=headers)).json()["providers"]
        assert "SANDBOX" in [one["provider"] for one in found]
    await _choose(db, a.dev_id, providers=["SANDBOX"])
    assert (await _begin(a)).status_code == 200
    assert "SANDBOX" in (await a.http.get(widget)).text
    await db.autocommit.execute("DELETE FROM provider_apps")
    # Somebody whose provider was not looked at a moment ago.
    c = await callers.company("Company C")
    refused(await _begin(c), 404, "SANDBOX is not set up on this gateway")
    await c.http.aclose()


@pytest.mark.parametrize("path", ENTRANCES)
async def test_no_flow_begins_beyond_the_user_limit(
    callers: Callers, a: Caller, b: Caller, db: Database, path: str
) -> None:
    await _choose(db, a.dev_id, user_limit=2)
    users = [await callers.connected(a, f"acc-{name}", name) for name in ("ann", "ben")]
    refused(await _begin(a, path, reference_id="new"), 403, "user limit reached: 2 may be connected")
    refused(await _begin(a, path), 403, "user_limit")
    assert (await _begin(b, path)).status_code == 200
    # Ann may sign in again: that replaces her connection.
    assert (await _begin(a, path, reference_id="ann")).status_code == 200
    await a.http.delete("/v2/auth/deauthenticateUser", params={"user_id": users[0]})
    assert (await _begin(a, path, reference_id="new")).status_code == 200


async def test_a_revoked_user_needs_no_room_and_gives_none_back(
    callers: Callers, a: Caller, db: Database
) -> None:
    await _choose(db, a.dev_id, user_limit=1)
    ann = await callers.connected(a, "acc-ann", "ann")
    await db.autocommit.execute("UPDATE connections SET state = 'revoked'")
    assert (await _begin(a, reference_id="new")).status_code == 200
    ben = await callers.connected(a, "acc-ben", "ben")
    refused(await _begin(a, reference_id="ann"), 403)
    refused(await _begin(a, user_id=ann), 403)
    refused(await _begin(a, user_id=NOBODY), 404)
    assert (await _begin(a, user_id=ben)).status_code == 200


async def test_a_testing_environment_holds_fifty(callers: Callers, a: Caller, db: Database) -> None:
    await db.autocommit.execute("UPDATE developers SET environment = 'testing'")
    for number in range(49):
        await callers.connected(a, f"acc-{number}")
    assert (await _begin(a)).status_code == 200
    await callers.connected(a, "acc-49")
    refused(await _begin(a), 403, "50 may be connected in this testing environment")
    await _choose(db, a.dev_id, user_limit=51)
    assert (await _begin(a)).status_code == 200


async def test_two_flows_for_one_place_end_in_one_connection(gateway: Gateway) -> None:
    company = await gateway.company("A")
    await _choose(gateway.db, company.dev_id, user_limit=1)
    bodies = [
        {"reference_id": name, "auth_failure_redirect_url": "https://app.example/failed"}
        for name in ("ann", "ben")
    ]
    first, second = [await company.auth_url(**body) for body in bodies]
    assert (await gateway.end_user().connect(first["auth_url"], "ann")).status_code == 200
    late = await gateway.end_user().connect(second["auth_url"], "ben")
    assert late.status_code == 303
    assert late.headers["location"].startswith("https://app.example/failed?")
    assert "reason=user_limit" in late.headers["location"]
    assert await company.users("ben") == []
    reasons = await gateway.db.autocommit.fetch(
        "SELECT reason FROM flows WHERE dev_id = $1 AND state = 'failed'", company.dev_id
    )
    assert [row["reason"] for row in reasons] == ["user_limit"]


async def test_connecting_again_takes_the_old_place_even_when_all_are_taken(gateway: Gateway) -> None:
    company = await gateway.company("A")
    await _choose(gateway.db, company.dev_id, user_limit=1)
    old = await gateway.connected(company, "ann", "ann")
    new = await gateway.connected(company, "ann", "ann")
    assert new != old
    assert [user["user_id"] for user in await company.users("ann")] == [new]
    # The same reference_id at another account would be one more.
    begun = await company.auth_url(reference_id="ann", auth_failure_redirect_url="https://app.example/no")
    ended = await gateway.end_user().connect(begun["auth_url"], "other")
    assert "reason=user_limit" in ended.headers["location"]
    assert [user["user_id"] for user in await company.users("ann")] == [new]
