"""A session that ends while somebody types, in a real browser: it alone says where a form came from."""

import pytest
from playwright.async_api import Browser, expect

from tests.acceptance.test_browser import DESK, page_of
from tests.fakes.gateway import Gateway
from wearable_gateway.developers.operators import create_operator

pytestmark = pytest.mark.browser

PASSWORD = "correct horse battery staple"


async def test_what_was_typed_is_still_there_after_signing_in_again(
    gateway: Gateway, chromium: Browser
) -> None:
    app = await gateway.company("Fit App")
    await create_operator(gateway.db.autocommit, "olga@example.org", PASSWORD, app.dev_id)
    people = f"{gateway.url}/dashboard/{app.dev_id}/people"
    async with page_of(chromium, DESK, javascript=False) as page:

        async def sign_in() -> None:
            await page.get_by_label("E-mail").fill("olga@example.org")
            await page.get_by_label("Password").fill(PASSWORD)
            await page.get_by_role("button", name="Sign in").click()

        await page.goto(people)
        await sign_in()
        await expect(page).to_have_url(people)
        await page.get_by_label("E-mail").fill("new@example.org")
        await page.get_by_label("Read-only").check()
        await gateway.db.autocommit.execute("DELETE FROM operator_sessions")
        await page.get_by_role("button", name="Make an invitation").click()
        await expect(page.get_by_role("heading", name="Sign in again")).to_be_visible()
        await sign_in()
        await expect(page.get_by_label("email")).to_have_value("new@example.org")
        await expect(page.get_by_label("role")).to_have_value("read_only")
        await page.get_by_role("button", name="Send it now").click()
        await expect(page.get_by_role("heading", name="Invitation for new@example.org")).to_be_visible()
        await expect(page.locator(".copyable .value")).to_contain_text("/dashboard/invitation/")
