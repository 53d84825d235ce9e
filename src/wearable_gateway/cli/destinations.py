"""`wearable-gateway destination …`"""

from typing import Annotated
from uuid import UUID

import typer

from wearable_gateway.cli.context import (
    AsJson,
    DatabaseUrl,
    DataDir,
    installed,
    show,
    show_list,
    with_database,
)
from wearable_gateway.db.session import Database
from wearable_gateway.deliveries import destinations
from wearable_gateway.deliveries.models import Destination
from wearable_gateway.developers.keys import find_developer

app = typer.Typer(help="Destinations: where a developer's events are sent.", no_args_is_help=True)

DevId = Annotated[str, typer.Argument(help="The developer's dev-id.")]


@app.command(
    epilog="Example: wearable-gateway destination add acme https://acme.example/webhooks --events auth,daily"
)
def add(
    dev_id: DevId,
    url: Annotated[str, typer.Argument(help="https://… of the developer's own server.")],
    events: Annotated[str, typer.Option(help="Event types, comma separated; all of them if not given.")] = "",
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Send a developer's events to a URL; prints the signing secret this once."""
    runtime = installed(data_dir, database_url)
    types = [name.strip() for name in events.split(",") if name.strip()] or None

    async def work(db: Database) -> dict[str, object]:
        await find_developer(db.autocommit, dev_id)
        destination, secret = await destinations.create(
            db.autocommit, runtime.keyring, runtime.policy, dev_id, url, types
        )
        return {
            "dev_id": dev_id,
            "destination_id": str(destination.id),
            "url": destination.url,
            "events": ",".join(types) if types else "all",
            "signing_secret": secret,
        }

    show(
        with_database(runtime, work), as_json=as_json, note="Keep the signing secret: it is not shown again."
    )


@app.command("list", epilog="Example: wearable-gateway destination list acme")
def list_all(
    dev_id: DevId, data_dir: DataDir = None, database_url: DatabaseUrl = None, as_json: AsJson = False
) -> None:
    """A developer's destinations."""
    runtime = installed(data_dir, database_url)

    async def work(db: Database) -> list[Destination]:
        await find_developer(db.autocommit, dev_id)
        return await destinations.list_destinations(db.autocommit, dev_id)

    rows: list[dict[str, object]] = [
        {
            "destination_id": str(one.id),
            "url": one.url,
            "events": ",".join(one.event_types) if one.event_types else "all",
            "state": one.state,
        }
        for one in with_database(runtime, work)
    ]
    show_list(
        rows,
        as_json=as_json,
        empty=f"{dev_id} has no destination: wearable-gateway destination add {dev_id} URL",
    )


@app.command(epilog="Example: wearable-gateway destination remove acme 0192f0c1-…")
def remove(
    dev_id: DevId,
    destination_id: Annotated[UUID, typer.Argument(help="From `destination list`.")],
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Stop sending to a destination and forget it."""
    runtime = installed(data_dir, database_url)
    with_database(runtime, lambda db: destinations.delete(db.autocommit, dev_id, destination_id))
    show({"dev_id": dev_id, "destination_id": str(destination_id), "removed": True}, as_json=as_json)
