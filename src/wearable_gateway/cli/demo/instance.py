"""A gateway for the demo alone: a child process with a temporary folder, gone at the end."""

import asyncio
import contextlib
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from aiohttp import web

from wearable_gateway.cli.context import ACTOR, Runtime, installed
from wearable_gateway.cli.ports import next_free
from wearable_gateway.cli.receiving import receiver
from wearable_gateway.db.session import Database, open_database
from wearable_gateway.deliveries import destinations
from wearable_gateway.developers import developer_changes, operators
from wearable_gateway.developers.sign_in import issue_sign_in_link
from wearable_gateway.errors import SettingsError
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.local import Local

_HOST = "127.0.0.1"
_FIRST_PORT = 18000
_STARTS_WITHIN_SECONDS = 60
_EVENT_WITHIN_SECONDS = 20


@dataclass
class Company:
    """A developer with a key and a server of its own that receives its events."""

    name: str
    dev_id: str
    http: httpx.AsyncClient
    events: list[dict[str, Any]] = field(default_factory=list)

    def of_type(self, kind: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["type"] == kind]

    async def wait_for(
        self, kind: str, is_it: Callable[[dict[str, Any]], bool] = lambda _event: True
    ) -> list[dict[str, Any]]:
        """The events of that type that `is_it` recognises, once there is one; none when none came in time."""
        for _ in range(_EVENT_WITHIN_SECONDS * 50):
            if found := list(filter(is_it, self.of_type(kind))):
                return found
            await asyncio.sleep(0.02)
        return []


@dataclass
class Instance:
    url: str
    vendor_url: str
    runtime: Runtime
    db: Database
    stack: contextlib.AsyncExitStack

    async def company(self, name: str, dev_id: str) -> Company:
        """A developer whose events go to a receiver on this machine."""
        async with self.db.transaction() as session:
            _, _, key = await developer_changes.create(
                session, self.runtime.hasher, name, dev_id, actor=ACTOR
            )
        http = httpx.AsyncClient(
            base_url=self.url, headers={"dev-id": dev_id, "x-api-key": key}, trust_env=False
        )
        await self.stack.enter_async_context(http)
        company = Company(name, dev_id, http)
        port = next_free(_HOST, _FIRST_PORT + 500)
        _, secret = await destinations.create(
            self.db.autocommit,
            self.runtime.keyring,
            self.runtime.policy,
            dev_id,
            f"http://{_HOST}:{port}/",
            None,
        )
        runner = web.AppRunner(receiver(secret, lambda received: _keep(company, received)))
        await runner.setup()
        self.stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, _HOST, port).start()
        return company

    async def operator_link(self) -> str:
        async with self.db.transaction() as session:
            operator = await operators.create_operator(session, "demo-operator@example.org")
            token = await issue_sign_in_link(session, [operator.id], utc_now())
        return f"{self.url}/dashboard/link/{token}"

    async def at_vendor(self, command: str, **body: str) -> dict[str, Any]:
        local = Local.find_or_create(self.runtime.data_dir)
        async with httpx.AsyncClient(trust_env=False) as http:
            answer = await http.post(
                f"{self.vendor_url}/control/{command}",
                json=body,
                headers={"authorization": f"Bearer {local.sandbox_control_token}"},
            )
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found


def _keep(company: Company, received: dict[str, object]) -> None:
    event = received["event"]
    if received["verified"] and isinstance(event, dict):
        company.events.append(event)


@asynccontextmanager
async def running_instance() -> AsyncIterator[Instance]:
    """Raises SettingsError when it does not start; its last words are in the error."""
    with tempfile.TemporaryDirectory(prefix="wearable-gateway-demo-", ignore_cleanup_errors=True) as folder:
        port = next_free(_HOST, _FIRST_PORT)
        process = await _start(Path(folder), port)
        try:
            runtime = installed(Path(folder), None)
            local = Local.find_or_create(runtime.data_dir)
            async with contextlib.AsyncExitStack() as stack:
                db = await stack.enter_async_context(open_database(runtime.database_url, size=2))
                yield Instance(f"http://{_HOST}:{port}", local.sandbox_url or "", runtime, db, stack)
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            await process.wait()


async def _start(folder: Path, port: int) -> asyncio.subprocess.Process:
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GATEWAY_") and name != "DATABASE_URL"
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "wearable_gateway", "run", "--port", str(port), "--data-dir", str(folder),
        env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    output: list[str] = []
    try:
        async with asyncio.timeout(_STARTS_WITHIN_SECONDS):
            await _ready(process, output)
    except (TimeoutError, SettingsError) as error:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        raise SettingsError("the demo's gateway did not start:\n" + "".join(output[-20:])) from error
    return process


async def _ready(process: asyncio.subprocess.Process, output: list[str]) -> None:
    assert process.stdout is not None  # noqa: S101 - piped above
    while line := await process.stdout.readline():
        output.append(line.decode(errors="replace"))
        if output[-1].startswith("ready "):
            return
    raise SettingsError("it ended")
