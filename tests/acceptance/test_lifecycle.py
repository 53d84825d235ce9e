"""The lifecycle table: who is told what, and what becomes of grants and connections."""

from datetime import timedelta
from typing import Any

from tests.fakes.gateway import Gateway
from tests.fakes.waiting import eventually
from wearable_gateway.connections.revocation import revoke_grant
from wearable_gateway.kit import json
from wearable_gateway.kit.clock import utc_now


async def events(gateway: Gateway, dev_id: str) -> list[dict[str, Any]]:
    """Every event of a developer, in the order they were recorded."""
    rows = await gateway.db.autocommit.fetch("SELECT body FROM events WHERE dev_id = $1 ORDER BY id", dev_id)
    return [json.load(row["body"]) for row in rows]


async def types(gateway: Gateway, dev_id: str) -> list[str]:
    return [event["type"] for event in await events(gateway, dev_id)]


async def grant_states(gateway: Gateway) -> list[str]:
    rows = await gateway.db.autocommit.fetch("SELECT state FROM grants ORDER BY id")
    return [row["state"] for row in rows]


async def until(gateway: Gateway, dev_id: str, kind: str) -> None:
    async def told() -> bool:
        return kind in await types(gateway, dev_id)

    await eventually(told)


async def until_released(gateway: Gateway) -> None:
    async def released() -> bool:
        return await grant_states(gateway) == ["revoked"]

    await eventually(released)


async def notices_settled(gateway: Gateway) -> None:
    async def settled() -> bool:
        waiting = "SELECT 1 FROM notices WHERE state = 'due' AND attempts = 0 LIMIT 1"
        pending = (await gateway.counters())["notices"]["pending"]
        return not pending and not await gateway.db.autocommit.fetchval(waiting)

    await eventually(settled)


async def set_policy(gateway: Gateway, dev_id: str, **settings: str) -> None:
    await gateway.db.autocommit.execute(
        "UPDATE developers SET settings = $2 WHERE dev_id = $1", dev_id, settings
    )


async def test_two_companies_share_one_grant_and_its_tokens(gateway: Gateway) -> None:
    a, b = await gateway.company("A"), await gateway.company("B")
    await gateway.connected(a, "ann", "x")
    await gateway.connected(b, "ann", "y")
    assert await grant_states(gateway) == ["live"]
    assert await types(gateway, a.dev_id) == await types(gateway, b.dev_id) == ["auth"]


async def test_connecting_again_for_the_same_reference_gives_a_new_user_and_keeps_the_records(
    gateway: Gateway,
) -> None:
    a = await gateway.company("A")
    old = await gateway.connected(a, "ann", "x")
    await gateway.control("push", account="ann")
    await until(gateway, a.dev_id, "sleep")
    new = await gateway.connected(a, "ann", "x")
    assert [user["user_id"] for user in await a.users("x")] == [new]
    told = await events(gateway, a.dev_id)
    assert [event["type"] for event in told][-2:] == ["auth", "user_reauth"]
    assert (told[-1]["old_user"]["user_id"], told[-1]["new_user"]["user_id"]) == (old, new)
    kept = await gateway.db.autocommit.fetch("SELECT DISTINCT user_id::text AS user_id FROM records")
    assert [row["user_id"] for row in kept] == [new]
    assert (await gateway.counters())["calls"].get("revoke", 0) == 0


async def test_connecting_again_without_a_reference_replaces_the_one_without(gateway: Gateway) -> None:
    a = await gateway.company("A")
    await gateway.connected(a, "ann")
    new = await gateway.connected(a, "ann")
    answer = (await a.http.get("/v2/subscriptions")).json()
    assert [user["user_id"] for user in answer["users"]] == [new]


async def test_another_reference_for_the_same_account_keeps_both_by_default(gateway: Gateway) -> None:
    a = await gateway.company("A")
    first, second = await gateway.connected(a, "ann", "x"), await gateway.connected(a, "ann", "y")
    assert [user["user_id"] for user in await a.users("x")] == [first]
    assert [user["user_id"] for user in await a.users("y")] == [second]
    assert await types(gateway, a.dev_id) == ["auth", "auth"]


