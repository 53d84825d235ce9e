"""WHOOP, from the strap to the developer: a gateway with its worker, and the simulated vendor over HTTP."""

from typing import Any

from tests.fakes.receiver import Receiver
from tests.fakes.simulated import Stage, Vendor
from tests.fakes.waiting import eventually

GIVEN_BACK = "DELETE /developer/v2/user/access"


def strains(receiver: Receiver) -> set[tuple[str, float]]:
    """What was told of workouts, with their strain."""
    return {
        (record["metadata"]["summary_id"], record["strain_data"]["strain_level"])
        for event in receiver.events("activity")
        for record in event["data"]
    }


async def first_look(receiver: Receiver) -> None:
    """Until the last days, which are asked for after a consent, have been told of."""
    for kind in ("daily", "sleep", "activity", "body", "athlete"):
        await receiver.wait_for(kind, within=30)


async def test_a_run_is_told_of_when_it_is_scored_and_again_when_it_is_deleted(
    stage: Stage, receiver: Receiver
) -> None:
    company = await stage.company("Acme")
    await stage.destination(company, receiver.url)
    vendor = await stage.add_vendor("whoop")
    await stage.connected(company, vendor, "ann")
    await first_look(receiver)
    before = strains(receiver)
    await vendor.control("push", account="ann", kind="activity")

    async def told() -> set[tuple[str, float]]:
        return strains(receiver) - before

    ((run, _),) = await eventually(told, within=30)
    await vendor.control("delete", account="ann", kind="activity")

    async def deleted() -> list[dict[str, Any]]:
        records = [record for event in receiver.events("activity") for record in event["data"]]
        return [record for record in records if record["metadata"]["upload_type"] == 4]

    (gone,) = await eventually(deleted, within=30)
    assert gone["metadata"]["summary_id"] == run


async def test_the_grant_is_given_back_when_nobody_uses_it_any_more(stage: Stage, receiver: Receiver) -> None:
    acme, beta = await stage.company("Acme"), await stage.company("Beta")
    await stage.destination(acme, receiver.url)
    vendor = await stage.add_vendor("whoop")
    users = [await stage.connected(company, vendor, "ann") for company in (acme, beta)]
    await beta.deauthenticate(users[1])
    await vendor.control("push", account="ann", kind="sleep")
    await receiver.wait_for("sleep", within=30)
    assert GIVEN_BACK not in await vendor.calls()
    await acme.deauthenticate(users[0])

    async def given_back() -> bool:
        return (await vendor.calls()).get(GIVEN_BACK, 0) > 0

    await eventually(given_back, within=30)
    assert vendor.simulator.person("ann").scopes is None
    await receiver.wait_for("deauth")
    assert not receiver.events("access_revoked")


async def test_who_may_not_see_recoveries_is_told_of_days_and_nights_without_them(
    stage: Stage, receiver: Receiver
) -> None:
    company = await stage.company("Acme")
    await stage.destination(company, receiver.url)
    vendor = await stage.add_vendor("whoop")
    scopes = [scope for scope in vendor.simulator.scopes if scope != "read:recovery"]
    await stage.connected(company, vendor, "ann", scopes=scopes)
    await first_look(receiver)
    days = [day for event in receiver.events("daily") for day in event["data"]]
    assert all(day["strain_data"]["strain_level"] for day in days)
    assert not any(day["scores"] or day["heart_rate_data"] for day in days)
    assert not any(night["readiness_data"] for event in receiver.events("sleep") for night in event["data"])
    assert not await _asked_for_recoveries(vendor)


async def _asked_for_recoveries(vendor: Vendor) -> list[str]:
    return [path for path in await vendor.calls() if "recovery" in path]


async def test_a_kind_that_is_refused_does_not_cost_the_others_their_daily_look(
    stage: Stage, receiver: Receiver
) -> None:
    company = await stage.company("Acme")
    await stage.destination(company, receiver.url)
    vendor = await stage.add_vendor("whoop")
    await vendor.control("fail", path="/developer/v2/activity/workout", status=403, times=1000)
    await stage.connected(company, vendor, "ann")
    for kind in ("daily", "sleep", "body", "athlete", "connection_error"):
        await receiver.wait_for(kind, within=30)
    assert not receiver.events("activity")
