"""`wearable-gateway destination pause …`: what is done with a destination that is there."""

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

import typer

from wearable_gateway.cli.arguments import DestinationId, DevId
from wearable_gateway.cli.context import AsJson, DatabaseUrl, DataDir, Runtime, installed, show, with_database
from wearable_gateway.cli.destination_options import change_of, row_of
from wearable_gateway.db.session import Database
from wearable_gateway.deliveries import destination_changes as changes
from wearable_gateway.deliveries.destination_changes import Change
from wearable_gateway.deliveries.models import Destination
from wearable_gateway.deliveries.samples.testing import send_test
from wearable_gateway.kit.clock import utc_now

app = typer.Typer()


@app.command("rotate-secret", epilog="Example: wearable-gateway destination rotate-secret acme 0192f0c1-…")
def rotate_secret(
    dev_id: DevId,
    destination_id: DestinationId,
    overlap: Annotated[
        int, typer.Option(help="Seconds for which the secrets before it go on signing as well.")
    ] = 86_400,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """A new signing secret, which is shown this once."""
    runtime = installed(data_dir, database_url)

    async def work(db: Database) -> dict[str, object]:
        change = change_of(db, dev_id)
        _, secret = await changes.rotate_secret(change, runtime.keyring, destination_id, overlap)
        return {"dev_id": dev_id, "destination_id": str(destination_id), "signing_secret": secret}

    show(
        with_database(runtime, work), as_json=as_json, note="Keep the signing secret: it is not shown again."
    )


@app.command(epilog="Example: wearable-gateway destination pause acme 0192f0c1-…")
def pause(
    dev_id: DevId,
    destination_id: DestinationId,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Let a destination's events wait until it is resumed."""
    _change_state(changes.pause, installed(data_dir, database_url), dev_id, destination_id, as_json=as_json)


@app.command(epilog="Example: wearable-gateway destination resume acme 0192f0c1-…")
def resume(
    dev_id: DevId,
    destination_id: DestinationId,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Send a paused destination what waited, and what comes."""
    _change_state(changes.resume, installed(data_dir, database_url), dev_id, destination_id, as_json=as_json)


@app.command(epilog="Example: wearable-gateway destination enable acme 0192f0c1-…")
def enable(
    dev_id: DevId,
    destination_id: DestinationId,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Begin anew with a destination that was disabled."""
    _change_state(changes.enable, installed(data_dir, database_url), dev_id, destination_id, as_json=as_json)


@app.command(epilog="Example: wearable-gateway destination disable acme 0192f0c1-…")
def disable(
    dev_id: DevId,
    destination_id: DestinationId,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Send nothing to a destination and keep nothing for it, until it is enabled."""
    _change_state(changes.disable, installed(data_dir, database_url), dev_id, destination_id, as_json=as_json)


@app.command("test", epilog="Example: wearable-gateway destination test acme 0192f0c1-… --event daily")
def send(
    dev_id: DevId,
    destination_id: DestinationId,
    event: Annotated[str, typer.Option(help="The type of the made-up event.")] = "auth",
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Send a made-up event, complete and signed, to this destination alone."""
    runtime = installed(data_dir, database_url)

    async def work(db: Database) -> UUID:
        async with db.transaction() as session:
            return await send_test(
                session, dev_id, destination_id, event, utc_now(), actor=change_of(db, dev_id).actor
            )

    event_id = with_database(runtime, work)
    show(
        {"dev_id": dev_id, "destination_id": str(destination_id), "type": event, "event_id": str(event_id)},
        as_json=as_json,
    )


def _change_state(
    change_it: Callable[[Change, UUID], Awaitable[Destination]],
    runtime: Runtime,
    dev_id: str,
    destination_id: UUID,
    *,
    as_json: bool,
) -> None:
    changed = with_database(runtime, lambda db: change_it(change_of(db, dev_id), destination_id))
    show(row_of(changed), as_json=as_json)