async def test_a_developer_may_have_another_reference_replace_the_first(gateway: Gateway) -> None:
    a = await gateway.company("A")
    await set_policy(gateway, a.dev_id, duplicate_policy="replace")
    await gateway.connected(a, "ann", "x")
    second = await gateway.connected(a, "ann", "y")
    assert await a.users("x") == []
    assert [user["user_id"] for user in await a.users("y")] == [second]
    assert await types(gateway, a.dev_id) == ["auth", "auth", "user_reauth"]


async def test_a_developer_may_refuse_another_reference_and_the_first_goes_on_working(
    gateway: Gateway,
) -> None:
    await gateway.control("switch", second_consent_kills_earlier=True)
    a = await gateway.company("A")
    await set_policy(gateway, a.dev_id, duplicate_policy="reject")
    first = await gateway.connected(a, "ann", "x")
    begun = await a.auth_url(reference_id="y", auth_failure_redirect_url="https://app.example/no?from=wg")
    answer = await gateway.end_user().connect(begun["auth_url"], "ann")
    assert answer.headers["location"].startswith("https://app.example/no?from=wg&")
    assert "reason=duplicate_account" in answer.headers["location"]
    told = await events(gateway, a.dev_id)
    assert told[-1]["type"] == "auth_cancelled"
    assert told[-1]["reason"] == "duplicate_account"
    assert await a.users("y") == []
    # The refused consent killed the vendor's earlier tokens; the newer ones took their place.
    data = await a.http.get(
        "/v2/daily",
        params={
            "user_id": first,
            "start_date": "2026-11-01",
            "end_date": "2026-11-02",
            "to_webhook": "false",
        },
    )
    assert data.status_code == 200
    assert len(data.json()["data"]) == 2


async def test_failed_connects_are_told_in_the_classic_form_to_who_wants_it(gateway: Gateway) -> None:
    a = await gateway.company("A")
    await set_policy(gateway, a.dev_id, failed_auth="classic")
    begun = await a.auth_url(reference_id="x")
    await gateway.end_user().connect(begun["auth_url"], "ann", allow=False)
    [event] = await events(gateway, a.dev_id)
    assert (event["type"], event["status"], event["reason"]) == ("auth", "error", "access_denied")
    assert event["user"]["user_id"] == begun["user_id"]
    assert event["user"]["active"] is False


async def test_the_provider_is_told_when_the_last_connection_goes_and_not_before(gateway: Gateway) -> None:
    a, b = await gateway.company("A"), await gateway.company("B")
    at_a, at_b = await gateway.connected(a, "ann"), await gateway.connected(b, "ann")
    await a.deauthenticate(at_a)
    assert await grant_states(gateway) == ["live"]
    await b.deauthenticate(at_b)
    await until_released(gateway)
    assert (await gateway.counters())["calls"]["revoke"] == 1
    assert await gateway.db.autocommit.fetchval("SELECT tokens FROM grants") is None


async def test_the_echo_of_our_own_revocation_says_nothing_to_anybody(gateway: Gateway) -> None:
    a = await gateway.company("A")
    await a.deauthenticate(await gateway.connected(a, "ann"))
    await until_released(gateway)
    await notices_settled(gateway)
    assert await types(gateway, a.dev_id) == ["auth", "deauth"]


async def test_a_late_echo_does_not_end_a_connection_made_since(gateway: Gateway) -> None:
    a, b = await gateway.company("A"), await gateway.company("B")
    await a.deauthenticate(await gateway.connected(a, "ann"))
    await until_released(gateway)
    await notices_settled(gateway)
    await gateway.connected(b, "ann", "y")
    # The echo is not forgotten at once: it is looked at again now that the account is linked once more.
    await gateway.db.autocommit.execute("UPDATE notices SET due_at = received_at WHERE state = 'due'")

    async def looked_at() -> bool:
        outcome = await gateway.db.autocommit.fetchval("SELECT outcome FROM notices WHERE kind = 'revoked'")
        return bool(outcome == "not_confirmed")

    await eventually(looked_at)
    assert await types(gateway, b.dev_id) == ["auth"]
    assert [user["active"] for user in await b.users("y")] == [True]


