"""Terra's JavaScript client, in a Node of its own, against the same gateway."""

import asyncio
import hashlib
import json
import os
import re
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.contract.event_causes import CAUSES, Stage
from tests.contract.minutes import in_the_last_seconds
from tests.contract.vendor_documents import (
    EVERYTHING,
    FIRST,
    LAST,
    account_with_everything,
    documents,
    person,
)
from tests.fakes.gateway import Company, Gateway
from tests.fakes.receiver import receiving
from tests.fakes.vendor import CONTROL
from wearable_gateway.developers.settings_repository import change_settings
from wearable_gateway.events.catalog import EventType

SUITE = Path(__file__).parent / "node"
MINUTES = 4
"""Within which npm, or the suite, has to be done."""
_SCOPES = ("activity", "body", "daily", "menstruation", "nutrition", "planned_workout", "sleep")


@dataclass(frozen=True)
class Programs:
    node: str
    npm: str


@pytest.fixture(scope="session")
def programs() -> Programs:
    """Skips where Node is not installed, unless REQUIRE_NODE says that it must be."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        if os.environ.get("REQUIRE_NODE"):
            pytest.fail("REQUIRE_NODE is set and there is no node, or no npm")
        pytest.skip("no node or no npm on this machine: Terra's JavaScript client was not tried")
    return Programs(node, npm)


async def run(*command: str, cwd: Path, **environment: str) -> tuple[int, str]:
    """Its exit code and all it printed."""
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=cwd,
        env={**os.environ, **environment},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        output, _ = await asyncio.wait_for(process.communicate(), MINUTES * 60)
    except TimeoutError:
        process.kill()
        await process.communicate()
        pytest.fail(f"not done within {MINUTES} minutes: {' '.join(command)}")
    assert process.returncode is not None
    return process.returncode, output.decode(errors="replace")


@pytest.fixture
async def packages(programs: Programs) -> Path:
    """What the lock file names, installed once for each lock file, outside of this project."""
    lock = (SUITE / "package-lock.json").read_bytes()
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "wearable-gateway-tests"
    folder = cache / f"node-{hashlib.sha256(lock).hexdigest()[:16]}"
    if not folder.exists():
        fresh = folder.with_name(f"{folder.name}.{os.getpid()}")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(SUITE / name, fresh)
        code, output = await run(programs.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=fresh)
        assert code == 0, output
        try:
            fresh.rename(folder)
        except OSError:
            # Another run was faster; what it installed is the same.
            shutil.rmtree(fresh)
    return folder / "node_modules"


@pytest.fixture
async def limited(gateway: Gateway) -> AsyncIterator[dict[str, str]]:
    """A company that may make one request a minute, and where the minute is about to end."""
    company = await gateway.company("One a minute")
    async with gateway.db.transaction() as session:
        await change_settings(session, company.dev_id, {"requests_per_minute": 1}, actor="test:node")
    async with in_the_last_seconds(gateway) as base_url:
        yield {"baseUrl": base_url, "devId": company.dev_id, "apiKey": company.api_key}


async def received(gateway: Gateway) -> dict[str, Any]:
    """Deliveries as they came, with their secret."""
    company = await gateway.company("Receiver")
    async with receiving() as at_company:
        secret = await gateway.destination(company, at_company.url)
        await CAUSES[EventType.DAILY](Stage(gateway, company, account_with_everything("node-receiver")))
        await at_company.wait_for("daily")
        found = [{"headers": one.headers, "body": one.body.decode()} for one in at_company.got]
    return {"deliveries": found, "secret": secret}


async def facts(gateway: Gateway, account: str, limited: dict[str, str]) -> dict[str, Any]:
    return {
        "first": str(FIRST),
        "last": str(LAST),
        "documents": {scope: documents(account, scope) for scope in _SCOPES},
        "person": person(account, datetime.now(UTC).date()),
        "limited": limited,
        **await received(gateway),
    }


async def connections(gateway: Gateway, company: Company, account: str) -> dict[str, str]:
    return {
        "CONTRACT_USER_ID": await gateway.connected(company, account, "ann", scopes=EVERYTHING),
        "CONTRACT_SPARE_USER_ID": await gateway.connected(company, "spare", "ann"),
        "CONTRACT_SHY_USER_ID": await gateway.connected(company, "shy", "shy", scopes=["daily"]),
    }


def expected_tests() -> int:
    calls = re.findall(r'^  "\w+\.\w+": async', (SUITE / "calls.mjs").read_text(), re.MULTILINE)
    others = re.findall(r"^test\(", (SUITE / "contract.test.mjs").read_text(), re.MULTILINE)
    assert len(calls) == 25
    return len(calls) + len(others)


@pytest.fixture
async def environment(
    gateway: Gateway, company: Company, account: str, limited: dict[str, str], tmp_path: Path
) -> dict[str, str]:
    told = tmp_path / "facts.json"
    told.write_text(json.dumps(await facts(gateway, account, limited)))
    return {
        "CONTRACT_BASE_URL": f"{gateway.url}/v2",
        "CONTRACT_DEV_ID": company.dev_id,
        "CONTRACT_API_KEY": company.api_key,
        "CONTRACT_VENDOR_URL": gateway.vendor_url,
        "CONTRACT_VENDOR_TOKEN": CONTROL,
        "CONTRACT_FACTS": str(told),
        **await connections(gateway, company, account),
    }


async def test_terras_javascript_client_works_unchanged(
    environment: dict[str, str], programs: Programs, packages: Path, tmp_path: Path
) -> None:
    for module in SUITE.glob("*.mjs"):
        shutil.copy(module, tmp_path)
    (tmp_path / "node_modules").symlink_to(packages)
    suite = ("--test", "--test-reporter=tap", "contract.test.mjs")
    code, output = await run(programs.node, *suite, cwd=tmp_path, **environment)
    assert code == 0, output
    counts = dict(re.findall(r"^# (pass|fail|cancelled|skipped|todo) (\d+)$", output, re.MULTILINE))
    assert counts.pop("pass") == str(expected_tests()), output
    assert set(counts.values()) == {"0"}, output


def test_the_lock_file_names_versions_and_hashes_and_no_registry() -> None:
    lock = json.loads((SUITE / "package-lock.json").read_text())
    asked = json.loads((SUITE / "package.json").read_text())
    assert asked["private"] is True
    assert asked["type"] == "module"
    for name, version in asked["dependencies"].items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version)
        assert lock["packages"][f"node_modules/{name}"]["version"] == version
    for place, package in lock["packages"].items():
        assert "resolved" not in package
        assert not place or package["integrity"].startswith("sha512-")
    assert "://" not in json.dumps(lock)
