"""A receiver on this machine that checks signatures."""

import asyncio
import signal
import threading
import time
from collections.abc import Callable, Mapping

from aiohttp import web

from wearable_gateway.cli.context import Runtime
from wearable_gateway.cli.destination_options import change_of
from wearable_gateway.cli.forwarding import Forwarded, Forwarder, open_forwarder
from wearable_gateway.db.session import open_database
from wearable_gateway.deliveries import destination_changes as changes
from wearable_gateway.deliveries.models import DestinationKind
from wearable_gateway.kit import json
from wearable_gateway.kit.signatures import verify_timed_signature

HOST = "127.0.0.1"
_LARGEST = 64 * 1024 * 1024

Received = Callable[[dict[str, object]], None]


def receiver(secret: str, received: Received, forwarder: Forwarder | None = None) -> web.Application:
    """Hands on what is signed with `secret` and answers 204, or what `forwarder` is answered; 401 to the rest."""

    async def receive(request: web.Request) -> web.Response:
        body = await request.read()
        signed = verify_timed_signature(request.headers.get("terra-signature", ""), secret, body, time.time())
        told: dict[str, object] = {
            "verified": signed,
            "trace_id": request.headers.get("x-terra-trace-id"),
            "event": json.load(body) if signed else {},
        }
        answer = web.Response(status=204 if signed else 401)
        if signed and forwarder is not None:
            forwarded = await forwarder.forward(request.headers, body)
            told["forwarded"] = _told(forwarded)
            answer = _answer(forwarded)
        received(told)
        return answer

    app = web.Application(client_max_size=_LARGEST)
    app.router.add_post("/{anywhere:.*}", receive)
    return app


def _told(forwarded: Forwarded) -> Mapping[str, object]:
    """As `listen --json` prints it: no status where there was no answer."""
    return {
        "status": None if forwarded.fault else forwarded.status,
        "duration_ms": forwarded.duration_ms,
        "fault": forwarded.fault,
    }


def _answer(forwarded: Forwarded) -> web.Response:
    headers = {} if forwarded.retry_after is None else {"retry-after": forwarded.retry_after}
    return web.Response(status=forwarded.status, body=forwarded.body, headers=headers)


async def receive_events(
    runtime: Runtime,
    dev_id: str,
    event_types: list[str] | None,
    port: int,
    *,
    forward: str | None = None,
    received: Received,
    listening: Callable[[str], None],
) -> None:
    """Be a destination of `dev_id` until cancelled, or told to end. Raises NotFoundError, InvalidInputError."""
    _end_on_sigterm()
    url = f"http://{HOST}:{port}/"
    chosen = {"url": url, "event_types": event_types}
    async with open_database(runtime.database_url, size=2) as db, open_forwarder(forward) as forwarder:
        made, secret = await changes.create(
            change_of(db, dev_id), runtime.keyring, runtime.policy, DestinationKind.WEBHOOK, chosen
        )
        runner = web.AppRunner(receiver(secret or "", received, forwarder))
        await runner.setup()
        try:
            await web.TCPSite(runner, HOST, port).start()
            listening(url)
            await asyncio.Event().wait()
        finally:
            await asyncio.shield(changes.delete(change_of(db, dev_id), made.id))
            await runner.cleanup()


def _end_on_sigterm() -> None:
    """As Ctrl-C does; a process hears of signals in its main thread alone."""
    task = asyncio.current_task()
    if task is None or threading.current_thread() is not threading.main_thread():
        return
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
