"""`wearable-gateway events …`"""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

import typer

from wearable_gateway.cli.context import AsJson, DatabaseUrl, DataDir, installed, show, with_database
from wearable_gateway.db.session import Database
from wearable_gateway.deliveries.afterwards import feed
from wearable_gateway.deliveries.afterwards.feed import Feed
from wearable_gateway.developers.keys import find_developer
from wearable_gateway.kit import json
from wearable_gateway.web.answers.deliveries import fetched_fields

app = typer.Typer(
    help="Events of a destination of kind pull, as its developer fetches them.", no_args_is_help=True
)


@app.callback()
def _group() -> None:
    """Without this a group of one command would be the command."""


@app.command(epilog="Example: wearable-gateway events pull acme --after 1207 --wait 30")
def pull(
    dev_id: Annotated[str, typer.Argument(help="The developer's dev-id.")],
    after: Annotated[
        str | None, typer.Option(help="The `next` of the answer before; from the oldest if not given.")
    ] = None,
    destination: Annotated[UUID | None, typer.Option(help="Which, when there are several.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=feed.MOST, help="How many at most.")] = 100,
    wait: Annotated[int, typer.Option(min=0, max=30, help="Seconds to wait for an event.")] = 0,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Print events in order, and where to go on from. They are not used up."""
    position = feed.read_position(after)
    runtime = installed(data_dir, database_url)

    async def work(db: Database) -> Feed:
        await find_developer(db.autocommit, dev_id)
        found = await feed.find_destination(db.autocommit, dev_id, destination)
        return await feed.wait_for_feed(
            db.autocommit, dev_id, found.id, after=position, limit=limit, wait=timedelta(seconds=wait)
        )

    read = with_database(runtime, work)
    if as_json:
        events = [
            {**fetched_fields(fed, read.destination_id), "payload": json.load(fed.event.body)}
            for fed in read.events
        ]
        show({"events": events, "next": str(read.next), "has_more": read.has_more}, as_json=True)
        return
    for fed in read.events:
        print(f"{fed.position}  {fed.event.id}  {fed.event.type}\n{fed.event.body.decode()}")
    print(f"{'more' if read.has_more else 'later'}: --after {read.next}")
