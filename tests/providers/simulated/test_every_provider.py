"""What every provider has to do, against its simulated vendor, over real HTTP and with a worker."""

import asyncio
from typing import Any

import pytest

from tests.fakes.receiver import Receiver
from tests.fakes.simulated import Stage, Vendor
from tests.fakes.waiting import eventually
from wearable_gateway.providers import PROVIDERS
from wearable_gateway.simulators import SIMULATORS

EVERY = pytest.mark.parametrize("name", sorted(SIMULATORS))


async def ready(stage: Stage, name: str, **choices: Any) -> Vendor:
    """The vendor called `name`, once it knows where to tell the gateway of its accounts."""
    vendor = await stage.add_vendor(name, **choices)
    await eventually(lambda: stage.subscribed(vendor))
    return vendor


def kind_of(vendor: Vendor) -> str:
    return vendor.simulator.kinds[0]


def is_told(vendor: Vendor) -> bool:
    return vendor.provider.takes_notices


@EVERY
async def test_an_end_user_connects_and_data_arrives(stage: Stage, receiver: Receiver, name: str) -> None:
    company = await stage.company("Acme")
    await stage.destination(company, receiver.url)
    vendor = await ready(stage, name, **_own(vendor_of(name), company))
    user_id = await stage.connected(company, vendor, "ann", reference_id="user-1")
    (auth,) = await receiver.wait_for("auth")
    assert auth["user"]["user_id"] == user_id
    assert auth["user"]["provider"] == vendor.provider.slug
    await vendor.control("push", account="ann", kind=kind_of(vendor))
    found = await receiver.wait_for(kind_of(vendor), within=30)
    assert found[0]["user"]["user_id"] == user_id
    assert found[0]["data"]


def vendor_of(name: str) -> Any:
    return PROVIDERS[name.upper()]


def _own(provider: Any, company: Any) -> dict[str, Any]:
    """A developer's own app, where the vendor wants that."""
    return {"company": company} if provider.own_app_only else {}


@EVERY
async def test_a_consent_that_is_refused_makes_no_connection(
    stage: Stage, receiver: Receiver, name: str
) -> None:
    company = await stage.company("Acme")
    await stage.destination(company, receiver.url)
    vendor = await ready(stage, name, **_own(vendor_of(name), company))
    begun = await company.http.post(
        "/v2/auth/authenticateUser", params={"resource": vendor.provider.slug}, json={}
    )
    await stage.end_user().connect(begun.json()["auth_url"], "ann", allow=False)
    await receiver.wait_for("auth_cancelled")
    assert not receiver.events("auth")


@EVERY
async def test_many_calls_at_once_refresh_once(stage: Stage, name: str) -> None:
    company = await stage.company("Acme")
    vendor = await ready(stage, name, **_own(vendor_of(name), company))
    if not vendor.simulator.refreshes:
        return
    user_id = await stage.connected(company, vendor, "ann")
    await vendor.control("expire", account="ann")
    before = (await vendor.calls()).get(f"POST {vendor.simulator.token_path}", 0)
    kind = next(iter(vendor.provider.data_scopes)).value
    await asyncio.gather(
        *(
            company.http.get(
                f"/v2/{kind}",
                params={"user_id": user_id, "start_date": "2026-11-20", "to_webhook": "false"},
            )
            for _ in range(10)
        )
    )
    after = (await vendor.calls()).get(f"POST {vendor.simulator.token_path}", 0)
    assert after - before == 1


@EVERY
async def test_revoking_at_the_vendor_reaches_both_companies_once(
    stage: Stage, receiver: Receiver, name: str
) -> None:
    provider = vendor_of(name)
    companies = [await stage.company("Acme"), await stage.company("Beta")]
    vendor = await ready(stage, name, **_own(provider, companies[0]))
    linked = companies[:1] if provider.own_app_only else companies
    users = set()
    for company in linked:
        await stage.destination(company, receiver.url)
        users.add(await stage.connected(company, vendor, "ann"))
    await receiver.wait_for("auth", len(linked))
    await vendor.control("revoke", account="ann")
    await stage.look_after_now()
    told = await receiver.wait_for("access_revoked", len(linked), within=30)
    assert {event["user"]["user_id"] for event in told} == users
    assert len(told) == len(linked)
