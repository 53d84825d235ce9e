"""A gateway and its simulated vendor over real HTTP, in this process, on a database of its own."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from tests.fakes.ports import free_port
from tests.fakes.vendor import CONTROL, control, register
from wearable_gateway.db.session import Database, open_database
from wearable_gateway.deliveries import destinations
from wearable_gateway.developers import keys
from wearable_gateway.developers.keys import KeyHasher
from wearable_gateway.developers.models import ProviderApp
from wearable_gateway.kit.addresses import AddressPolicy
from wearable_gateway.kit.encryption import Keyring
from wearable_gateway.sandbox.app import create_vendor
from wearable_gateway.sandbox.config import VendorConfig
from wearable_gateway.web.app import AppConfig, create_app
from wearable_gateway.worker.jobs import run_worker


@dataclass
class Company:
    """A developer with a key, and an HTTP client that carries both."""

    dev_id: str
    api_key: str
    http: httpx.AsyncClient

    async def auth_url(self, **body: Any) -> dict[str, Any]:
        answer = await self.http.post("/v2/auth/authenticateUser", params={"resource": "SANDBOX"}, json=body)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def users(self, reference_id: str) -> list[dict[str, Any]]:
        answer = await self.http.get("/v2/userInfo", params={"reference_id": reference_id})
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["users"]
        return found

    async def deauthenticate(self, user_id: str) -> httpx.Response:
        return await self.http.delete("/v2/auth/deauthenticateUser", params={"user_id": user_id})


class EndUser:
    """A person with a browser: follows redirects, keeps cookies, fills in the vendor's consent form."""

    def __init__(self) -> None:
        self.browser = httpx.AsyncClient(follow_redirects=False, timeout=30, trust_env=False)

    async def go_to_consent(self, auth_url: str) -> str:
        """Open an auth URL; the vendor's consent page it leads to."""
        answer = await self.browser.get(auth_url)
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    async def answer(
        self, consent_url: str, account: str, *, scopes: list[str] | None = None, allow: bool = True
    ) -> str:
        """Fill in the consent form; the callback URL the vendor sends the browser to."""
        page = await self.browser.get(consent_url)
        assert page.status_code == 200, page.text
        fields = hidden_fields(page.text)
        data: dict[str, Any] = {**fields, "account": account}
        data["scope"] = scopes if scopes is not None else ["daily", "activity", "sleep"]
        data["answer"] = "allow" if allow else "refuse"
        done = await self.browser.post(consent_url.partition("?")[0], data=data)
        assert done.status_code == 303, done.text
        return done.headers["location"]

    async def connect(self, auth_url: str, account: str, **choices: Any) -> httpx.Response:
        """The whole way; the gateway's answer to the callback."""
        return await self.browser.get(
            await self.answer(await self.go_to_consent(auth_url), account, **choices)
        )


class _HiddenFields(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "input" and values.get("type") == "hidden":
            self.found[values.get("name") or ""] = values.get("value") or ""


def hidden_fields(page: str) -> dict[str, str]:
    parser = _HiddenFields()
    parser.feed(page)
    return parser.found


@dataclass
class Gateway:
    url: str
    vendor_url: str
    db: Database
    database_url: str
    keyring: Keyring
    hasher: KeyHasher
    app: ProviderApp
    vendor: httpx.AsyncClient
    vendor_app: Any
    stack: contextlib.AsyncExitStack

    def end_user(self) -> EndUser:
        """Another person, with a browser of their own."""
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
            self.db.autocommit, self.keyring, AddressPolicy.allowing_loopback(), company.dev_id, url, events
        )
        return secret

    async def connected(
        self, company: Company, account: str, reference_id: str | None = None, **choices: Any
    ) -> str:
        """Connect `account` for `company`; its user_id."""
        body = {"reference_id": reference_id} if reference_id else {}
        begun = await company.auth_url(**body)
        answer = await self.end_user().connect(begun["auth_url"], account, **choices)
        assert answer.status_code == 200, answer.text
        return str(begun["user_id"])

    async def control(self, command: str, **body: Any) -> dict[str, Any]:
        answer = await self.vendor.post(f"/control/{command}", json=body)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def counters(self) -> dict[str, Any]:
        found: dict[str, Any] = (await self.vendor.get("/control/counters")).json()
        return found


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Any:
        yield


@asynccontextmanager
async def serving(app: Any, port: int) -> AsyncIterator[None]:
    config = uvicorn.Config(
        app, host="127.0.0.1", port=port, log_level="error", access_log=False, timeout_graceful_shutdown=1
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:
        assert not task.done(), "the server did not start"
        await asyncio.sleep(0.005)
    try:
        yield
    finally:
        server.should_exit = True
        await task


@asynccontextmanager
async def running_gateway(
    database_url: str,
    keyring: Keyring,
    hasher: KeyHasher,
    *,
    worker: bool = True,
    state_file: Path | None = None,
) -> AsyncIterator[Gateway]:
    """API, vendor and (unless told otherwise) a worker."""
    port, vendor_port = free_port(), free_port()
    url, vendor_url = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{vendor_port}"
    policy = AddressPolicy.allowing_loopback()
    config = AppConfig(
        database_url=database_url, public_url=url, keyring=keyring, hasher=hasher, policy=policy
    )
    async with open_database(database_url, size=4) as db, contextlib.AsyncExitStack() as stack:
        app, client = await register(db.autocommit, keyring, url=url, vendor_url=vendor_url)
        vendor_app = create_vendor(
            VendorConfig(
                clients=(client,),
                control_token=CONTROL,
                retry_schedule=(0.1, 0.3, 1, 2),
                state_file=state_file,
            )
        )
        await stack.enter_async_context(serving(vendor_app, vendor_port))
        await stack.enter_async_context(serving(create_app(config), port))
        vendor = await stack.enter_async_context(control(vendor_url))
        gateway = Gateway(url, vendor_url, db, database_url, keyring, hasher, app, vendor, vendor_app, stack)
        if worker:
            task = asyncio.create_task(
                run_worker(database_url, keyring=keyring, policy=policy, public_url=url, pool_size=8)
            )
            stack.push_async_callback(_stop, task)
        yield gateway


async def _stop(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
