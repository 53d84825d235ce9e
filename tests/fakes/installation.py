"""A production installation: API and workers are processes of their own, the vendor is simulated in this one."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.fakes.gateway import Company, EndUser, serving
from tests.fakes.ports import free_port
from tests.fakes.processes import Started, start
from tests.fakes.vendor import CONTROL, control, register
from tests.fakes.waiting import eventually
from wearable_gateway.db.session import Database, open_database
from wearable_gateway.deliveries import destinations
from wearable_gateway.developers import keys
from wearable_gateway.developers.keys import KeyHasher
from wearable_gateway.developers.models import ProviderApp
from wearable_gateway.kit.addresses import AddressPolicy
from wearable_gateway.kit.encryption import Keyring, new_key
from wearable_gateway.sandbox.app import create_vendor
from wearable_gateway.sandbox.config import VendorConfig

SECRET = "a secret of more than thirty-two characters"


class Held:
    """The vendor behind a gate: requests for a held path wait until it is let go."""

    def __init__(self, vendor: ASGIApp) -> None:
        self._vendor = vendor
        self._gates: dict[str, asyncio.Event] = {}
        self.waiting: dict[str, int] = {}

    def hold(self, path: str) -> None:
        self._gates[path] = asyncio.Event()
        self.waiting[path] = 0

    def let_go(self, path: str) -> None:
        self._gates.pop(path).set()

    async def arrived(self, path: str) -> None:
        """A request for `path` has come and waits."""

        async def somebody() -> bool:
            return self.waiting[path] > 0

        await eventually(somebody, within=30)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        gate = self._gates.get(scope.get("path", ""))
        if gate is None:
            await self._vendor(scope, receive, send)
            return
        said = await _whole(receive)
        self.waiting[scope["path"]] += 1
        await gate.wait()

        async def again() -> Message:
            return said.pop(0) if said else await receive()

        await self._vendor(scope, again, send)


async def _whole(receive: Receive) -> list[Message]:
    """A request to its end, so that it counts even when whoever sent it dies meanwhile."""
    said = [await receive()]
    while said[-1].get("more_body"):
        said.append(await receive())
    return said


@dataclass
class Installation:
    url: str
    settings: dict[str, str]
    db: Database
    keyring: Keyring
    app: ProviderApp
    gate: Held
    vendor: httpx.AsyncClient
    stack: contextlib.AsyncExitStack
    processes: list[Started] = field(default_factory=list)

    async def serve(self) -> Started:
        """The API, answering."""
        process = await self._start("serve", "--port", self.url.rpartition(":")[2])

        async def answers() -> bool:
            assert process.is_running, process.said
            with contextlib.suppress(httpx.HTTPError):
                async with httpx.AsyncClient(trust_env=False) as http:
                    return (await http.get(f"{self.url}/healthz")).status_code == 200
            return False

        await eventually(answers, within=60)
        return process

    async def worker(self, *options: str) -> Started:
        return await self._start("worker", *options)

    async def _start(self, *arguments: str) -> Started:
        process = await start(*arguments, **self.settings)
        self.processes.append(process)
        return process

    async def company(self, name: str, url: str | None = None) -> Company:
        """A developer, whose events go to `url`."""
        async with self.db.transaction() as session:
            await keys.create_developer(session, name, name)
            _, text = await keys.issue_key(session, KeyHasher(SECRET), name)
        if url is not None:
            policy = AddressPolicy.allowing_loopback()
            await destinations.create(self.db.autocommit, self.keyring, policy, name, url)
        headers = {"dev-id": name, "x-api-key": text}
        http = httpx.AsyncClient(base_url=self.url, headers=headers, timeout=30, trust_env=False)
        self.stack.push_async_callback(http.aclose)
        return Company(name, text, http)

    def end_user(self) -> EndUser:
        person = EndUser()
        self.stack.push_async_callback(person.browser.aclose)
        return person

    async def connected(self, company: Company, account: str) -> str:
        begun = await company.auth_url()
        answer = await self.end_user().connect(begun["auth_url"], account)
        assert answer.status_code == 200, answer.text
        return str(begun["user_id"])

    async def control(self, command: str, **body: Any) -> dict[str, Any]:
        answer = await self.vendor.post(f"/control/{command}", json=body)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def calls(self) -> dict[str, int]:
        found: dict[str, int] = (await self.vendor.get("/control/counters")).json()["calls"]
        return found


@asynccontextmanager
async def installation(database_url: str) -> AsyncIterator[Installation]:
    """The vendor and nothing of the gateway: start its processes with `serve` and `worker`."""
    port, vendor_port = free_port(), free_port()
    url, vendor_url = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{vendor_port}"
    key_text = new_key("k1")
    keyring = Keyring.parse(key_text)
    settings = {
        "DATABASE_URL": database_url,
        "GATEWAY_PUBLIC_URL": url,
        "GATEWAY_ENCRYPTION_KEYS": key_text,
        "GATEWAY_SECRET_KEY": SECRET,
        "GATEWAY_ALLOW_PRIVATE_NETWORKS": "127.0.0.0/8",
        "GATEWAY_DATABASE_POOL_SIZE": "6",
    }
    async with open_database(database_url, size=4) as db, contextlib.AsyncExitStack() as stack:
        app, client = await register(db.autocommit, keyring, url=url, vendor_url=vendor_url)
        config = VendorConfig(
            clients=(client,), control_token=CONTROL, retry_schedule=(0.1, 0.3, *[0.5] * 60)
        )
        gate = Held(create_vendor(config))
        await stack.enter_async_context(serving(gate, vendor_port))
        vendor = await stack.enter_async_context(control(vendor_url))
        made = Installation(url, settings, db, keyring, app, gate, vendor, stack)
        try:
            yield made
        finally:
            await asyncio.gather(*(process.kill() for process in made.processes))
