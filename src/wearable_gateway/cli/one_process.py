"""API, worker and simulated vendors as one process, beside a PostgreSQL."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from typing import Any

import uvicorn

from wearable_gateway.cli.application import application
from wearable_gateway.cli.context import Runtime
from wearable_gateway.cli.first_steps import FirstSteps, credentials, prepare, welcome
from wearable_gateway.cli.ports import Ports
from wearable_gateway.cli.simulated import simulated_vendors
from wearable_gateway.errors import SettingsError
from wearable_gateway.local import Local
from wearable_gateway.sandbox.app import create_vendor
from wearable_gateway.sandbox.config import VendorClient, VendorConfig
from wearable_gateway.worker.jobs import run_worker


class _Server(uvicorn.Server):
    """Several of these run in one process, so none of them may take the signals."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


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


async def run_all(runtime: Runtime, ports: Ports, *, as_json: bool) -> None:
    """Until a signal, or until the worker fails."""
    public_url = _public_url(runtime, ports)
    steps = await prepare(runtime, ports, public_url)
    stop = _stop_on_signals()
    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(_serving(application(runtime, public_url), ports.host, ports.api))
        if ports.sandbox is not None:
            await stack.enter_async_context(
                _serving(_vendor(runtime, ports, steps), ports.host, ports.sandbox)
            )
        for name, vendor in (await simulated_vendors(runtime, ports, public_url, steps.dev_id)).items():
            await stack.enter_async_context(_serving(vendor, ports.host, ports.simulators[name]))
        worker = asyncio.create_task(
            run_worker(
                runtime.database_url,
                keyring=runtime.keyring,
                policy=runtime.policy,
                public_url=public_url,
                events_kept_for=timedelta(days=runtime.settings.events_kept_days),
            )
        )
        greet = credentials if as_json else welcome
        print(greet(steps, ports), flush=True)
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
