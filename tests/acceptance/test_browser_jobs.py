"""What operators come for, in a real browser and with the worker: a thousand names, a missing day, a person to forget."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from playwright.async_api import Browser, expect

from tests.acceptance.test_browser import DESK, page_of, shoot, sign_in
from tests.fakes.gateway import Gateway
from tests.fakes.past import Past
from wearable_gateway.connections.models import Connection, ConnectionState
from wearable_gateway.connections.repository import ConnectionRepository
from wearable_gateway.db.session import Database
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.kit.ids import uuid7

pytestmark = pytest.mark.browser

DAY = timedelta(days=1)


async def nameless(db: Database, dev_id: str, number: int) -> list[str]:
    """Connections without a reference_id; their user_ids."""
    now = utc_now()
    async with db.transaction() as session:
        connections = ConnectionRepository(session, dev_id)
        made = [
            Connection(
                dev_id=dev_id, id=uuid7(), provider="SANDBOX", grant_id=uuid7(), reference_id=None,
                consented_scopes=("daily",), scopes=("daily",), state=ConnectionState.ACTIVE, last_error=None,
                last_error_at=None, last_event_at=None, created_at=now,
            )
            for _ in range(number)
        ]  # fmt: skip
        for one in made:
            await connections.add(one, now=now)
    return [str(one.id) for one in made]


async def test_a_thousand_users_are_given_their_reference_ids_by_a_file(
    gateway: Gateway, chromium: Browser, tmp_path: Path
) -> None:
    acme = await gateway.company("Acme")
    user_ids = await nameless(gateway.db, acme.dev_id, 1000)
    file = tmp_path / "names.csv"
    rows = [f"{user_id},customer-{number}" for number, user_id in enumerate(user_ids)]
    file.write_text("\n".join(["user_id,reference_id", *rows, f"{uuid7()},nobody"]))
    async with page_of(chromium, DESK) as page:
        await sign_in(page, gateway, "mia@acme.example", acme.dev_id)
        await page.get_by_role("link", name="Users", exact=True).click()
        await page.get_by_role("link", name="Bulk jobs").click()
        await page.get_by_label("CSV file").set_input_files(file)
        await page.get_by_role("button", name="Look at it").click()
        await expect(page.get_by_text("you have no user with this user_id")).to_be_visible()
        await shoot(page, "bulk-preview")
        await page.get_by_role("button", name="Apply the 1,000 good rows").click()
        await expect(page.get_by_text("Completed", exact=True)).to_be_visible(timeout=60_000)
        await shoot(page, "bulk-completed")
    named = await gateway.db.autocommit.fetchval(
        "SELECT count(DISTINCT reference_id) FROM connections WHERE dev_id = $1", acme.dev_id
    )
    assert named == 1000


async def test_why_there_is_no_data_since_tuesday_is_found_in_under_five_clicks(
    gateway: Gateway, chromium: Browser
) -> None:
    acme = await gateway.company("Acme")
    user_id = await gateway.connected(acme, "ann", "customer-7")
    past = Past(gateway.db, acme.dev_id)
    destination_id = await past.destination("https://acme.example/webhooks")
    await gateway.db.autocommit.execute(
        "UPDATE destinations SET state = 'disabled', failing_since = $3, state_reason = 'it failed for 5 days;"
        " last: it answered 500' WHERE dev_id = $1 AND id = $2",
        acme.dev_id, destination_id, utc_now() - 5 * DAY,
    )  # fmt: skip
    clicks = 0
    async with page_of(chromium, DESK) as page:
        await sign_in(page, gateway, "mia@acme.example", acme.dev_id)
        await page.get_by_role("link", name="Users", exact=True).click()
        clicks += 1
        await page.get_by_label("Search").fill("customer-7")
        await page.keyboard.press("Enter")
        await page.get_by_role("link", name=f"Details of {user_id}").click()
        clicks += 1
        why = page.locator("#details")
        await expect(why.get_by_text("disabled").first).to_be_visible()
        await shoot(page, "why-no-data")
        await why.get_by_role("link", name="The destination").first.click()
        clicks += 1
        await expect(page.get_by_text("it failed for 5 days")).to_be_visible()
    assert clicks < 5


async def test_a_person_who_asks_for_it_is_forgotten(gateway: Gateway, chromium: Browser) -> None:
    acme = await gateway.company("Acme")
    await gateway.connected(acme, "ann", "customer-7")
    await gateway.connected(acme, "ann.ring", "customer-7")
    kept = await gateway.connected(acme, "ben", "customer-8")
    async with page_of(chromium, DESK) as page:
        await sign_in(page, gateway, "mia@acme.example", acme.dev_id)
        await page.get_by_role("link", name="Users", exact=True).click()
        await page.get_by_role("link", name="Forget a person").click()
        await page.get_by_label("reference_id", exact=True).fill("customer-7")
        await page.keyboard.press("Enter")
        await shoot(page, "forget-what")
        await page.get_by_label("Type").fill("customer-7")
        await page.get_by_role("button", name="Forget").click()
        await expect(page.get_by_text("What stays")).to_be_visible(timeout=60_000)
        await shoot(page, "forgotten")
    left = await ConnectionRepository(gateway.db.autocommit, acme.dev_id).all()
    assert [str(one.id) for one in left] == [kept]


async def test_an_id_beside_a_name_that_runs_from_right_to_left_stays_in_one_piece(
    gateway: Gateway, chromium: Browser
) -> None:
    acme = await gateway.company("Acme")
    [user_id] = await nameless(gateway.db, acme.dev_id, 1)
    past = Past(gateway.db, acme.dev_id)
    [event_id] = await past.events()
    await gateway.db.autocommit.execute(
        "UPDATE connections SET reference_id = 'שלום עולם' WHERE dev_id = $1 AND id = $2",
        acme.dev_id,
        UUID(user_id),
    )
    await gateway.db.autocommit.execute(
        "UPDATE events SET user_id = $2 WHERE dev_id = $1 AND id = $3", acme.dev_id, UUID(user_id), event_id
    )
    async with page_of(chromium, DESK) as page:
        await sign_in(page, gateway, "mia@acme.example", acme.dev_id)
        await page.goto(f"{gateway.url}/dashboard/{acme.dev_id}/events/{event_id}")
        pieces = await page.get_by_text(user_id, exact=True).first.evaluate(
            "element => { const text = document.createRange(); text.selectNodeContents(element);"
            " return text.getClientRects().length }"
        )
        assert pieces == 1


async def test_a_narrowed_list_of_deliveries_fits_its_window(gateway: Gateway, chromium: Browser) -> None:
    acme = await gateway.company("Acme")
    await Past(gateway.db, acme.dev_id).destination()
    async with page_of(chromium, DESK) as page:
        await sign_in(page, gateway, "mia@acme.example", acme.dev_id)
        for width in (390, 768, 1024, 1280, 1440, 1472, 1600):
            await page.set_viewport_size({"width": width, "height": 800})
            await page.goto(f"{gateway.url}/dashboard/{acme.dev_id}/events/deliveries?type=auth")
            await expect(page.get_by_role("link", name="Clear")).to_be_visible()
            assert await page.evaluate("document.documentElement.scrollWidth") <= width


async def test_the_details_of_a_user_with_the_longest_name_fit_their_pane(
    gateway: Gateway, chromium: Browser
) -> None:
    acme = await gateway.company("Acme")
    [user_id] = await nameless(gateway.db, acme.dev_id, 1)
    await gateway.db.autocommit.execute(
        "UPDATE connections SET reference_id = repeat('W', 255) WHERE dev_id = $1", acme.dev_id
    )
    async with page_of(chromium, DESK) as page:
        await sign_in(page, gateway, "mia@acme.example", acme.dev_id)
        for width in (390, 1280):
            await page.set_viewport_size({"width": width, "height": 800})
            await page.goto(f"{gateway.url}/dashboard/{acme.dev_id}/users?selected={user_id}")
            await expect(page.get_by_role("link", name="Close details")).to_be_in_viewport()
            assert await page.locator("#details").evaluate("pane => pane.scrollWidth <= pane.clientWidth")
