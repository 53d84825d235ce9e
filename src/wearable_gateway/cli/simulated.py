"""Simulated vendors beside a gateway: which there are, the gateway's apps at them, and their servers."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from wearable_gateway.cli.context import Runtime
from wearable_gateway.cli.ports import Ports, next_free
from wearable_gateway.connections.access import notice_path
from wearable_gateway.db.session import open_database
from wearable_gateway.developers.provider_apps import ProviderApps
from wearable_gateway.errors import SettingsError
from wearable_gateway.local import Local
from wearable_gateway.providers import PROVIDERS
from wearable_gateway.simulators import SIMULATORS
from wearable_gateway.simulators._base.config import SimulatorConfig

_CLIENT_ID = "wearable-gateway"


def read_names(text: str) -> Sequence[str]:
    """The simulators that were asked for. Raises SettingsError for one there is not."""
    names = [name.strip().lower() for name in text.split(",") if name.strip()]
    if names == ["all"]:
        return sorted(SIMULATORS)
    unknown = sorted(set(names) - set(SIMULATORS))
    if unknown:
        raise SettingsError(
            f"no simulator is called {', '.join(unknown)}; these are: {', '.join(sorted(SIMULATORS))}, or all"
        )
    return list(dict.fromkeys(names))


def with_simulators(ports: Ports, names: Sequence[str]) -> Ports:
    """`ports`, with one for each simulator. Raises SettingsError when none is free."""
    found: dict[str, int] = {}
    port = max(ports.api, ports.sandbox or 0)
    for name in names:
        port = found[name] = next_free(ports.host, port + 1)
    return replace(ports, simulators=found)


async def simulated_vendors(runtime: Runtime, ports: Ports, public_url: str, dev_id: str) -> dict[str, Any]:
    """Each simulator as an ASGI app, the gateway registered with it; `dev_id` has what cannot be shared."""
    local = Local.find_or_create(runtime.data_dir)
    vendors: dict[str, Any] = {}
    async with open_database(runtime.database_url, size=1) as db:
        for name, url in ports.simulator_urls.items():
            provider, simulator = PROVIDERS[name.upper()], SIMULATORS[name]
            app = await ProviderApps(db.autocommit, runtime.keyring).put(
                provider.slug,
                client_id=_CLIENT_ID,
                client_secret=local.sandbox_client_secret,
                hosts=dict.fromkeys(provider.default_hosts, url),
                extra=simulator.extra,
                dev_id=dev_id if provider.own_app_only else None,
            )
            config = SimulatorConfig(
                url=url,
                client_id=_CLIENT_ID,
                client_secret=local.sandbox_client_secret,
                redirect_uris=(f"{public_url}/connect/callback",),
                notice_url=ports.url + notice_path(app),
                extra=simulator.extra,
                control_token=local.sandbox_control_token,
                state_file=runtime.data_dir / f"simulated-{name}.json",
            )
            vendors[name] = simulator(config).app()
    return vendors
