"""POLAR, through the whole gateway: who ends what for whom."""

from tests.fakes.receiver import receiving
from tests.fakes.simulated import Stage, Vendor
from tests.fakes.waiting import eventually

from .vendor import SCOPE


async def ready(stage: Stage) -> Vendor:
    vendor = await stage.add_vendor("polar")
    await eventually(lambda: stage.subscribed(vendor))
    return vendor


async def test_an_account_leaves_the_app_with_the_last_company_that_links_it(stage: Stage) -> None:
    acme, beta = await stage.company("Acme"), await stage.company("Beta")
    vendor = await ready(stage)
    first = await stage.connected(acme, vendor, "ann")
    second = await stage.connected(beta, vendor, "ann")
    async with receiving() as receiver:
        await stage.destination(beta, receiver.url)
        gone = await acme.http.delete("/v2/auth/deauthenticateUser", params={"user_id": first})
        assert gone.status_code == 200
        await vendor.control("push", account="ann", kind="activity")
        (workout,) = await receiver.wait_for("activity")
        assert workout["user"]["user_id"] == second
    assert "DELETE /v3/users/{id}" not in await vendor.calls()
    await beta.http.delete("/v2/auth/deauthenticateUser", params={"user_id": second})

    async def given_back() -> bool:
        return (await vendor.calls()).get("DELETE /v3/users/{id}") == 1

    await eventually(given_back)


async def test_consents_taken_back_put_a_connection_in_trouble_and_do_not_end_it(stage: Stage) -> None:
    company, vendor = await stage.company("Acme"), await ready(stage)
    async with receiving() as receiver:
        await stage.destination(company, receiver.url)
        await stage.connected(company, vendor, "ann")
        await vendor.control("scopes", account="ann", scopes=[])
        await stage.look_after_now()
        await receiver.wait_for("connection_error")
        await vendor.control("scopes", account="ann", scopes=[SCOPE])
        await vendor.control("push", account="ann", kind="sleep")
        await receiver.wait_for("sleep")
        assert not receiver.events("access_revoked")
