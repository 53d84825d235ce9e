"""A real browser, where there is one; and a stage for simulated vendors."""

import os
import shutil
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, async_playwright

from tests.fakes.simulated import Stage, simulated_stage
from wearable_gateway.developers.keys import KeyHasher
from wearable_gateway.kit.encryption import Keyring

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def _program() -> str | None:
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """Skips where no browser is installed, unless REQUIRE_BROWSER says that there must be one."""
    program = _program()
    if program is None:
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail("REQUIRE_BROWSER is set and there is no Chromium")
        pytest.skip("no Chromium on this machine: the page tests did not run")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=_ARGUMENTS)
        yield browser
        await browser.close()


@pytest.fixture
async def stage(database_url: str, keyring: Keyring, hasher: KeyHasher) -> AsyncIterator[Stage]:
    """Without a worker: who plays on it starts and kills its own."""
    async with simulated_stage(database_url, keyring, hasher, worker=False) as made:
        yield made
