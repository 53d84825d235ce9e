"""`wearable-gateway listen`: a local receiver that verifies events and prints them."""

import asyncio
import contextlib
import json as text
import time
from collections.abc import Callable
from datetime import datetime
from typing import Annotated
from uuid import UUID

import typer
from aiohttp import web

from wearable_gateway.cli.context import AsJson, DatabaseUrl, DataDir, Runtime, installed
from wearable_gateway.cli.first_steps import DEMO_DEV_ID
from wearable_gateway.cli.run import next_free
from wearable_gateway.db.session import Database, open_database
from wearable_gateway.deliveries import destinations
from wearable_gateway.developers.keys import find_developer
from wearable_gateway.kit.signatures import verify_timed_signature

_HOST = "127.0.0.1"
_LARGEST = 64 * 1024 * 1024

Received = Callable[[dict[str, object]], None]


def receiver(secret: str, received: Received) -> web.Application:
    """Answers 204 to what is signed with `secret` and hands it on; 401 to the rest."""

    async def receive(request: web.Request) -> web.Response:
        body = await request.read()
        signed = verify_timed_signature(request.headers.get("terra-signature", ""), secret, body, time.time())
        event = text.loads(body) if signed else {}
        received({"verified": signed, "trace_id": request.headers.get("x-terra-trace-id"), "event": event})
        return web.Response(status=204 if signed else 401)

    app = web.Application(client_max_size=_LARGEST)
    app.router.add_post("/{anywhere:.*}", receive)
    return app


def _print_event(received: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        print(text.dumps(received), flush=True)
        return
    event = received["event"]
    assert isinstance(event, dict)  # noqa: S101 - made by `receiver`
    if not received["verified"]:
        print(
            f"{datetime.now().astimezone():%H:%M:%S}  REFUSED  a signature that does not verify", flush=True
        )
        return
    user = event.get("user") or event.get("new_user") or {}
    about = " ".join(
        str(part) for part in (user.get("provider"), user.get("reference_id"), user.get("user_id")) if part
    )
    print(f"{datetime.now().astimezone():%H:%M:%S}  {event.get('type')}  {about}", flush=True)
    print(text.dumps(event, indent=2), flush=True)


def register(app: typer.Typer) -> None:
    @app.command(epilog="Example: wearable-gateway listen --dev-id acme --events auth,deauth,access_revoked")
    def listen(
        dev_id: Annotated[str, typer.Option(help="Whose events.")] = DEMO_DEV_ID,
        events: Annotated[
            str, typer.Option(help="Event types, comma separated; all of them if not given.")
        ] = "",
        port: Annotated[int, typer.Option(help="Where to listen; the next free port is taken.")] = 9000,
        data_dir: DataDir = None,
        database_url: DatabaseUrl = None,
        as_json: AsJson = False,
    ) -> None:
        """Add a destination on this machine, print what arrives, and remove it again at Ctrl-C."""
        runtime = installed(data_dir, database_url)
        types = [name.strip() for name in events.split(",") if name.strip()] or None
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(_listen(runtime, dev_id, types, next_free(_HOST, port), as_json=as_json))


async def _listen(
    runtime: Runtime, dev_id: str, types: list[str] | None, port: int, *, as_json: bool
) -> None:
    url = f"http://{_HOST}:{port}/"
    async with open_database(runtime.database_url, size=2) as db:
        await find_developer(db.autocommit, dev_id)
        destination, secret = await destinations.create(
            db.autocommit, runtime.keyring, runtime.policy, dev_id, url, types
        )
        runner = web.AppRunner(receiver(secret, lambda received: _print_event(received, as_json=as_json)))
        await runner.setup()
        try:
            await web.TCPSite(runner, _HOST, port).start()
            if not as_json:
                print(
                    f"listening on {url} for events of {dev_id}; Ctrl-C ends it and removes the destination",
                    flush=True,
                )
            await asyncio.Event().wait()
        finally:
            await asyncio.shield(_remove(db, dev_id, destination.id))
            await runner.cleanup()


async def _remove(db: Database, dev_id: str, destination_id: UUID) -> None:
    await destinations.delete(db.autocommit, dev_id, destination_id)
