"""A gateway whose vendors are simulated, over real HTTP, in this process, on a database of its own."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx

from tests.fakes.gateway import Company, EndUser, _stop, serving
from tests.fakes.ports import free_port
from wearable_gateway.connections.access import notice_path
from wearable_gateway.db.session import Database, open_database
from wearable_gateway.db.wakeups import UPKEEP
from wearable_gateway.deliveries import destinations
from wearable_gateway.developers import keys
from wearable_gateway.developers.keys import KeyHasher
from wearable_gateway.developers.models import ProviderApp
from wearable_gateway.developers.provider_apps import ProviderApps
from wearable_gateway.kit.addresses import AddressPolicy
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.kit.encryption import Keyring
from wearable_gateway.providers import PROVIDERS
from wearable_gateway.providers._base.provider import Provider
from wearable_gateway.simulators import SIMULATORS
from wearable_gateway.simulators._base.config import SimulatorConfig
from wearable_gateway.simulators._base.simulator import Simulator
from wearable_gateway.web.app import AppConfig, create_app
from wearable_gateway.worker.jobs import run_worker

CONTROL = "control-token"


@dataclass
class Vendor:
    """A simulated vendor and the gateway's app at it."""

    provider: Provider
    app: ProviderApp
    simulator: Simulator
    http: httpx.AsyncClient

    async def control(self, command: str, **body: Any) -> dict[str, Any]:
        answer = await self.http.post(f"/control/{command}", json=body)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def calls(self) -> dict[str, int]:
        found: dict[str, int] = (await self.http.get("/control/counters")).json()["calls"]
        return found

    async def notices(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.http.get("/control/notices")).json()
        return found


@dataclass
class Stage:
    url: str
    db: Database
    database_url: str
    keyring: Keyring
    hasher: KeyHasher
    stack: contextlib.AsyncExitStack
    policy: AddressPolicy
    vendors: dict[str, Vendor]

    def end_user(self) -> EndUser:
        person = EndUser()
        self.stack.push_async_callback(person.browser.aclose)
        return person

    async def company(self, name: str) -> Company:
        async with self.db.transaction() as session:
            developer = await keys.create_developer(session, name, name.lower().replace(" ", "-"))
            _, text = await keys.issue_key(session, self.hasher, developer.dev_id)
        http = httpx.AsyncClient(
            base_url=self.url,
            headers={"dev-id": developer.dev_id, "x-api-key": text},
            timeout=30,
            trust_env=False,
        )
        self.stack.push_async_callback(http.aclose)
        return Company(developer.dev_id, text, http)

    async def destination(self, company: Company, url: str, events: list[str] | None = None) -> str:
        """The signing secret."""
        _, secret = await destinations.create(
            self.db.autocommit, self.keyring, self.policy, company.dev_id, url, events
        )
        return secret

    async def add_vendor(self, name: str, company: Company | None = None, **config: Any) -> Vendor:
        """Start the simulator called `name`, and register the gateway with it."""
        provider, made = PROVIDERS[name.upper()], SIMULATORS[name]
        port = free_port()
        vendor_url = f"http://127.0.0.1:{port}"

        async def enter() -> ProviderApp:
            return await ProviderApps(self.db.autocommit, self.keyring).put(
                provider.slug,
                client_id=f"{name}-client",
                client_secret=f"{name}-client-secret",
                hosts=dict.fromkeys(provider.default_hosts, vendor_url),
                extra=made.extra,
                dev_id=company.dev_id if company else None,
            )

        app = await enter()
        simulator = made(
            SimulatorConfig(
                url=vendor_url,
                client_id=app.client_id,
                client_secret=app.client_secret,
                redirect_uris=(f"{self.url}/connect/callback",),
                notice_url=self.url + notice_path(app),
                extra=made.extra,
                control_token=CONTROL,
                **{"retry_schedule": (0.1, 0.3, 1, 2), **config},
            )
        )
        await self.stack.enter_async_context(serving(simulator.app(), port))
        # Once more, now that it answers: a worker may have found nobody there.
        await enter()
        http = httpx.AsyncClient(
            base_url=vendor_url,
            headers={"authorization": f"Bearer {CONTROL}"},
            timeout=30,
            trust_env=False,
        )
        self.stack.push_async_callback(http.aclose)
        self.vendors[name] = Vendor(provider, app, simulator, http)
        return self.vendors[name]

    async def connect(
        self,
        company: Company,
        vendor: Vendor,
        account: str,
        *,
        scopes: Sequence[str] | None = None,
        **body: Any,
    ) -> tuple[str, httpx.Response]:
        """The whole way of a consent; the user_id it was to make, and the gateway's answer to the callback."""
        asked = {"resource": vendor.provider.slug}
        begun = await company.http.post("/v2/auth/authenticateUser", params=asked, json=body)
        assert begun.status_code == 200, begun.text
        allowed = list(scopes if scopes is not None else vendor.simulator.scopes)
        answer = await self.end_user().connect(begun.json()["auth_url"], account, scopes=allowed)
        return begun.json()["user_id"], answer

    async def connected(self, company: Company, vendor: Vendor, account: str, **choices: Any) -> str:
        """Connect `account` for `company`; its user_id."""
        user_id, answer = await self.connect(company, vendor, account, **choices)
        assert answer.status_code == 200, answer.text
        return user_id

    async def start_worker(self) -> "asyncio.Task[None]":
        """It ends with the stage; whoever cancels the task ends it earlier."""
        task = asyncio.create_task(
            run_worker(
                self.database_url,
                keyring=self.keyring,
                policy=self.policy,
                public_url=self.url,
                pool_size=8,
            )
        )
        self.stack.push_async_callback(_stop, task)
        return task

    async def look_after_now(self) -> None:
        """Every poll and probe is due at once."""
        await self.db.autocommit.execute("UPDATE grant_upkeep SET due_at = $1", utc_now())
        self.db.autocommit.wake(UPKEEP)

    async def subscribed(self, vendor: Vendor) -> bool:
        """Whether the worker has seen to the vendor's notices for its app."""
        row = await self.db.autocommit.fetchrow(
            "SELECT upkeep_due_at, upkeep_error FROM provider_apps WHERE id = $1", vendor.app.id
        )
        assert row is not None
        assert row["upkeep_error"] is None, row["upkeep_error"]
        # A claim lasts five minutes; what is done is due again in hours.
        return row["upkeep_due_at"] is None or row["upkeep_due_at"] > utc_now() + timedelta(minutes=10)


@asynccontextmanager
async def simulated_stage(
    database_url: str, keyring: Keyring, hasher: KeyHasher, *, worker: bool = True
) -> AsyncIterator[Stage]:
    """API and (unless told otherwise) a worker; vendors are added as they are needed."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    policy = AddressPolicy.allowing_loopback()
    config = AppConfig(
        database_url=database_url, public_url=url, keyring=keyring, hasher=hasher, policy=policy
    )
    async with open_database(database_url, size=4) as db, contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(serving(create_app(config), port))
        stage = Stage(url, db, database_url, keyring, hasher, stack, policy, {})
        if worker:
            await stage.start_worker()
        yield stage
