"""Both situations in a real browser: an end user on a phone without JavaScript, an operator at a desk."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.fakes.gateway import Company, Gateway
from tests.fakes.receiver import receiving
from wearable_gateway.developers import operators
from wearable_gateway.developers.sign_in import issue_sign_in_link
from wearable_gateway.kit.clock import utc_now

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}
SCREENSHOTS = os.environ.get("SCREENSHOTS")


@asynccontextmanager
async def page_of(
    browser: Browser, size: dict[str, int], *, javascript: bool = True, dark: bool = False
) -> AsyncIterator[Page]:
    context = await browser.new_context(
        viewport={"width": size["width"], "height": size["height"]},
        java_script_enabled=javascript,
        color_scheme="dark" if dark else "light",
    )
    try:
        yield await context.new_page()
    finally:
        await context.close()


async def shoot(page: Page, name: str) -> None:
    """A picture for whoever sets SCREENSHOTS to a folder."""
    if SCREENSHOTS:
        folder = Path(SCREENSHOTS)
        folder.mkdir(parents=True, exist_ok=True)
        await page.screenshot(path=folder / f"{name}.png", full_page=True)


async def widget_url(company: Company, **body: str) -> str:
    answer = await company.http.post("/v2/auth/generateWidgetSession", json=body)
    assert answer.status_code == 200
    return str(answer.json()["url"])


async def connect_through_widget(browser: Browser, company: Company, account: str, **body: str) -> None:
    """On a phone, with JavaScript off: choose the provider, sign in at the vendor, allow, come back."""
    async with page_of(browser, PHONE, javascript=False) as page:
        await page.goto(await widget_url(company, **body))
        await shoot(page, "connect-choose")
        await page.get_by_role("button", name="Sandbox Wearables").click()
        await shoot(page, "vendor-consent")
        await page.get_by_label("Account").fill(account)
        await page.get_by_role("button", name="Allow").click()
        await expect(page.get_by_role("heading", name="You are connected")).to_be_visible()
        await shoot(page, "connect-done")


async def sign_in(page: Page, gateway: Gateway, email: str, dev_id: str | None = None) -> None:
    async with gateway.db.transaction() as session:
        operator = await operators.create_operator(session, email, dev_id=dev_id)
        token = await issue_sign_in_link(session, [operator.id], utc_now())
    await page.goto(f"{gateway.url}/dashboard/link/{token}")
    await shoot(page, "dashboard-link")
    await page.get_by_role("button", name="Sign in").click()


async def test_an_operator_assigns_a_missing_reference_id_and_nobody_has_to_reconnect(
    gateway: Gateway, chromium: Browser
) -> None:
    app = await gateway.company("Fit App")
    await connect_through_widget(chromium, app, "ann.watch", reference_id="customer-7")
    await connect_through_widget(chromium, app, "ann.ring", reference_id="customer-7")
    await connect_through_widget(chromium, app, "ann.scale")
    assert len(await app.users("customer-7")) == 2
    everybody = (await app.http.get("/v2/subscriptions")).json()["users"]
    [scale] = [user["user_id"] for user in everybody if user["reference_id"] is None]

    async with page_of(chromium, DESK) as page:
        await sign_in(page, gateway, "ann@example.org", app.dev_id)
        await page.goto(f"{gateway.url}/dashboard/{app.dev_id}/users")
        await shoot(page, "dashboard-users")
        await page.get_by_role("link", name=scale).first.click()
        await shoot(page, "dashboard-details")
        await page.get_by_label("reference_id").last.fill("customer-7")
        await page.get_by_role("button", name="Save").click()
        await expect(page.get_by_text("Saved")).to_be_visible()
        await shoot(page, "dashboard-saved")
    found = {user["user_id"] for user in await app.users("customer-7")}
    assert len(found) == 3
    assert scale in found


async def test_a_person_revoking_at_the_vendor_reaches_both_companies_once(
    gateway: Gateway, chromium: Browser
) -> None:
    a, b = await gateway.company("Company A"), await gateway.company("Company B")
    async with receiving() as at_a, receiving() as at_b:
        await gateway.destination(a, at_a.url)
        await gateway.destination(b, at_b.url)
        await connect_through_widget(chromium, a, "bob", reference_id="a-17")
        await connect_through_widget(chromium, b, "bob", reference_id="b-42")
        await at_a.wait_for("auth")
        await at_b.wait_for("auth")

        async with page_of(chromium, PHONE, javascript=False) as page:
            await page.goto(f"{gateway.vendor_url}/account")
            await page.get_by_label("Account").fill("bob")
            await page.get_by_role("button", name="Sign in").click()
            await shoot(page, "vendor-account")
            await page.get_by_role("button", name="Revoke").click()
        await at_a.wait_for("access_revoked")
        await at_b.wait_for("access_revoked")
        assert at_a.count() == at_b.count() == {"auth": 1, "access_revoked": 1}
    assert [user["active"] for user in await a.users("a-17") + await b.users("b-42")] == [False, False]


async def test_refusing_at_the_vendor_ends_on_a_page_that_says_what_to_do(
    gateway: Gateway, chromium: Browser
) -> None:
    a = await gateway.company("Company A")
    async with page_of(chromium, PHONE, javascript=False, dark=True) as page:
        url = await widget_url(a)
        await page.goto(url)
        await shoot(page, "connect-choose-dark")
        await page.get_by_role("button", name="Sandbox Wearables").click()
        await page.get_by_role("button", name="Refuse").click()
        await expect(page.get_by_role("heading", name="Nothing was connected")).to_be_visible()
        await shoot(page, "connect-refused-dark")
        await page.goto(url)
        await expect(page.get_by_text("already been used")).to_be_visible()
        await shoot(page, "connect-used-dark")
