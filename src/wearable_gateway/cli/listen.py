"""`wearable-gateway listen`: a local receiver that verifies events and prints them."""

import asyncio
import contextlib
import json as text
from datetime import datetime
from typing import Annotated, Any

import typer

from wearable_gateway.cli.context import AsJson, DatabaseUrl, DataDir, installed
from wearable_gateway.cli.first_steps import DEMO_DEV_ID
from wearable_gateway.cli.ports import next_free


def _print_event(received: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(text.dumps(received), flush=True)
        return
    event = received["event"]
    if not received["verified"]:
        print(
            f"{datetime.now().astimezone():%H:%M:%S}  REFUSED  a signature that does not verify", flush=True
        )
        return
    print(f"{datetime.now().astimezone():%H:%M:%S}  {_summary(event)}{_outcome(received)}", flush=True)
    if "forwarded" not in received:
        print(text.dumps(event, indent=2), flush=True)


def _summary(event: dict[str, Any]) -> str:
    """One line: the type, and whom it is about."""
    user = event.get("user") or event.get("new_user") or {}
    about = " ".join(
        str(part) for part in (user.get("provider"), user.get("reference_id"), user.get("user_id")) if part
    )
    return f"{event.get('type')}  {about}"


def _outcome(received: dict[str, Any]) -> str:
    """What the program answered to whom it was forwarded."""
    forwarded = received.get("forwarded")
    if forwarded is None:
        return ""
    said = forwarded["status"] or f"NOT FORWARDED ({forwarded['fault']}); the gateway tries again"
    return f"  -> {said}  {forwarded['duration_ms']} ms"


def register(app: typer.Typer) -> None:
    @app.command(
        epilog="Example: wearable-gateway listen --dev-id acme --events auth,deauth --forward http://127.0.0.1:3000/hook"
    )
    def listen(
        dev_id: Annotated[str, typer.Option(help="Whose events.")] = DEMO_DEV_ID,
        events: Annotated[
            str, typer.Option(help="Event types, comma separated; all of them if not given.")
        ] = "",
        port: Annotated[int, typer.Option(help="Where to listen; the next free port is taken.")] = 9000,
        forward: Annotated[
            str | None,
            typer.Option(
                help="A URL of your own program: it gets every verified event as it came, and its answer counts.",
                show_default=False,
            ),
        ] = None,
        data_dir: DataDir = None,
        database_url: DatabaseUrl = None,
        as_json: AsJson = False,
    ) -> None:
        """Add a destination on this machine, print what arrives, and remove it again at Ctrl-C."""
        from wearable_gateway.cli.forwarding import check_target
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
            runtime, dev_id, types, next_free(HOST, port), forward=check_target(forward) if forward else None,
            received=lambda received: _print_event(received, as_json=as_json), listening=listening,
        )  # fmt: skip
        with contextlib.suppress(KeyboardInterrupt, asyncio.CancelledError):
            asyncio.run(work)
