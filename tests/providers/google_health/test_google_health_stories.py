"""Google Health from the consent to the developer's destination, over real HTTP and with a worker."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.fakes.gateway import Company
from tests.fakes.receiver import Receiver, receiving
from tests.fakes.simulated import Stage, Vendor, simulated_stage
from tests.fakes.waiting import eventually
from wearable_gateway.developers.keys import KeyHasher
from wearable_gateway.kit.encryption import Keyring
from wearable_gateway.providers.google_health import scopes


@pytest.fixture
async def stage(database_url: str, keyring: Keyring, hasher: KeyHasher) -> AsyncIterator[Stage]:
    async with simulated_stage(database_url, keyring, hasher) as made:
        yield made


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as made:
        yield made


@pytest.fixture
async def company(stage: Stage, receiver: Receiver) -> Company:
    made = await stage.company("Acme")
    await stage.destination(made, receiver.url)
    return made


@pytest.fixture
async def vendor(stage: Stage) -> Vendor:
    made = await stage.add_vendor("google_health")
    await eventually(lambda: stage.subscribed(made))
    return made


async def data(company: Company, user_id: str, kind: str, day: str) -> list[dict[str, Any]]:
    answer = await company.http.get(
        f"/v2/{kind}",
        params={
            "user_id": user_id,
            "start_date": day,
            "end_date": day,
            "to_webhook": "false",
            "with_samples": "true",
        },
    )
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["data"]
    return found


async def test_who_asks_for_fitbit_is_brought_here(company: Company, vendor: Vendor) -> None:
    begun = await company.http.post("/v2/auth/authenticateUser", params={"resource": "FITBIT"}, json={})

    assert begun.status_code == 200
    assert vendor.provider.slug in (await company.http.get("/v2/integrations")).text


async def test_a_day_holds_what_was_consented_to_and_no_more(
    stage: Stage, company: Company, vendor: Vendor
) -> None:
    parts = {scopes.ACTIVITY: "distance_data", scopes.METRICS: "heart_rate_data"}
    for account, allowed in (("ann", scopes.ACTIVITY), ("bob", scopes.METRICS)):
        user_id = await stage.connected(company, vendor, account, scopes=[allowed])

        (day,) = await data(company, user_id, "daily", "2026-11-19")

        assert {scope for scope, part in parts.items() if day[part] is not None} == {allowed}


async def test_one_companys_consent_does_not_open_anothers(
    stage: Stage, company: Company, vendor: Vendor
) -> None:
    other = await stage.company("Beta")
    await stage.connected(other, vendor, "ann", scopes=[scopes.ACTIVITY, scopes.METRICS])
    user_id = await stage.connected(company, vendor, "ann", scopes=[scopes.ACTIVITY])

    (day,) = await data(company, user_id, "daily", "2026-11-19")

    assert day["heart_rate_data"] is None


async def test_a_changed_night_and_a_deleted_one_reach_the_developer(
    stage: Stage, company: Company, vendor: Vendor, receiver: Receiver
) -> None:
    user_id = await stage.connected(company, vendor, "ann")
    await vendor.control("push", account="ann", kind="sleep", date="2026-11-19")
    await receiver.wait_for("sleep", within=30)
    assert await data(company, user_id, "sleep", "2026-11-19")

    await vendor.control("delete", account="ann", kind="sleep", date="2026-11-19")

    async def is_gone() -> bool:
        return not await data(company, user_id, "sleep", "2026-11-19")

    await eventually(is_gone)


async def test_the_last_to_leave_gives_the_grant_back(stage: Stage, company: Company, vendor: Vendor) -> None:
    user_id = await stage.connected(company, vendor, "ann")

    await company.http.delete("/v2/auth/deauthenticateUser", params={"user_id": user_id})

    async def is_given_back() -> bool:
        return vendor.simulator.person("ann").scopes is None

    await eventually(is_given_back)


async def test_what_the_vendor_has_no_room_for_waits_and_is_no_trouble(
    stage: Stage, company: Company, vendor: Vendor, receiver: Receiver
) -> None:
    await stage.connected(company, vendor, "ann")
    await receiver.wait_for("auth")
    await vendor.control("limit", calls=0, seconds=60)

    await vendor.control("push", account="ann", kind="activity")

    async def outcome() -> str | None:
        found: str | None = await stage.db.autocommit.fetchval(
            "SELECT outcome FROM notices WHERE state = 'due' AND outcome IS NOT NULL"
        )
        return found

    assert await eventually(outcome) == "provider_limit"
    assert not receiver.events("access_revoked")
    assert not receiver.events("connection_error")