async def test_deauthenticating_erases_the_records(gateway: Gateway) -> None:
    a = await gateway.company("A")
    user_id = await gateway.connected(a, "ann")
    await gateway.control("push", account="ann")
    await until(gateway, a.dev_id, "daily")
    await a.deauthenticate(user_id)
    assert await gateway.db.autocommit.fetchval("SELECT count(*) FROM records") == 0
    assert (await a.deauthenticate(user_id)).status_code == 404


async def test_connecting_after_a_revocation_is_a_new_connection_with_auth_alone(gateway: Gateway) -> None:
    a = await gateway.company("A")
    old = await gateway.connected(a, "ann", "x")
    await gateway.control("revoke", account="ann")
    await until(gateway, a.dev_id, "access_revoked")
    new = await gateway.connected(a, "ann", "x")
    assert await types(gateway, a.dev_id) == ["auth", "access_revoked", "auth"]
    assert {user["user_id"]: user["active"] for user in await a.users("x")} == {old: False, new: True}


async def test_a_paused_connection_hears_of_the_revocation_too_and_cannot_be_woken_again(
    gateway: Gateway,
) -> None:
    a = await gateway.company("A")
    user_id = await gateway.connected(a, "ann")
    assert (await a.http.patch(f"/v2/users/{user_id}", json={"active": False})).json()["user"][
        "active"
    ] is False
    await gateway.control("revoke", account="ann")
    await until(gateway, a.dev_id, "access_revoked")
    assert (await a.http.patch(f"/v2/users/{user_id}", json={"active": True})).status_code == 400


async def test_a_refresh_answered_invalid_grant_is_a_revocation(gateway: Gateway) -> None:
    a, b = await gateway.company("A"), await gateway.company("B")
    at_a = await gateway.connected(a, "ann")
    await gateway.connected(b, "ann")
    await gateway.control("fail", endpoint="data", status=401, times=1, error="invalid_token")
    await gateway.control("fail", endpoint="token", status=400, times=1, error="invalid_grant")
    params = {"user_id": at_a, "start_date": "2026-11-01", "end_date": "2026-11-01", "to_webhook": "false"}
    answer = await a.http.get("/v2/daily", params=params)
    assert answer.status_code == 403
    assert "authorisation has expired" in answer.json()["message"]
    assert await types(gateway, a.dev_id) == await types(gateway, b.dev_id) == ["auth", "access_revoked"]
    assert await grant_states(gateway) == ["revoked"]


async def test_a_signed_revocation_well_after_the_consent_is_believed_without_asking(
    gateway: Gateway,
) -> None:
    a, b = await gateway.company("A"), await gateway.company("B")
    await gateway.connected(a, "ann", "x")
    await gateway.connected(b, "ann", "y")
    await gateway.db.autocommit.execute("UPDATE grants SET consented_at = $1", utc_now() - timedelta(hours=1))
    before = (await gateway.counters())["calls"]
    await gateway.control("revoke", account="ann")
    await until(gateway, a.dev_id, "access_revoked")
    await until(gateway, b.dev_id, "access_revoked")
    assert (await gateway.counters())["calls"] == before
    assert await grant_states(gateway) == ["revoked"]


async def test_a_verdict_on_tokens_that_were_replaced_since_ends_nothing(gateway: Gateway) -> None:
    a = await gateway.company("A")
    await gateway.connected(a, "ann", "x")
    row = await gateway.db.autocommit.fetchrow("SELECT id, token_version FROM grants")
    assert row is not None
    async with gateway.db.transaction() as session:
        dead = await revoke_grant(session, row["id"], now=utc_now(), token_version=row["token_version"] - 1)
    assert dead is False
    assert await types(gateway, a.dev_id) == ["auth"]
    assert [user["active"] for user in await a.users("x")] == [True]


