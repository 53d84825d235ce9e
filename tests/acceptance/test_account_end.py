"""Whoever runs the gateway ends a wearable account: everybody hears of it once, and the vendor really is told."""

import asyncio
from uuid import UUID

import httpx

from tests.acceptance.test_lifecycle import grant_states, notices_settled, types, until_released
from tests.fakes.gateway import Company, Gateway
from wearable_gateway.connections.account_end import end_account
from wearable_gateway.connections.revocation import revoke_grant
from wearable_gateway.developers.admin_tokens import issue_admin_token
from wearable_gateway.kit.clock import utc_now


async def grant_of(gateway: Gateway) -> UUID:
    found: UUID = await gateway.db.autocommit.fetchval("SELECT id FROM grants")
    return found


async def end(gateway: Gateway, grant_id: UUID) -> int:
    async with gateway.db.transaction() as session:
        return (await end_account(session, grant_id, actor="tests", now=utc_now())).events


async def shared(gateway: Gateway) -> tuple[Company, Company]:
    """Two companies at one account, the first with two users, one of whom is paused."""
    a, b = await gateway.company("A"), await gateway.company("B")
    await gateway.connected(a, "ann", "x")
    paused = await gateway.connected(a, "ann", "y")
    await a.http.patch(f"/v2/users/{paused}", json={"active": False})
    await gateway.connected(b, "ann", "z")
    return a, b


async def test_everybody_hears_once_and_the_vendor_is_told(gateway: Gateway) -> None:
    a, b = await shared(gateway)
    async with gateway.db.transaction() as session:
        _, token = await issue_admin_token(session, gateway.hasher, "tests", actor="tests")
    async with httpx.AsyncClient(base_url=gateway.url, trust_env=False, timeout=30) as http:
        headers = {"authorization": f"Bearer {token}"}
        answer = await http.post(f"/admin/v1/accounts/{await grant_of(gateway)}/revoke", headers=headers)
        assert answer.json()["events"] == 3, answer.text
    await until_released(gateway)
    assert (await gateway.counters())["calls"]["revoke"] == 1
    assert await gateway.db.autocommit.fetchval("SELECT tokens FROM grants") is None
    # The vendor's echo, as after any revocation, finds nobody left to tell.
    await notices_settled(gateway)
    assert (await types(gateway, a.dev_id)).count("access_revoked") == 2
    assert (await types(gateway, b.dev_id)).count("access_revoked") == 1
    [user] = await b.users("z")
    asked = {"user_id": user["user_id"], "start_date": "2026-11-18"}
    assert (await b.http.get("/v2/daily", params=asked)).status_code == 403
    assert user["active"] is False


async def test_an_end_that_meets_the_vendors_word_or_another_end_is_told_once(gateway: Gateway) -> None:
    a, b = await shared(gateway)
    grant_id = await grant_of(gateway)

    async def vendors_word() -> None:
        async with gateway.db.transaction() as session:
            await revoke_grant(session, grant_id, now=utc_now())

    await asyncio.gather(end(gateway, grant_id), vendors_word(), end(gateway, grant_id), vendors_word())
    await until_released(gateway)
    assert (await types(gateway, a.dev_id)).count("access_revoked") == 2
    assert (await types(gateway, b.dev_id)).count("access_revoked") == 1
    assert await end(gateway, grant_id) == 0


async def test_a_consent_that_was_under_way_makes_a_new_user_and_keeps_the_vendor_uncalled(
    gateway: Gateway,
) -> None:
    a = await gateway.company("A")
    old = await gateway.connected(a, "ann", "x")
    begun = await a.auth_url(reference_id="x")
    person = gateway.end_user()
    consent = await person.go_to_consent(begun["auth_url"])
    assert await end(gateway, await grant_of(gateway)) == 1
    callback = await person.answer(consent, "ann")
    assert (await person.browser.get(callback)).status_code == 200
    assert await grant_states(gateway) == ["live"]
    assert await types(gateway, a.dev_id) == ["auth", "access_revoked", "auth"]
    assert {user["user_id"]: user["active"] for user in await a.users("x")} == {
        old: False,
        begun["user_id"]: True,
    }
    assert (await gateway.counters())["calls"]["revoke"] == 0
