"""`wearable-gateway destination …`"""

from typing import Annotated

import typer

from wearable_gateway.cli import destination_states
from wearable_gateway.cli.arguments import DestinationId, DevId
from wearable_gateway.cli.context import (
    AsJson,
    DatabaseUrl,
    DataDir,
    installed,
    show,
    show_list,
    with_database,
)
from wearable_gateway.cli.destination_options import (
    AtOnce,
    Description,
    Rate,
    Schedule,
    change_of,
    chosen_fields,
    event_words,
    read_event_types,
    row_of,
)
from wearable_gateway.db.session import Database
from wearable_gateway.deliveries import destination_changes as changes
from wearable_gateway.deliveries import destinations
from wearable_gateway.deliveries.models import Destination, DestinationKind
from wearable_gateway.developers.keys import find_developer

app = typer.Typer(help="Destinations: where a developer's events go.", no_args_is_help=True)
app.add_typer(destination_states.app)


@app.command(
    epilog="Example: wearable-gateway destination add acme https://acme.example/webhooks --events auth,daily"
)
def add(
    dev_id: DevId,
    url: Annotated[str | None, typer.Argument(help="https://… of the developer's own server.")] = None,
    events: Annotated[str, typer.Option(help="Event types, comma separated; all of them if not given.")] = "",
    pull: Annotated[bool, typer.Option("--pull", help="Without a URL: the developer fetches them.")] = False,
    description: Description = None,
    retry_schedule: Schedule = None,
    rate_limit: Rate = None,
    concurrency: AtOnce = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Send a developer's events to a URL; prints the signing secret this once."""
    runtime = installed(data_dir, database_url)
    chosen = chosen_fields(description, retry_schedule, rate_limit, concurrency)
    chosen |= {"url": url, "event_types": read_event_types(events) or None}
    kind = DestinationKind.PULL if pull else DestinationKind.WEBHOOK

    async def work(db: Database) -> dict[str, object]:
        made, secret = await changes.create(
            change_of(db, dev_id), runtime.keyring, runtime.policy, kind, chosen
        )
        return {
            "dev_id": dev_id,
            "destination_id": str(made.id),
            "url": made.url,
            "events": event_words(made.event_types),
            "signing_secret": secret,
        }

    note = "" if pull else "Keep the signing secret: it is not shown again."
    show(with_database(runtime, work), as_json=as_json, note=note)


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
            "events": event_words(one.event_types),
            "state": one.state,
        }
        for one in with_database(runtime, work)
    ]
    show_list(
        rows,
        as_json=as_json,
        empty=f"{dev_id} has no destination: wearable-gateway destination add {dev_id} URL",
    )


@app.command("show", epilog="Example: wearable-gateway destination show acme 0192f0c1-…")
def show_one(
    dev_id: DevId,
    destination_id: DestinationId,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """How a destination is set, and how it fares."""
    runtime = installed(data_dir, database_url)
    found = with_database(runtime, lambda db: destinations.get(db.autocommit, dev_id, destination_id))
    show(row_of(found), as_json=as_json)


@app.command(
    epilog="Example: wearable-gateway destination update acme 0192f0c1-… --events auth,daily --rate-limit 50"
)
def update(
    dev_id: DevId,
    destination_id: DestinationId,
    url: Annotated[str | None, typer.Option(help="Another address.", show_default=False)] = None,
    events: Annotated[
        str | None, typer.Option(help="Event types, comma separated; all: every type.", show_default=False)
    ] = None,
    description: Description = None,
    retry_schedule: Schedule = None,
    rate_limit: Rate = None,
    concurrency: AtOnce = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Change what is named, and nothing else."""
    runtime = installed(data_dir, database_url)
    chosen = chosen_fields(description, retry_schedule, rate_limit, concurrency)
    if url is not None:
        chosen["url"] = url
    if events is not None:
        chosen["event_types"] = None if events.strip() == "all" else read_event_types(events)
    changed = with_database(
        runtime, lambda db: changes.update(change_of(db, dev_id), runtime.policy, destination_id, chosen)
    )
    show(row_of(changed), as_json=as_json)


@app.command(epilog="Example: wearable-gateway destination remove acme 0192f0c1-…")
def remove(
    dev_id: DevId,
    destination_id: DestinationId,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Stop sending to a destination and forget it."""
    runtime = installed(data_dir, database_url)
    with_database(runtime, lambda db: changes.delete(change_of(db, dev_id), destination_id))
    show({"dev_id": dev_id, "destination_id": str(destination_id), "removed": True}, as_json=as_json)
