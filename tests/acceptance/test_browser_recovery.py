"""The job "our webhook was down for a day", in a real browser, with a real receiver and the worker."""

from datetime import timedelta
from uuid import UUID

import pytest
from playwright.async_api import Browser, expect

from tests.acceptance.test_browser import DESK, page_of, shoot, sign_in
from tests.fakes.gateway import Gateway
from tests.fakes.past import Past
from tests.fakes.receiver import receiving
from wearable_gateway.kit.clock import utc_now

pytestmark = pytest.mark.browser

HOUR = timedelta(hours=1)
BODY = b'{"type":"healthcheck","status":"success","version":"2022-03-16"}'


async def test_a_destination_was_down_for_a_day_and_gets_what_it_missed(
    gateway: Gateway, chromium: Browser
) -> None:
    acme = await gateway.company("Acme")
    past = Past(gateway.db, acme.dev_id)
    async with receiving(judged=False) as receiver:
        receiver.status = 500
        # Added while the server still refuses everything.
        made = await acme.http.post(
            "/v2/destinations", json={"url": receiver.url, "description": "Production"}
        )
        destination_id = UUID(made.json()["destination"]["destination_id"])
        await gateway.db.autocommit.execute(
            "UPDATE destinations SET state = 'disabled', failing_since = $3,"
            " state_reason = 'it failed for 1 day; last: it answered 500' WHERE dev_id = $1 AND id = $2",
            acme.dev_id, destination_id, utc_now() - 24 * HOUR,
        )  # fmt: skip
        before = await past.events(2, "healthcheck", ago=26 * HOUR, body=BODY)
        await past.tried(destination_id, before)
        given_up = await past.events(2, "healthcheck", ago=24 * HOUR, body=BODY)
        await past.tried(destination_id, given_up, "refused", number=10)
        await past.queued(destination_id, given_up, "exhausted", attempts=10)
        never_made = await past.events(5, "healthcheck", ago=3 * HOUR, body=BODY)

        async with page_of(chromium, DESK) as page:
            await sign_in(page, gateway, "olga@acme.example", acme.dev_id)
            await page.get_by_role("link", name="Destinations").click()
            await shoot(page, "destinations-disabled")
            await page.get_by_role("link", name="Production").click()
            await expect(page.get_by_role("heading", name="This destination is disabled")).to_be_visible()
            await shoot(page, "destination-disabled")

            # Mended; olga enables it, has what is missing brought, and sees it end without touching anything.
            receiver.status = 204
            await page.get_by_role("button", name="Enable and recover").click()
            await expect(page.get_by_text("Completed")).to_be_visible(timeout=30_000)
            await expect(page.get_by_text("7 events are sent again")).to_be_visible()
            await shoot(page, "destination-recovered")

            await receiver.wait_for("healthcheck", 7)
            got = [UUID(one.headers["webhook-id"]) for one in receiver.got]
            assert sorted(got) == sorted([*given_up, *never_made])

            # And that it works is seen with a test event, whose outcome comes by itself.
            await page.get_by_role("link", name="Overview").last.click()
            await page.get_by_label("Type").select_option("daily")
            await page.get_by_role("button", name="Send", exact=True).click()
            await expect(page.get_by_text("Delivered (204)")).to_be_visible(timeout=30_000)
            await shoot(page, "destination-tested")
            await page.get_by_role("link", name="daily test event").click()
            await expect(page.get_by_role("heading", name="daily", exact=True)).to_be_visible()
