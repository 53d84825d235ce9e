"""Subscriptions, notices that nobody signed, and giving back, over real HTTP with a worker."""

from typing import Any

import httpx
import pytest
from tests.fakes.receiver import Receiver
from tests.fakes.simulated import Stage, Vendor
from tests.fakes.waiting import eventually

from wearable_gateway.connections.access import notice_path

FORM = {"content-type": "application/x-www-form-urlencoded"}


def profiles(vendor: Vendor, name: str = "ann") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = vendor.simulator.person(name).more.get("profiles", [])
    return found


async def subscribed(vendor: Vendor, applis: set[int], name: str = "ann") -> None:
    async def complete() -> bool:
        return {profile["appli"] for profile in profiles(vendor, name)} == applis

    await eventually(complete)


async def outcome(stage: Stage, kind: str) -> str:
    """What became of the newest notice of that kind."""

    async def done() -> str | None:
        found: str | None = await stage.db.autocommit.fetchval(
            "SELECT outcome FROM notices WHERE kind = $1 AND state = 'done' ORDER BY id DESC LIMIT 1", kind
        )
        return found

    return str(await eventually(done))


async def post(stage: Stage, vendor: Vendor, body: str, *, key: str | None = None) -> int:
    path = notice_path(vendor.app)
    if key is not None:
        path = path.rpartition("/")[0] + key
    async with httpx.AsyncClient(trust_env=False) as http:
        return (await http.post(stage.url + path, content=body, headers=FORM)).status_code


async def test_each_kind_of_event_is_subscribed_to_once_and_made_good_when_it_is_lost(stage: Stage) -> None:
    company = await stage.company("Acme")
    vendor = await stage.add_vendor("withings")
    await stage.connected(company, vendor, "ann")
    every = {1, 2, 4, 16, 44, 46, 54}
    await subscribed(vendor, every)
    urls = {profile["callbackurl"] for profile in profiles(vendor)}
    assert urls == {stage.url + notice_path(vendor.app)}
    lost = [profile for profile in profiles(vendor) if profile["appli"] in {16, 46}]
    for profile in lost:
        profiles(vendor).remove(profile)
    await stage.look_after_now()
    await subscribed(vendor, every)
    assert len(profiles(vendor)) == len(every)


async def test_only_what_the_end_user_allowed_is_subscribed_to(stage: Stage) -> None:
    company = await stage.company("Acme")
    vendor = await stage.add_vendor("withings")
    await stage.connected(company, vendor, "bob", scopes=["user.metrics"])
    await subscribed(vendor, {1, 2, 4}, "bob")


async def test_a_weighing_arrives_by_its_notice(stage: Stage, receiver: Receiver) -> None:
    company = await stage.company("Acme")
    await stage.destination(company, receiver.url, ["body"])
    vendor = await stage.add_vendor("withings")
    await stage.connected(company, vendor, "ann")
    await subscribed(vendor, {1, 2, 4, 16, 44, 46, 54})
    before = await receiver.wait_for("body")
    await vendor.control("push", account="ann", kind="body")
    await receiver.wait_for("body", len(before) + 1)
    assert [notice["status"] for notice in await vendor.notices()] == [200]


@pytest.mark.parametrize("action", ["unlink", "delete"])
async def test_a_farewell_is_believed_only_when_the_token_is_dead(
    stage: Stage, receiver: Receiver, action: str
) -> None:
    company = await stage.company("Acme")
    await stage.destination(company, receiver.url, ["access_revoked"])
    vendor = await stage.add_vendor("withings")
    user_id = await stage.connected(company, vendor, "ann")
    person = vendor.simulator.person("ann")
    body = f"userid={person.id}&appli=46&action={action}"
    assert await post(stage, vendor, body) == 200
    assert await outcome(stage, "revoked") == "not_confirmed"
    assert receiver.events() == []
    vendor.simulator.withdraw(person)
    assert await post(stage, vendor, body) == 200
    (event,) = await receiver.wait_for("access_revoked")
    assert event["user"]["user_id"] == user_id


async def test_who_does_not_know_the_address_is_not_heard(stage: Stage) -> None:
    vendor = await stage.add_vendor("withings")
    assert await post(stage, vendor, "userid=1&appli=16", key="") == 404
    assert await post(stage, vendor, "userid=1&appli=16", key="/guess") == 404
    assert await post(stage, vendor, "userid=me&appli=16") == 401
    assert await post(stage, vendor, "") == 200


async def test_the_last_company_to_go_gives_the_grant_back_signed(stage: Stage) -> None:
    companies = [await stage.company("Acme"), await stage.company("Beta")]
    vendor = await stage.add_vendor("withings")
    users = [await stage.connected(company, vendor, "ann") for company in companies]
    await subscribed(vendor, {1, 2, 4, 16, 44, 46, 54})
    person = vendor.simulator.person("ann")
    for company, user_id in zip(companies, users, strict=True):
        assert person.scopes is not None
        answer = await company.http.delete("/v2/auth/deauthenticateUser", params={"user_id": user_id})
        assert answer.status_code == 200, answer.text

    async def given_back() -> bool:
        return person.scopes is None

    await eventually(given_back)
    assert profiles(vendor) == []
