"""`wearable-gateway run`: everything in one process, for trying and developing."""

import asyncio
import contextlib
import signal
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
import uvicorn

from wearable_gateway.cli.context import AsJson, DatabaseUrl, DataDir, Runtime, make_runtime, read_settings
from wearable_gateway.cli.first_steps import FirstSteps, credentials, prepare, welcome
from wearable_gateway.cli.serve import app_config
from wearable_gateway.db.embedded import Cluster
from wearable_gateway.db.migrate import migrate
from wearable_gateway.errors import SettingsError
from wearable_gateway.kit.addresses import AddressPolicy
from wearable_gateway.local import Local, postgres_folder
from wearable_gateway.observability.logging import configure_logging
from wearable_gateway.sandbox import VendorClient, VendorConfig, create_vendor
from wearable_gateway.web.app import create_app
from wearable_gateway.worker.jobs import run_worker


@dataclass(frozen=True, slots=True)
class Ports:
    host: str
    api: int
    sandbox: int | None

    @property
    def url(self) -> str:
        return f"http://{_reachable(self.host)}:{self.api}"

    @property
    def sandbox_url(self) -> str | None:
        return f"http://{_reachable(self.host)}:{self.sandbox}" if self.sandbox else None


def _reachable(host: str) -> str:
    return "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104 - compared, not bound


class _Server(uvicorn.Server):
    """Several of these run in one process, so none of them may take the signals."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


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
        as_json: AsJson = False,
    ) -> None:
        """Run everything on this machine: PostgreSQL, API, worker, sandbox vendor. For trying and developing.

        Destinations on loopback are allowed here; `serve` and `worker` refuse private addresses.
        """
        settings, folder = read_settings(data_dir, database_url)
        configure_logging(
            log_format="console", level="warning" if settings.log_level == "info" else settings.log_level
        )
        check_free(host, port)
        ports = Ports(host, port, None if no_sandbox else next_free(host, port + 1))
        Local.find_or_create(folder)
        with _database(folder, settings.database_url) as url:
            migrate(url)
            runtime = make_runtime(settings, folder, url, AddressPolicy.allowing_loopback())
            with contextlib.suppress(KeyboardInterrupt):
                asyncio.run(_run(runtime, ports, as_json=as_json))


def check_free(host: str, port: int) -> None:
    """Raises SettingsError when something listens there already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SettingsError(
                f"port {port} on {host} cannot be used ({error.strerror}); choose another: make run PORT=8123"
            ) from error


def next_free(host: str, port: int) -> int:
    """The first port from `port` on that nobody listens on; below those the system hands out itself."""
    for candidate in range(port, min(port + 200, 32768)):
        with contextlib.suppress(SettingsError):
            check_free(host, candidate)
            return candidate
    raise SettingsError(f"no free port for the sandbox vendor near {port}; choose another port")


@contextmanager
def _database(folder: Path, url: str | None) -> Iterator[str]:
    """The URL of a running database: the one given, or our own PostgreSQL, which ends with this block."""
    if url is not None:
        yield url
        return
    with Cluster(postgres_folder(folder)) as cluster:
        cluster.ensure_database()
        yield cluster.url()


def _vendor(runtime: Runtime, ports: Ports, steps: FirstSteps) -> Any:
    local = Local.find_or_create(runtime.data_dir)
    app = steps.sandbox_app
    assert app is not None  # noqa: S101 - prepared because there is a sandbox
    client = VendorClient(
        client_id=app.client_id,
        client_secret=app.client_secret,
        redirect_uris=(f"{steps.public_url}/connect/callback",),
        notice_url=f"{ports.url}/notices/sandbox/{app.id}",
        notice_secret=app.notice_secret,
        name="wearable-gateway",
    )
    return create_vendor(
        VendorConfig(
            state_file=runtime.data_dir / "sandbox.json",
            clients=(client,),
            control_token=local.sandbox_control_token,
        )
    )


@asynccontextmanager
async def _serving(app: Any, host: str, port: int) -> AsyncIterator[None]:
    """Answer on `port` until the block ends."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=2,
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:
        if task.done():
            await task
            raise SettingsError(f"nothing could be served on port {port}")
        await asyncio.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        await task


async def _run(runtime: Runtime, ports: Ports, *, as_json: bool) -> None:
    public_url = _public_url(runtime, ports)
    steps = await prepare(runtime, ports.url, public_url, ports.sandbox_url)
    stop = _stop_on_signals()
    async with contextlib.AsyncExitStack() as stack:
        if ports.sandbox is not None:
            await stack.enter_async_context(
                _serving(_vendor(runtime, ports, steps), ports.host, ports.sandbox)
            )
        await stack.enter_async_context(
            _serving(create_app(app_config(runtime, public_url)), ports.host, ports.api)
        )
        worker = asyncio.create_task(
            run_worker(
                runtime.database_url, keyring=runtime.keyring, policy=runtime.policy, public_url=public_url
            )
        )
        greet = credentials if as_json else welcome
        print(greet(steps, ports.url, ports.sandbox_url), flush=True)
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait({worker, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if not as_json:
            print("stopping …", flush=True)
        worker.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await worker


def _public_url(runtime: Runtime, ports: Ports) -> str:
    """What was set, or else where this instance listens."""
    configured = runtime.settings.public_url
    return configured.rstrip("/") if "public_url" in runtime.settings.model_fields_set else ports.url


def _stop_on_signals() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows raises KeyboardInterrupt instead
            loop.add_signal_handler(number, stop.set)
    return stop