async def test_a_vendor_that_refuses_is_told_once_a_day_and_the_connection_lives(gateway: Gateway) -> None:
    a = await gateway.company("A")
    user_id = await gateway.connected(a, "ann", "x")
    await gateway.control("fail", endpoint="data", status=403, times=3)
    params = {"user_id": user_id, "start_date": "2026-11-01", "end_date": "2026-11-01", "to_webhook": "false"}
    for _ in range(3):
        assert (await a.http.get("/v2/daily", params=params)).status_code == 502
    assert await types(gateway, a.dev_id) == ["auth", "connection_error"]
    assert [user["active"] for user in await a.users("x")] == [True]


async def test_scopes_taken_back_at_the_vendor_are_a_permission_change_for_whom_they_concern(
    gateway: Gateway,
) -> None:
    a, b = await gateway.company("A"), await gateway.company("B")
    await gateway.connected(a, "ann", "x")
    await gateway.connected(b, "ann", "y", scopes=["daily"])
    # B's consent narrowed what the vendor grants, so A lost two of the three it had.
    [change] = [event for event in await events(gateway, a.dev_id) if event["type"] == "permission_change"]
    assert (change["scopes_added"], change["scopes_removed"]) == ("", "activity,sleep")
    assert await types(gateway, b.dev_id) == ["auth"]
    await gateway.control("push", account="ann")
    await until(gateway, b.dev_id, "daily")
    assert "sleep" not in await types(gateway, b.dev_id)
    assert [user["scopes"] for user in await a.users("x")] == ["daily"]


async def test_a_company_gets_no_data_that_its_own_end_user_did_not_agree_to(gateway: Gateway) -> None:
    a, b = await gateway.company("A"), await gateway.company("B")
    at_b = await gateway.connected(b, "ann", scopes=["daily"])
    await gateway.connected(a, "ann")
    await gateway.control("push", account="ann")
    await until(gateway, a.dev_id, "sleep")
    await until(gateway, b.dev_id, "daily")
    assert set(await types(gateway, b.dev_id)) == {"auth", "daily"}
    params = {"user_id": at_b, "start_date": "2026-11-01", "to_webhook": "false"}
    assert (await b.http.get("/v2/sleep", params=params)).status_code == 403


async def test_a_reconnect_that_comes_back_with_another_account_is_refused(gateway: Gateway) -> None:
    a = await gateway.company("A")
    user_id = await gateway.connected(a, "ann", "x")
    begun = await a.auth_url(reference_id="x", user_id=user_id, auth_failure_redirect_url="myapp://failed")
    answer = await gateway.end_user().connect(begun["auth_url"], "bob")
    assert answer.headers["location"].startswith("myapp://failed?user_id=")
    assert "reason=wrong_account" in answer.headers["location"]
    assert [user["user_id"] for user in await a.users("x")] == [user_id]


async def test_one_notice_makes_one_fetch_however_many_are_linked(gateway: Gateway) -> None:
    companies = [await gateway.company(f"C{number}") for number in range(4)]
    for company in companies:
        await gateway.connected(company, "ann")
    before = (await gateway.counters())["calls"]
    await gateway.control("push", account="ann")
    for company in companies:
        await until(gateway, company.dev_id, "daily")
    after = (await gateway.counters())["calls"]
    assert [after.get(kind, 0) - before.get(kind, 0) for kind in ("days", "workouts", "sleeps")] == [1, 1, 1]


async def test_a_record_that_did_not_change_makes_no_event(gateway: Gateway) -> None:
    a = await gateway.company("A")
    await gateway.connected(a, "ann")
    await gateway.control("push", account="ann", date="2026-11-02")
    await until(gateway, a.dev_id, "daily")
    await notices_settled(gateway)
    before = (await types(gateway, a.dev_id)).count("daily")
    notice = await gateway.db.autocommit.fetchrow("SELECT id FROM notices WHERE kind = 'data_changed'")
    assert notice is not None
    await gateway.db.autocommit.execute(
        "UPDATE notices SET state = 'due', due_at = received_at, outcome = NULL WHERE id = $1", notice["id"]
    )

    async def again() -> bool:
        return bool(
            await gateway.db.autocommit.fetchval("SELECT outcome FROM notices WHERE id = $1", notice["id"])
        )

    await eventually(again)
    assert (await types(gateway, a.dev_id)).count("daily") == before
