"""Two companies link the same person's wearable account, over real HTTP."""

from tests.fakes.gateway import Gateway
from tests.fakes.receiver import receiving
from tests.fakes.waiting import eventually


async def test_each_company_gets_its_own_user_and_one_leaving_leaves_the_other(gateway: Gateway) -> None:
    a, b = await gateway.company("Company A"), await gateway.company("Company B")
    async with receiving() as at_a, receiving() as at_b:
        await gateway.destination(a, at_a.url)
        await gateway.destination(b, at_b.url)
        user_a = await gateway.connected(a, "ann", "a-ann")
        await at_a.wait_for("auth")
        user_b = await gateway.connected(b, "ann", "b-ann")
        await at_b.wait_for("auth")
        assert user_a != user_b

        await gateway.control("push", account="ann")
        assert (await at_a.wait_for("daily"))[0]["user"]["user_id"] == user_a
        assert (await at_b.wait_for("daily"))[0]["user"]["user_id"] == user_b

        assert (await a.deauthenticate(user_a)).status_code == 200
        await at_a.wait_for("deauth")
        assert await a.users("a-ann") == []
        assert [user["active"] for user in await b.users("b-ann")] == [True]
        assert (await gateway.counters())["calls"].get("revoke", 0) == 0

        await gateway.control("revoke", account="ann")
        assert (await at_b.wait_for("access_revoked"))[0]["user"]["user_id"] == user_b
        assert [user["active"] for user in await b.users("b-ann")] == [False]
        assert at_a.count()["access_revoked"] == 0
        assert at_b.count()["auth"] == 1


async def test_the_person_revoking_reaches_every_company_once(gateway: Gateway) -> None:
    a, b = await gateway.company("Company A"), await gateway.company("Company B")
    async with receiving() as at_a, receiving() as at_b:
        await gateway.destination(a, at_a.url)
        await gateway.destination(b, at_b.url)
        await gateway.connected(a, "ann", "a-ann")
        await gateway.connected(b, "ann", "b-ann")
        await gateway.control("revoke", account="ann")
        await at_a.wait_for("access_revoked")
        await at_b.wait_for("access_revoked")

        async def every_notice_is_done() -> bool:
            return not await gateway.db.autocommit.fetchval(
                "SELECT 1 FROM notices WHERE state = 'due' LIMIT 1"
            )

        await eventually(every_notice_is_done)
        assert at_a.count()["access_revoked"] == at_b.count()["access_revoked"] == 1
