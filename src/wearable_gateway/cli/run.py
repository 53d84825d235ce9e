"""`wearable-gateway run`: everything in one process, for trying and developing."""

import asyncio
import contextlib
from typing import Annotated

import typer

from wearable_gateway.cli.context import (
    AsJson,
    DatabaseUrl,
    DataDir,
    everything_is_imported,
    make_runtime,
    read_settings,
)
from wearable_gateway.cli.ports import Ports, check_free, next_free
from wearable_gateway.kit.addresses import AddressPolicy
from wearable_gateway.local import Local
from wearable_gateway.observability.logging import configure_logging


def register(app: typer.Typer) -> None:
    @app.command(epilog="Example: wearable-gateway run --port 8123")
    def run(
        host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
        port: Annotated[
            int, typer.Option(help="Port of the API; the sandbox vendor takes the next free one.")
        ] = 8000,
        data_dir: DataDir = None,
        database_url: DatabaseUrl = None,
        no_sandbox: Annotated[
            bool, typer.Option("--no-sandbox", help="Without the simulated vendor.")
        ] = False,
        simulate: Annotated[
            str,
            typer.Option(help="Simulated vendors to start, such as garmin,oura; or all.", show_default=False),
        ] = "",
        as_json: AsJson = False,
    ) -> None:
        """Run everything on this machine: PostgreSQL, API, worker, sandbox vendor. For trying and developing.

        Destinations on loopback are allowed here; `serve` and `worker` refuse private addresses.
        """
        from wearable_gateway.cli.own_database import migrating, running_database

        settings, folder = read_settings(data_dir, database_url)
        configure_logging(
            log_format="console", level="warning" if settings.log_level == "info" else settings.log_level
        )
        check_free(host, port)
        ports = Ports(host, port, None if no_sandbox else next_free(host, port + 1))
        if simulate:
            from wearable_gateway.cli.simulated import read_names, with_simulators

            ports = with_simulators(ports, read_names(simulate))
        Local.find_or_create(folder)
        with running_database(folder, settings.database_url) as url:
            with migrating(url):
                from wearable_gateway.cli.one_process import run_all
            everything_is_imported()
            runtime = make_runtime(settings, folder, url, AddressPolicy.allowing_loopback())
            with contextlib.suppress(KeyboardInterrupt):
                asyncio.run(run_all(runtime, ports, as_json=as_json))
