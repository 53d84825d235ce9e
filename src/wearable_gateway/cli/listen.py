"""`wearable-gateway listen`: a local receiver that verifies events and prints them."""

import asyncio
import contextlib
import json as text
from datetime import datetime
from typing import Annotated

import typer

from wearable_gateway.cli.context import AsJson, DatabaseUrl, DataDir, installed
from wearable_gateway.cli.first_steps import DEMO_DEV_ID
from wearable_gateway.cli.ports import next_free


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
        from wearable_gateway.cli.receiving import HOST, receive_events

        def listening(url: str) -> None:
            if not as_json:
                said = (
                    f"listening on {url} for events of {dev_id}; Ctrl-C ends it and removes the destination"
                )
                print(said, flush=True)

        runtime = installed(data_dir, database_url)
        types = [name.strip() for name in events.split(",") if name.strip()] or None
        work = receive_events(
            runtime, dev_id, types, next_free(HOST, port),
            received=lambda received: _print_event(received, as_json=as_json), listening=listening,
        )  # fmt: skip
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(work)
