"""POLAR: the one webhook of an app, and what comes by it."""

import json
import time
from dataclasses import replace

import httpx
import pytest

from tests.fakes.waiting import eventually
from wearable_gateway.errors import ProviderRejectedError
from wearable_gateway.providers.polar.notices import EVENTS
from wearable_gateway.providers.polar.webhook import SECRET
from wearable_gateway.simulators._base.sending import Sent
from wearable_gateway.unified.records import DataType

from .vendor import Vendor

CONTROL = {"authorization": "Bearer control"}


async def push(vendor: Vendor, kind: str) -> None:
    answer = await vendor.plain.post(
        "/control/push", headers=CONTROL, content=json.dumps({"account": "ann", "kind": kind})
    )
    assert answer.status_code == 200, answer.text


async def order(vendor: Vendor, name: str) -> None:
    app = vendor.app
    answer = await vendor.plain.post(
        f"/v3/webhooks/{name}", auth=httpx.BasicAuth(app.client_id, app.client_secret)
    )
    assert answer.status_code == 200


async def heard(vendor: Vendor, number: int) -> None:
    async def enough() -> bool:
        return len(vendor.ear.heard) >= number

    await eventually(enough)


async def test_a_webhook_is_made_and_its_secret_kept(vendor: Vendor) -> None:
    await vendor.look_after()
    made = vendor.simulator.webhook.made
    assert made is not None
    assert vendor.app.extra == {SECRET: made["secret"], "webhook_id": made["id"]}
    assert made["url"] == vendor.ear.url
    assert set(made["events"]) == set(EVENTS)


async def test_a_webhook_that_is_as_it_should_be_is_left_alone(vendor: Vendor) -> None:
    await vendor.look_after()
    before = vendor.app.extra
    await vendor.look_after()
    assert vendor.app.extra == before
    assert vendor.calls("POST /v3/webhooks") == {"POST /v3/webhooks": 1}
    assert vendor.calls("PATCH") == {}


async def test_an_address_that_does_not_answer_the_ping_gets_no_webhook(vendor: Vendor) -> None:
    vendor.ear.deaf = True
    with pytest.raises(ProviderRejectedError):
        await vendor.look_after()
    assert vendor.simulator.webhook.made is None


async def test_a_webhook_follows_the_gateway_to_another_address_and_keeps_its_secret(vendor: Vendor) -> None:
    await vendor.look_after()
    before, vendor.ear.url = vendor.app.extra, f"{vendor.ear.url}?moved=1"
    await vendor.look_after()
    assert vendor.simulator.webhook.made is not None
    assert vendor.simulator.webhook.made["url"] == vendor.ear.url
    assert vendor.app.extra == before


async def test_a_webhook_that_tells_of_too_little_is_told_of_the_rest(vendor: Vendor) -> None:
    await vendor.look_after()
    assert vendor.simulator.webhook.made is not None
    vendor.simulator.webhook.made["events"] = ["SLEEP"]
    await vendor.look_after()
    assert set(vendor.simulator.webhook.made["events"]) == set(EVENTS)


async def test_a_webhook_put_to_sleep_is_woken(vendor: Vendor) -> None:
    await vendor.look_after()
    await order(vendor, "deactivate")
    await vendor.look_after()
    assert vendor.simulator.webhook.made is not None
    assert vendor.simulator.webhook.made["active"] is True


async def test_a_webhook_whose_secret_nobody_knows_is_replaced(vendor: Vendor) -> None:
    await vendor.look_after()
    old = dict(vendor.simulator.webhook.made or {})
    vendor.app = replace(vendor.app, extra={})  # as if it had never been stored
    await vendor.look_after()
    new = vendor.simulator.webhook.made
    assert new is not None
    assert new["id"] != old["id"]
    assert vendor.app.extra == {SECRET: new["secret"], "webhook_id": new["id"]}


async def test_a_webhook_that_somebody_else_made_in_the_place_of_ours_is_replaced(vendor: Vendor) -> None:
    await vendor.look_after()
    ours = vendor.app
    vendor.app = replace(ours, extra={})
    await vendor.look_after()
    theirs = dict(vendor.simulator.webhook.made or {})
    vendor.app = ours
    await vendor.look_after()
    new = vendor.simulator.webhook.made
    assert new is not None
    assert new["id"] != theirs["id"]
    assert vendor.app.extra == {SECRET: new["secret"], "webhook_id": new["id"]}


async def test_what_a_wearable_syncs_is_told_with_a_signature_that_holds(vendor: Vendor) -> None:
    await vendor.look_after()
    access = await vendor.connect("ann")
    for kind in vendor.simulator.kinds:
        await push(vendor, kind)
    await heard(vendor, 5)
    assert vendor.ear.refused == 0
    assert {notice.account_id for notice in vendor.ear.heard} == {access.account_id}
    told = [notice.data_types for notice in vendor.ear.heard]
    assert sorted(told) == sorted(
        [(DataType.ACTIVITY,), (DataType.DAILY,), (DataType.DAILY,), (DataType.SLEEP,), (DataType.BODY,)]
    )
    assert len({notice.key for notice in vendor.ear.heard}) == 5


async def test_a_notice_that_is_sent_again_has_the_same_key(vendor: Vendor) -> None:
    await vendor.look_after()
    await vendor.connect("ann")
    await push(vendor, "sleep")
    await heard(vendor, 1)
    await vendor.plain.post("/control/resend", headers=CONTROL)
    await heard(vendor, 2)
    assert len({notice.key for notice in vendor.ear.heard}) == 1


async def test_the_same_night_synced_twice_is_two_notices(vendor: Vendor) -> None:
    await vendor.look_after()
    await vendor.connect("ann")
    await push(vendor, "sleep")
    await heard(vendor, 1)
    await push(vendor, "sleep")
    await heard(vendor, 2)
    assert len({notice.key for notice in vendor.ear.heard}) == 2


async def test_a_notice_tried_in_vain_is_tried_again(vendor: Vendor) -> None:
    await vendor.look_after()
    await vendor.connect("ann")
    vendor.ear.deaf = True
    await push(vendor, "sleep")

    async def tried() -> bool:
        return vendor.simulator.sender.sent[-1].attempts > 0

    await eventually(tried)
    vendor.ear.deaf = False
    await heard(vendor, 1)


async def test_seven_days_of_failure_put_a_webhook_to_sleep_until_it_is_looked_after(vendor: Vendor) -> None:
    await vendor.look_after()
    await vendor.connect("ann")
    vendor.ear.deaf = True
    for later in (0, 8 * 86_400):
        vendor.simulator.clock = lambda later=later: time.time() + later  # type: ignore[misc]
        await push(vendor, "sleep")
        sent = vendor.simulator.sender.sent[-1]

        async def given_up(sent: Sent = sent) -> bool:
            return sent.attempts == 3

        await eventually(given_up)

    async def asleep() -> bool:
        return vendor.simulator.webhook.made is not None and not vendor.simulator.webhook.made["active"]

    await eventually(asleep)
    vendor.ear.deaf = False
    await vendor.look_after()
    assert not await asleep()
