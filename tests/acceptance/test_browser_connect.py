"""The connect pages in a real browser: what is typed, what a phone shows, where going back leads."""

import pytest
from playwright.async_api import Browser, Page, expect

from tests.acceptance.test_browser import PHONE, page_of, shoot
from tests.fakes.gateway import Company, Gateway
from wearable_gateway.developers.provider_apps import ProviderApps
from wearable_gateway.providers import PROVIDERS

pytestmark = pytest.mark.browser

SMALL = {"width": 320, "height": 568}


@pytest.fixture
async def company(gateway: Gateway) -> Company:
    """With every provider there is; only the sandbox has somebody behind it."""
    made = await gateway.company("Fit App")
    nowhere = dict.fromkeys(("authorize", "token", "api"), "http://127.0.0.1:9")
    apps = ProviderApps(gateway.db.autocommit, gateway.keyring)
    for slug in set(PROVIDERS) - {"SANDBOX"}:
        await apps.put(slug, client_id="id", client_secret="secret", hosts=nowhere, dev_id=made.dev_id)
    async with gateway.db.transaction() as session:
        await session.execute("UPDATE developers SET settings = $1", {"brand_color": "#ffe600"})
    return made


async def _session(company: Company, **body: object) -> str:
    answer = await company.http.post("/v2/auth/generateWidgetSession", json=body)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["url"])


async def _fits(page: Page) -> None:
    """Nothing has to be scrolled sideways, and nothing was kept from loading."""
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_a_search_filters_while_somebody_types_and_the_brand_is_seen(
    gateway: Gateway, company: Company, chromium: Browser
) -> None:
    del gateway
    async with page_of(chromium, PHONE) as page:
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        await page.goto(await _session(company))
        field = page.get_by_label("Find your brand")
        for typed, count in (("FIT", 1), ("p\u00f3l", 1), ("zzz", 0), ("s", 4)):
            await field.fill(typed)
            await expect(page.get_by_role("status")).to_have_text(f"Found: {count}")
            await expect(page.locator(".choice:visible")).to_have_count(count)
            await expect(page.get_by_text("Nothing found for")).to_be_visible(visible=count == 0)
        await field.fill("")
        await expect(page.locator(".choice:visible")).to_have_count(len(PROVIDERS))
        await page.get_by_role("link", name="Garmin").click()
        go = page.get_by_role("button", name="Continue to Garmin")
        colors = await go.evaluate(
            "one => [getComputedStyle(one).backgroundColor, getComputedStyle(one).color]"
        )
        assert colors == ["rgb(255, 230, 0)", "rgb(0, 0, 0)"]
        assert said == []


async def test_an_end_user_reads_arabic_connects_disconnects_and_goes_back(
    gateway: Gateway, company: Company, chromium: Browser
) -> None:
    await gateway.connected(company, "ann.ring", "ann")
    async with page_of(chromium, SMALL, javascript=False) as page:
        link = await _session(company, reference_id="ann", show_disconnect=True, language="ar")
        await page.goto(link)
        await expect(page.locator("html")).to_have_attribute("dir", "rtl")
        async with page_of(chromium, SMALL) as measured:
            for address in (link, f"{link}/SANDBOX", f"{link}?q=zzz"):
                await measured.goto(address)
                await _fits(measured)
        await shoot(page, "connect-choose-arabic")
        await page.get_by_role("link", name="Deutsch").click()
        await page.get_by_role("link", name="Sandbox Wearables trennen").click()
        await shoot(page, "connect-disconnect-german")
        await page.get_by_role("button", name="Sandbox Wearables trennen").click()
        await expect(page.get_by_text("nicht mehr mit Fit App verbunden")).to_be_visible()
        assert await company.users("ann") == []
        await page.get_by_role("link", name="Sandbox Wearables").click()
        await page.get_by_role("button", name="Weiter zu Sandbox Wearables").click()
        await page.go_back()
        await page.get_by_role("button", name="Weiter zu Sandbox Wearables").click()
        await page.get_by_label("Account").fill("ann.watch")
        await page.get_by_role("button", name="Allow").click()
        await expect(page.get_by_role("heading", name="Du bist verbunden")).to_be_visible()
        await page.reload()
        await expect(page.get_by_role("heading", name="Du bist verbunden")).to_be_visible()
        assert len(await company.users("ann")) == 1
