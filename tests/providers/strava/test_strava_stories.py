"""STRAVA with a whole gateway: what developers are told, and what they are not."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.fakes.gateway import Company
from tests.fakes.receiver import Receiver, receiving
from tests.fakes.simulated import Stage, Vendor, simulated_stage
from tests.fakes.waiting import eventually
from wearable_gateway.connections.access import notice_path
from wearable_gateway.developers.keys import KeyHasher
from wearable_gateway.kit.encryption import Keyring

DELETED = 4


@pytest.fixture
async def stage(database_url: str, keyring: Keyring, hasher: KeyHasher) -> AsyncIterator[Stage]:
    async with simulated_stage(database_url, keyring, hasher) as made:
        yield made


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as made:
        yield made


async def linked(stage: Stage, receiver: Receiver, **choices: Any) -> tuple[Company, Vendor, str]:
    company = await stage.company("Acme")
    await stage.destination(company, receiver.url)
    vendor = await stage.add_vendor("strava", company)
    await eventually(lambda: stage.subscribed(vendor))
    user_id = await stage.connected(company, vendor, "ann", **choices)
    await receiver.wait_for("auth")
    return company, vendor, user_id


async def test_a_deleted_activity_is_told_as_such(stage: Stage, receiver: Receiver) -> None:
    _, vendor, user_id = await linked(stage, receiver)
    await vendor.control("push", account="ann", kind="activity", date="2026-10-01")

    async def of_type(upload_type: int) -> list[str]:
        records = [record for event in receiver.events("activity") for record in event["data"]]
        return [
            record["metadata"]["summary_id"]
            for record in records
            if record["metadata"]["upload_type"] == upload_type
            and record["metadata"]["start_time"].startswith("2026-10-01")
        ]

    await eventually(lambda: of_type(1))
    await vendor.control("delete", account="ann", kind="activity", date="2026-10-01")
    [gone] = await eventually(lambda: of_type(DELETED))
    assert gone in await of_type(1)
    assert receiver.events("activity")[0]["user"]["user_id"] == user_id


async def test_a_revocation_that_the_vendor_knows_nothing_of_is_not_believed(
    stage: Stage, receiver: Receiver
) -> None:
    company, vendor, _ = await linked(stage, receiver, reference_id="user-1")
    await vendor.simulator.withdrawn(vendor.simulator.person("ann"))

    async def judged() -> str | None:
        outcome: str | None = await stage.db.autocommit.fetchval(
            "SELECT outcome FROM notices WHERE kind = 'revoked' AND state = 'done'"
        )
        return outcome

    assert await eventually(judged) == "not_confirmed"
    assert not receiver.events("access_revoked")
    assert len(await company.users("user-1")) == 1


async def test_a_push_without_the_secret_in_the_address_or_its_signature_is_refused(
    stage: Stage, receiver: Receiver
) -> None:
    _, vendor, _ = await linked(stage, receiver)
    await vendor.control("push", account="ann", kind="activity")
    await receiver.wait_for("activity")
    body = vendor.simulator.sender.sent[-1].body
    right = stage.url + notice_path(vendor.app)
    async with httpx.AsyncClient(trust_env=False) as http:
        answers = [
            await http.post(right.rpartition("/")[0], content=body),
            await http.post(right[:-1], content=body),
            await http.post(right, content=body),
        ]
    assert [answer.status_code for answer in answers] == [404, 404, 401]


async def test_the_last_connection_takes_the_grant_along_and_its_echo_is_not_told(
    stage: Stage, receiver: Receiver
) -> None:
    company, vendor, user_id = await linked(stage, receiver)
    assert (await company.deauthenticate(user_id)).status_code == 200

    async def given_back() -> bool:
        return vendor.simulator.person("ann").scopes is None

    await eventually(given_back)

    async def taken() -> bool:
        return bool((await vendor.notices())[-1]["status"] == 200)

    await eventually(taken)
    await receiver.wait_for("deauth")
    assert "POST /oauth/deauthorize" in await vendor.calls()
    assert not receiver.events("access_revoked")
