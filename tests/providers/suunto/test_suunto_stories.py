"""SUUNTO with a whole gateway: what reaches developers, and what the vendor is told when nobody is left."""

from collections.abc import AsyncIterator

import pytest

from tests.fakes.gateway import Company
from tests.fakes.receiver import Receiver, receiving
from tests.fakes.simulated import Stage, Vendor, simulated_stage
from tests.fakes.waiting import eventually
from wearable_gateway.developers.keys import KeyHasher
from wearable_gateway.kit.encryption import Keyring

OLD_DAY = "2026-08-01"


@pytest.fixture
async def stage(database_url: str, keyring: Keyring, hasher: KeyHasher) -> AsyncIterator[Stage]:
    async with simulated_stage(database_url, keyring, hasher) as made:
        yield made


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as made:
        yield made


async def linked(stage: Stage, receiver: Receiver) -> tuple[Company, Vendor, str]:
    company = await stage.company("Acme")
    await stage.destination(company, receiver.url)
    vendor = await stage.add_vendor("suunto")
    user_id = await stage.connected(company, vendor, "ann")
    await receiver.wait_for("auth")
    return company, vendor, user_id


async def test_a_workout_that_is_told_of_arrives_with_its_watch(stage: Stage, receiver: Receiver) -> None:
    _, vendor, user_id = await linked(stage, receiver)
    await vendor.control("push", account="ann", kind="activity", date=OLD_DAY)

    async def of_that_day() -> list[str]:
        return [
            record["device_data"]["name"]
            for event in receiver.events("activity")
            for record in event["data"]
            if record["metadata"]["start_time"] == f"{OLD_DAY}T08:00:00.000000+02:00"
            and event["user"]["user_id"] == user_id
        ]

    assert await eventually(of_that_day) == ["Suunto Race"]


async def test_a_sleep_that_is_told_of_arrives_in_its_last_version(stage: Stage, receiver: Receiver) -> None:
    _, vendor, _ = await linked(stage, receiver)
    await vendor.control("push", account="ann", kind="sleep", date=OLD_DAY)

    async def of_that_night() -> list[float]:
        return [
            record["scores"]["sleep"]
            for event in receiver.events("sleep")
            for record in event["data"]
            if record["metadata"]["start_time"] == f"{OLD_DAY}T22:30:00.000000+02:00"
        ]

    (score,) = await eventually(of_that_night)
    assert score >= 50


async def test_a_notice_that_was_tampered_with_changes_nothing(stage: Stage, receiver: Receiver) -> None:
    _, vendor, _ = await linked(stage, receiver)
    await vendor.control("push", account="ann", kind="sleep", date=OLD_DAY)
    (sent,) = await vendor.notices()
    answer = await vendor.http.post(sent["url"], content=b"{}", headers=sent["headers"])
    assert answer.status_code in {400, 401, 403}


async def test_the_last_connection_gives_the_grant_back(stage: Stage, receiver: Receiver) -> None:
    company, vendor, user_id = await linked(stage, receiver)
    answer = await company.http.delete("/v2/auth/deauthenticateUser", params={"user_id": user_id})
    assert answer.status_code == 200, answer.text

    async def is_given_back() -> bool:
        return vendor.simulator.person("ann").scopes is None

    assert await eventually(is_given_back)
    assert (await vendor.calls())["GET /oauth/deauthorize"] == 1
