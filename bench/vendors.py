"""Simulated vendors that know the gateway's app and one account of it, and what they tell it, without sending it."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from itertools import count
from urllib.parse import parse_qsl, urlsplit

import httpx
import uvicorn

from bench.client import LoadError
from bench.hurrying import HurryingLoop
from bench.processes import free_port
from wearable_gateway.connections.access import Vendors, app_access, notice_path
from wearable_gateway.db.session import Database
from wearable_gateway.developers.models import ProviderApp
from wearable_gateway.developers.provider_apps import ProviderApps
from wearable_gateway.ingestion.app_upkeep import look_after_next
from wearable_gateway.kit.encryption import Keyring
from wearable_gateway.providers import PROVIDERS
from wearable_gateway.providers._base.oauth2 import OAuth2Flow
from wearable_gateway.providers._base.provider import Provider
from wearable_gateway.providers._base.reaching import Access, Tokens
from wearable_gateway.simulators import SIMULATORS
from wearable_gateway.simulators._base.book import Person
from wearable_gateway.simulators._base.config import SimulatorConfig
from wearable_gateway.simulators._base.sending import Headers, Sender, Sent
from wearable_gateway.simulators._base.simulator import Simulator

_CLIENT = "bench-client"
_SECRET = "not a secret: nobody but this machine knows of it"  # noqa: S105 - as it says
_CALLBACK = "http://127.0.0.1:9/connect/callback"
_VERIFIER = "v" * 43
_ACCOUNT = "ann"
_GATHERING_SECONDS = 1
_TICK_SECONDS = 0.01
_SILENCE = 100
"""Who says nothing about so many changes will say nothing at all."""


def telling() -> list[tuple[Provider, type[Simulator]]]:
    """Every provider that takes notices from a vendor which there is a simulator of."""
    return [
        (provider, SIMULATORS[slug.lower()])
        for slug, provider in PROVIDERS.items()
        if provider.takes_notices and slug.lower() in SIMULATORS
    ]


async def acquainted(
    db: Database, keyring: Keyring, gateway_url: str, provider: Provider, made: type[Simulator]
) -> tuple[ProviderApp, Simulator]:
    """The gateway's app, and its vendor after it was asked for notices and an account has allowed everything."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    apps = ProviderApps(db.autocommit, keyring)
    app = await apps.put(
        provider.slug,
        client_id=_CLIENT,
        client_secret=_SECRET,
        hosts=dict.fromkeys(provider.default_hosts, url),
        extra=made.extra,
    )
    simulator = made(
        SimulatorConfig(
            url=url,
            client_id=_CLIENT,
            client_secret=_SECRET,
            redirect_uris=(_CALLBACK,),
            notice_url=gateway_url + notice_path(app),
            extra=made.extra,
            control_token=_SECRET,
        )
    )
    async with _served(simulator, port):
        while await look_after_next(db, keyring, gateway_url):
            pass
        app = await apps.get(app.id)
        await _allow_everything(Vendors(db, keyring), app, simulator, gateway_url)
    return app, simulator


@asynccontextmanager
async def _served(simulator: Simulator, port: int) -> AsyncIterator[None]:
    server = uvicorn.Server(
        uvicorn.Config(simulator.app(), host="127.0.0.1", port=port, log_level="error", access_log=False)
    )
    serving = asyncio.create_task(server.serve())
    while not server.started:
        if serving.done():
            raise LoadError(f"the simulated {simulator.name} did not start")
        await asyncio.sleep(0.005)
    try:
        yield
    finally:
        server.should_exit = True
        await serving


async def _allow_everything(
    vendors: Vendors, app: ProviderApp, simulator: Simulator, gateway_url: str
) -> None:
    provider, access = PROVIDERS[app.provider], app_access(app)
    tokens = await _consent(OAuth2Flow(provider, access), simulator.scopes)
    async with vendors.fresh_client(tokens.access, app) as client:
        account = await provider.account(client, access, tokens)
        scopes = frozenset(account.scopes or tokens.scopes)
        await provider.subscribe(Access(client, access, account.id, scopes), gateway_url + notice_path(app))


async def _consent(flow: OAuth2Flow, scopes: Sequence[str]) -> Tokens:
    url = urlsplit(flow.authorize_url(redirect_uri=_CALLBACK, state="", verifier=_VERIFIER))
    form = {**dict(parse_qsl(url.query)), "account": _ACCOUNT, "answer": "allow", "scope": list(scopes)}
    async with httpx.AsyncClient(trust_env=False) as browser:
        answer = await browser.post(url._replace(query="").geturl(), data=form)
    back = dict(parse_qsl(urlsplit(answer.headers.get("location", "")).query))
    if "code" not in back:
        raise LoadError(f"the simulated vendor answered a consent with {answer.status_code}")
    return await flow.exchange(code=back["code"], redirect_uri=_CALLBACK, verifier=_VERIFIER)


class _Collecting(Sender):
    def __init__(self) -> None:
        super().__init__(())
        self.collected: list[Sent] = []

    def add(self, url: str, body: bytes, headers: Headers) -> None:
        self.collected.append(Sent(url, body, headers))


def notices_of(simulator: Simulator, number: int) -> list[bytes]:
    """So many different notices as the vendor signs them now, as whole requests. Raises LoadError."""
    with asyncio.Runner(loop_factory=HurryingLoop) as runner:
        return [_request(notice) for notice in runner.run(_collect(simulator, number))]


async def _collect(simulator: Simulator, number: int) -> Sequence[Sent]:
    simulator.sender = sender = _Collecting()
    person, clock = simulator.person(_ACCOUNT), simulator.clock
    start = clock() - number * _TICK_SECONDS
    for change in count():
        # No two changes at the same moment: by the time alone some notices differ.
        simulator.clock = partial(float, start + change * _TICK_SECONDS)
        days_ago, kind = divmod(change, len(simulator.kinds))
        await _change(simulator, person, simulator.kinds[kind], days_ago)
        if len(sender.collected) >= number or (change > _SILENCE and not sender.collected):
            break
    simulator.clock = clock
    if len(sender.collected) < number:
        raise LoadError(f"the simulated {simulator.name} tells nothing")
    return sender.collected[:number]


async def _change(simulator: Simulator, person: Person, kind: str, days_ago: int) -> None:
    day = simulator.today() - dt.timedelta(days=days_ago)
    person.revise(kind, day)
    await simulator.changed(person, kind, day)
    # A vendor may gather what comes within a moment; each change is to be told by itself.
    await asyncio.sleep(_GATHERING_SECONDS)


def _request(notice: Sent) -> bytes:
    url = urlsplit(notice.url)
    headers = {
        "host": url.netloc,
        **notice.headers(notice.body),
        "content-length": str(len(notice.body)),
    }
    head = f"POST {url.path} HTTP/1.1\r\n" + "".join(
        f"{name}: {value}\r\n" for name, value in headers.items()
    )
    return head.encode() + b"\r\n" + notice.body
