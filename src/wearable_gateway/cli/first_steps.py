"""What `run` makes so that a newcomer can begin: a demo developer, an operator, the sandbox's provider app."""

import json
import textwrap
from dataclasses import dataclass

from wearable_gateway.cli.context import ACTOR, Runtime
from wearable_gateway.cli.ports import Ports
from wearable_gateway.db.session import Session, open_database
from wearable_gateway.developers import developer_changes, key_changes, keys, operators
from wearable_gateway.developers.models import ProviderApp
from wearable_gateway.developers.provider_apps import ProviderApps
from wearable_gateway.developers.sign_in import issue_sign_in_link
from wearable_gateway.errors import NotFoundError
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.local import Local

DEMO_DEV_ID = "demo"
OPERATOR_EMAIL = "operator@localhost"
_SANDBOX = "SANDBOX"
_KEY_NAME = "made by run"


@dataclass(frozen=True, slots=True)
class FirstSteps:
    public_url: str
    dev_id: str
    api_key: str
    sign_in_link: str
    sandbox_app: ProviderApp | None


async def prepare(runtime: Runtime, ports: Ports, public_url: str) -> FirstSteps:
    """Make what is missing; run again, it finds everything there."""
    sandbox_url = ports.sandbox_url
    local = Local.find_or_create(runtime.data_dir).at(ports.url, sandbox_url, ports.simulator_urls)
    async with open_database(runtime.database_url, size=2) as db, db.transaction() as session:
        local = await _demo_developer(session, runtime, local)
        link = await _operator_link(session)
        app = await _sandbox_app(session, runtime, local) if sandbox_url else None
    local.save(runtime.data_dir)
    return FirstSteps(
        public_url=public_url,
        dev_id=DEMO_DEV_ID,
        api_key=local.demo_api_key or "",
        sign_in_link=f"{public_url}/dashboard/link/{link}",
        sandbox_app=app,
    )


async def _demo_developer(session: Session, runtime: Runtime, local: Local) -> Local:
    try:
        await keys.find_developer(session, DEMO_DEV_ID)
    except NotFoundError:
        _, _, text = await developer_changes.create(
            session, runtime.hasher, "Demo App", DEMO_DEV_ID, key_name=_KEY_NAME, actor=ACTOR
        )
        return local.with_demo_key(text)
    if local.demo_api_key:
        return local
    _, text = await key_changes.issue(session, runtime.hasher, DEMO_DEV_ID, _KEY_NAME, actor=ACTOR)
    return local.with_demo_key(text)


async def _operator_link(session: Session) -> str:
    try:
        places = await operators.places_of(session, OPERATOR_EMAIL)
    except NotFoundError:
        places = [await operators.create_operator(session, OPERATOR_EMAIL)]
    return await issue_sign_in_link(session, [place.id for place in places], utc_now())


async def _sandbox_app(session: Session, runtime: Runtime, local: Local) -> ProviderApp:
    hosts = dict.fromkeys(("authorize", "token", "revoke", "api"), local.sandbox_url or "")
    return await ProviderApps(session, runtime.keyring).put(
        _SANDBOX, client_id="wearable-gateway", client_secret=local.sandbox_client_secret, hosts=hosts
    )


def credentials(steps: FirstSteps, ports: Ports) -> str:
    """What `run --json` prints once it answers: one object."""
    return json.dumps(
        {
            "url": ports.url,
            "dev_id": steps.dev_id,
            "api_key": steps.api_key,
            "sign_in_link": steps.sign_in_link,
            "sandbox_url": ports.sandbox_url,
            "simulator_urls": ports.simulator_urls,
        }
    )


def welcome(steps: FirstSteps, ports: Ports) -> str:
    """What `run` prints once it answers."""
    url, sandbox_url = ports.url, ports.sandbox_url
    lines = f"""
        ready {url}

        dev-id      {steps.dev_id}
        x-api-key   {steps.api_key}
        dashboard   {steps.sign_in_link}
                    (works once, within 15 minutes; another: wearable-gateway operator link {OPERATOR_EMAIL})
        """
    if sandbox_url:
        lines += f"""
        sandbox     {sandbox_url}  (a simulated vendor; any account name signs in)

        Try it: make an auth URL, open the `auth_url` in a browser, and look the connection up again.

          curl -X POST '{url}/v2/auth/authenticateUser?resource={_SANDBOX}' \\
            -H 'dev-id: {steps.dev_id}' -H 'x-api-key: {steps.api_key}' \\
            -H 'content-type: application/json' -d '{{"reference_id": "ann"}}'
          curl '{url}/v2/userInfo?reference_id=ann' -H 'dev-id: {steps.dev_id}' -H 'x-api-key: {steps.api_key}'

        Destinations on this machine are allowed here (`serve` and `worker` refuse private addresses).
        See events arrive: .venv/bin/wearable-gateway listen   Everything at once: make demo   Stop: Ctrl-C
        """
    for name, address in ports.simulator_urls.items():
        lines += f"""
        simulated   {address}  {name} (connect with resource={name.upper()}; wearable-gateway simulator --help)"""
    return textwrap.dedent(lines).strip()
