"""Oura, from the ring to the developer: a gateway with its worker, and the simulated vendor over HTTP."""

from datetime import timedelta
from typing import Any

from tests.fakes.receiver import Receiver
from tests.fakes.simulated import Stage, Vendor
from tests.fakes.waiting import eventually
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.providers.oura.subscriptions import WANTED

_KINDS = ("daily", "sleep", "activity", "body", "athlete")


async def ready(stage: Stage) -> Vendor:
    """The vendor, once it has been told where to tell us."""
    vendor = await stage.add_vendor("oura")

    async def subscribed() -> bool:
        return len(vendor.simulator.book.more.get("subscriptions", {})) == len(WANTED)

    await eventually(subscribed, within=30)
    return vendor


async def looked_at(stage: Stage) -> None:
    """Until all that is asked for after a consent has been."""
    soon = utc_now() + timedelta(minutes=10)

    async def nothing_due() -> bool:
        due = "SELECT count(*) FROM grant_upkeep WHERE due_at < $1"
        return not await stage.db.autocommit.fetchval(due, soon)

    await eventually(nothing_due, within=30)


def told(receiver: Receiver, kind: str, user_id: str | None = None) -> list[dict[str, Any]]:
    return [
        record
        for event in receiver.events(kind)
        if user_id in {None, event["user"]["user_id"]}
        for record in event.get("data", [event.get("athlete")])
    ]


async def test_a_workout_is_told_of_and_told_of_again_when_it_is_deleted(
    stage: Stage, receiver: Receiver
) -> None:
    company = await stage.company("Acme")
    await stage.destination(company, receiver.url)
    vendor = await ready(stage)
    await stage.connected(company, vendor, "ann")
    for kind in _KINDS:
        await receiver.wait_for(kind, within=30)
    workout = vendor.simulator.identifier(vendor.simulator.person("ann"), "workout", vendor.simulator.today())
    await vendor.control("delete", account="ann", kind="activity")

    async def deleted() -> bool:
        return any(
            record["metadata"]["summary_id"] == workout and record["metadata"]["upload_type"] == 4
            for record in told(receiver, "activity")
        )

    await eventually(deleted, within=30)


async def test_two_companies_share_a_grant_and_each_is_given_what_was_allowed_for_it(
    stage: Stage, receiver: Receiver
) -> None:
    acme, beta = await stage.company("Acme"), await stage.company("Beta")
    for company in (acme, beta):
        await stage.destination(company, receiver.url)
    vendor = await ready(stage)
    narrow = ["personal", "daily", "spo2", "workout"]
    second = await stage.connected(beta, vendor, "ann", scopes=narrow)
    await looked_at(stage)
    first = await stage.connected(acme, vendor, "ann")

    async def arrived() -> bool:
        whole, part = told(receiver, "daily", first), told(receiver, "daily", second)
        named = any(one["email"] for one in told(receiver, "athlete", first))
        return bool(whole and part) and named and any(day["heart_rate_data"] for day in whole)

    await eventually(arrived, within=30)
    days = told(receiver, "daily", second)
    assert all(day["distance_data"]["steps"] for day in days)
    assert any(day["oxygen_data"]["avg_saturation_percentage"] for day in days)
    assert not any(day["heart_rate_data"] or day["tag_data"] for day in days)
    assert not any(day["oxygen_data"]["vo2max_ml_per_min_per_kg"] for day in days)
    assert not any(one["heart_rate_data"] for one in told(receiver, "activity", second))
    assert not any(one["email"] for one in told(receiver, "athlete", second))
