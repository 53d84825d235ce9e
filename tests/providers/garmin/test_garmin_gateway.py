"""The vendor's ways, through a whole gateway and over real HTTP."""

import asyncio
import datetime as dt
from typing import Any

import httpx

from tests.fakes.gateway import Company
from tests.fakes.receiver import Receiver
from tests.fakes.simulated import Stage, Vendor
from tests.fakes.waiting import eventually
from wearable_gateway.connections.access import notice_path
from wearable_gateway.simulators.garmin import Garmin

DAY = dt.date.today() - dt.timedelta(days=2)  # noqa: DTZ011 - any day of late does

TOKENS = "POST /di-oauth2-service/oauth/token"


async def begun(stage: Stage, receiver: Receiver, *people: str) -> tuple[Company, Vendor, list[str]]:
    """A company with its own app, and those of its users."""
    company = await stage.company("Acme")
    await stage.destination(company, receiver.url)
    vendor = await stage.add_vendor("garmin", company=company)
    return company, vendor, [await stage.connected(company, vendor, person) for person in people]


async def outcomes(stage: Stage) -> list[str]:
    rows = await stage.db.autocommit.fetch("SELECT outcome FROM notices WHERE state = 'done' ORDER BY id")
    return [row["outcome"] for row in rows]


async def notice(stage: Stage, vendor: Vendor, body: Any, **headers: str) -> int:
    async with httpx.AsyncClient(trust_env=False) as http:
        answer = await http.post(stage.url + notice_path(vendor.app), json=body, headers=headers)
    return answer.status_code


async def calls_of(vendor: Vendor, call: str) -> int:
    return (await vendor.calls()).get(call, 0)


async def test_what_two_people_sync_at_once_comes_in_one_body_and_reaches_each(
    stage: Stage, receiver: Receiver
) -> None:
    _, vendor, users = await begun(stage, receiver, "ann", "bo")
    await asyncio.gather(
        *(
            vendor.control("push", account=name, kind=kind, date=DAY.isoformat())
            for name in ("ann", "bo")
            for kind in ("daily", "sleep")
        )
    )
    days = await receiver.wait_for("daily", 2)
    assert {event["user"]["user_id"] for event in days} == set(users)
    (day,) = days[0]["data"]
    # Three summaries of one day made it.
    assert day["distance_data"]["steps"]
    assert day["stress_data"]["body_battery_samples"]
    assert day["oxygen_data"]["saturation_samples"]
    nights = await receiver.wait_for("sleep", 2)
    assert [one["metadata"]["is_nap"] for one in nights[0]["data"]] == [False, True]
    await vendor.control("resend")
    assert {one["status"] for one in await vendor.notices()} == {200}


async def test_what_is_pinged_is_pulled_once(stage: Stage, receiver: Receiver) -> None:
    _, vendor, _ = await begun(stage, receiver, "ann")
    assert isinstance(vendor.simulator, Garmin)
    vendor.simulator.pings = True
    await vendor.control("push", account="ann", kind="activity", date=DAY.isoformat())
    (event, *_) = await receiver.wait_for("activity")
    assert event["data"][0]["metadata"]["name"] == "Lunch ride"

    async def both_told() -> bool:
        """Whichever came first: the summary tells nothing that the details do not."""
        newest = receiver.events("activity")[-1]["data"][0]
        return bool(newest["power_data"]) and await outcomes(stage) == ["shared", "shared"]

    await eventually(both_told)
    assert await calls_of(vendor, "GET /wellness-api/rest/activities") == 1
    assert await calls_of(vendor, "GET /wellness-api/rest/activityDetails") == 1


async def test_days_of_the_past_are_asked_for_and_come_by_notice(stage: Stage, receiver: Receiver) -> None:
    company, vendor, (user,) = await begun(stage, receiver, "ann")
    await vendor.control("expire", account="ann")
    before = await calls_of(vendor, TOKENS)
    wanted = {
        "user_id": user,
        "start_date": (DAY - dt.timedelta(days=2)).isoformat(),
        "end_date": DAY.isoformat(),
        "to_webhook": "true",
    }
    answer = await company.http.get("/v2/sleep", params=wanted)
    assert answer.status_code < 300, answer.text
    found = await receiver.wait_for("sleep")
    nights = [one for event in found for one in event["data"] if not one["metadata"]["is_nap"]]
    assert len(nights) == 3
    assert await calls_of(vendor, TOKENS) == before + 1


async def test_a_deregistration_that_nobody_made_ends_nothing(stage: Stage, receiver: Receiver) -> None:
    _, vendor, _ = await begun(stage, receiver, "ann")
    account = vendor.simulator.account_id("ann")
    before = await calls_of(vendor, "GET /wellness-api/rest/user/id")
    assert await notice(stage, vendor, {"deregistrations": [{"userId": account}]}) == 200

    async def judged() -> bool:
        return "not_confirmed" in await outcomes(stage)

    await eventually(judged)
    assert await calls_of(vendor, "GET /wellness-api/rest/user/id") == before + 1
    assert not receiver.events("access_revoked")
    await vendor.control("push", account="ann", kind="body")
    assert await receiver.wait_for("body")


async def test_a_notice_for_another_app_or_at_another_address_is_not_taken(
    stage: Stage, receiver: Receiver
) -> None:
    _, vendor, _ = await begun(stage, receiver)
    body = {"deregistrations": [{"userId": "ann"}]}
    assert await notice(stage, vendor, body, **{"garmin-client-id": "another"}) == 401
    async with httpx.AsyncClient(trust_env=False) as http:
        for path in (notice_path(vendor.app)[:-1], notice_path(vendor.app).rpartition("/")[0]):
            assert (await http.post(stage.url + path, json=body)).status_code == 404
    assert await outcomes(stage) == []


async def test_what_the_end_user_allows_no_more_is_told_and_no_longer_given(
    stage: Stage, receiver: Receiver
) -> None:
    _, vendor, _ = await begun(stage, receiver, "ann")
    await vendor.control("scopes", account="ann", scopes=["HEALTH_EXPORT"])
    assert await receiver.wait_for("permission_change")
    person = vendor.simulator.person("ann")
    ride = {"userId": person.id, "summaryId": "7", "startTimeInSeconds": 1_795_154_400}
    assert await notice(stage, vendor, {"activities": [ride]}) == 200
    await vendor.control("push", account="ann", kind="sleep")
    assert await receiver.wait_for("sleep")
    assert not receiver.events("activity")


async def test_the_last_connection_gives_the_registration_back_and_its_echo_says_nothing(
    stage: Stage, receiver: Receiver
) -> None:
    company, vendor, (user,) = await begun(stage, receiver, "ann")
    assert (await company.deauthenticate(user)).status_code == 200

    async def told_back() -> bool:
        sent = await vendor.notices()
        return bool(sent) and sent[-1]["status"] == 200

    await eventually(told_back)
    assert await calls_of(vendor, "DELETE /wellness-api/rest/user/registration") == 1
    assert await receiver.wait_for("deauth")
    assert not receiver.events("access_revoked")
