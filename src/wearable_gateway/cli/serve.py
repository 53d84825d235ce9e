"""`wearable-gateway serve` and `wearable-gateway worker`: the two processes of a production installation."""

import asyncio
import signal
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Annotated, Any

import typer
import uvicorn

from wearable_gateway.cli.context import (
    AsJson,
    DatabaseUrl,
    Runtime,
    everything_is_imported,
    make_runtime,
    read_settings,
    show,
    with_database,
)
from wearable_gateway.errors import SettingsError
from wearable_gateway.observability.logging import configure_logging
from wearable_gateway.observability.metrics import serve_metrics

MetricsPort = Annotated[
    int | None,
    typer.Option(help="Answer Prometheus on this port.", min=1, max=65535, show_default="not at all"),
]
MetricsHost = Annotated[str, typer.Option(help="Address Prometheus is answered on.")]


def _count(port: int | None, host: str) -> None:
    """Raises SettingsError when the port is taken."""
    if port is None:
        return
    try:
        serve_metrics(port, host)
    except OSError as error:
        raise SettingsError(f"--metrics-port {port} on {host} cannot be used: {error.strerror}") from error


def production_runtime(database_url: str | None) -> Runtime:
    """Raises SettingsError when DATABASE_URL or a key is missing; a database that cannot be used is told here too."""
    settings, folder = read_settings(None, database_url)
    if settings.database_url is None:
        raise SettingsError(
            "DATABASE_URL is not set; to try the gateway with its own PostgreSQL use `make run`"
        )
    configure_logging(log_format=settings.log_format, level=settings.log_level)
    runtime = make_runtime(settings, folder, settings.database_url)
    everything_is_imported()
    with_database(runtime, lambda db: db.autocommit.fetchval("SELECT count(*) FROM bucket_leases"))
    return runtime


def register(app: typer.Typer) -> None:
    @app.command(epilog="Example: wearable-gateway serve --host 0.0.0.0 --port 8000")
    def serve(
        host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
        port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
        database_url: DatabaseUrl = None,
        metrics_port: MetricsPort = None,
        metrics_host: MetricsHost = "127.0.0.1",
        as_json: AsJson = False,
    ) -> None:
        """Run the API, connect pages and dashboard; a `worker` has to run beside it."""
        from wearable_gateway.cli.application import application

        runtime = production_runtime(database_url)
        _count(metrics_port, metrics_host)
        if as_json:
            show({"process": "serve", "url": f"http://{host}:{port}"}, as_json=True)
        uvicorn.run(
            application(runtime, runtime.settings.public_url),
            host=host,
            port=port,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=True,
        )

    @app.command(epilog="Example: wearable-gateway worker")
    def worker(
        database_url: DatabaseUrl = None,
        metrics_port: MetricsPort = None,
        metrics_host: MetricsHost = "127.0.0.1",
        as_json: AsJson = False,
    ) -> None:
        """Run the background work: deliveries, notices, revocations. Any number of these may run."""
        from wearable_gateway.worker.jobs import run_worker

        runtime = production_runtime(database_url)
        _count(metrics_port, metrics_host)
        if as_json:
            show({"process": "worker"}, as_json=True)
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(
                _until_a_signal(
                    run_worker(
                        runtime.database_url,
                        keyring=runtime.keyring,
                        policy=runtime.policy,
                        public_url=runtime.settings.public_url.rstrip("/"),
                        events_kept_for=timedelta(days=runtime.settings.events_kept_days),
                        pool_size=runtime.settings.database_pool_size,
                    )
                )
            )


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """The event loop that the API runs on too: uvloop where there is one."""
    return uvicorn.Config(None, loop="auto").get_loop_factory()  # type: ignore[arg-type]


async def _until_a_signal(work: Coroutine[Any, Any, None]) -> None:
    """Until SIGTERM or SIGINT, then a clean end."""
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, task.cancel)
    try:
        await task
    except asyncio.CancelledError:
        return
