"""A receiver on this machine that checks signatures."""

import asyncio
import time
from collections.abc import Callable
from uuid import UUID

from aiohttp import web

from wearable_gateway.cli.context import Runtime
from wearable_gateway.db.session import Database, open_database
from wearable_gateway.deliveries import destinations
from wearable_gateway.developers.keys import find_developer
from wearable_gateway.kit import json
from wearable_gateway.kit.signatures import verify_timed_signature

HOST = "127.0.0.1"
_LARGEST = 64 * 1024 * 1024

Received = Callable[[dict[str, object]], None]


def receiver(secret: str, received: Received) -> web.Application:
    """Answers 204 to what is signed with `secret` and hands it on; 401 to the rest."""

    async def receive(request: web.Request) -> web.Response:
        body = await request.read()
        signed = verify_timed_signature(request.headers.get("terra-signature", ""), secret, body, time.time())
        event = json.load(body) if signed else {}
        received({"verified": signed, "trace_id": request.headers.get("x-terra-trace-id"), "event": event})
        return web.Response(status=204 if signed else 401)

    app = web.Application(client_max_size=_LARGEST)
    app.router.add_post("/{anywhere:.*}", receive)
    return app


async def receive_events(
    runtime: Runtime,
    dev_id: str,
    event_types: list[str] | None,
    port: int,
    *,
    received: Received,
    listening: Callable[[str], None],
) -> None:
    """Be a destination of `dev_id` until cancelled. Raises NotFoundError, InvalidInputError."""
    url = f"http://{HOST}:{port}/"
    async with open_database(runtime.database_url, size=2) as db:
        await find_developer(db.autocommit, dev_id)
        destination, secret = await destinations.create(
            db.autocommit, runtime.keyring, runtime.policy, dev_id, url, event_types
        )
        runner = web.AppRunner(receiver(secret, received))
        await runner.setup()
        try:
            await web.TCPSite(runner, HOST, port).start()
            listening(url)
            await asyncio.Event().wait()
        finally:
            await asyncio.shield(_remove(db, dev_id, destination.id))
            await runner.cleanup()


async def _remove(db: Database, dev_id: str, destination_id: UUID) -> None:
    await destinations.delete(db.autocommit, dev_id, destination_id)
