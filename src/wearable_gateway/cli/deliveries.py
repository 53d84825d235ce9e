"""`wearable-gateway delivery …`"""

from typing import Annotated, Any
from uuid import UUID

import typer

from wearable_gateway.cli import moments
from wearable_gateway.cli.arguments import DestinationId, DevId
from wearable_gateway.cli.context import (
    ACTOR,
    AsJson,
    DatabaseUrl,
    DataDir,
    installed,
    show,
    show_list,
    with_database,
)
from wearable_gateway.db.session import Database
from wearable_gateway.deliveries.afterwards import log, lookup
from wearable_gateway.deliveries.afterwards.log import Filters, LoggedDelivery, LogState, Page
from wearable_gateway.deliveries.afterwards.lookup import ShownDelivery
from wearable_gateway.deliveries.afterwards.resending import resend as resend_one
from wearable_gateway.developers.keys import find_developer
from wearable_gateway.kit import json
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.web.answers.deliveries import attempt_fields, delivery_fields

app = typer.Typer(
    help="Deliveries: what became of events on their way to a destination.", no_args_is_help=True
)

EventId = Annotated[UUID, typer.Argument(help="From `delivery list`: the webhook-id it was sent with.")]


@app.command("list", epilog="Example: wearable-gateway delivery list acme --state exhausted --since 2d")
def list_some(
    dev_id: DevId,
    destination: Annotated[UUID | None, typer.Option(help="Only those to this destination.")] = None,
    state: Annotated[LogState | None, typer.Option(help="Only those that are in this state.")] = None,
    event_type: Annotated[str | None, typer.Option("--type", help="Only events of this type.")] = None,
    since: Annotated[str | None, typer.Option(help=f"Events made later: {moments.HELP}")] = None,
    until: Annotated[str | None, typer.Option(help=f"Events made earlier: {moments.HELP}")] = None,
    after: Annotated[str | None, typer.Option(help="The `next` of the page before.")] = None,
    limit: Annotated[int, typer.Option(help=f"How many at most: 1 to {log.MOST}.")] = 50,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """A developer's deliveries, the newest event first."""
    filters = Filters(
        destination, state, event_type,
        moments.read_maybe(since, "since"), moments.read_maybe(until, "until"),
    )  # fmt: skip
    runtime = installed(data_dir, database_url)

    async def work(db: Database) -> Page:
        await find_developer(db.autocommit, dev_id)
        return await log.list_deliveries(db.autocommit, dev_id, filters, after=after, limit=limit)

    page = with_database(runtime, work)
    if as_json:
        show({"items": [delivery_fields(one) for one in page.deliveries], "next": page.next}, as_json=True)
        return
    show_list([_line(one) for one in page.deliveries], as_json=False, empty="There is no such delivery.")
    if page.next:
        print(f"\nmore: --after {page.next}")


@app.command("show", epilog="Example: wearable-gateway delivery show acme 0192f0c1-… 0192f0c2-…")
def show_one(
    dev_id: DevId,
    event_id: EventId,
    destination_id: DestinationId,
    with_payload: Annotated[
        bool, typer.Option("--payload", help="The payload, too: it may hold health data.")
    ] = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """One delivery, and everything that was tried."""
    runtime = installed(data_dir, database_url)

    async def work(db: Database) -> ShownDelivery:
        await find_developer(db.autocommit, dev_id)
        return await lookup.show_delivery(db.autocommit, dev_id, event_id, destination_id)

    found = with_database(runtime, work)
    fields: dict[str, Any] = delivery_fields(found.delivery)
    attempts = [attempt_fields(attempt) for attempt in found.attempts]
    payload = {"payload": json.load(found.event.body)} if with_payload else {}
    if as_json:
        show({**fields, "attempts_made": attempts, **payload}, as_json=True)
        return
    del fields["last_attempt"]
    show(fields, as_json=False)
    print()
    show_list(attempts, as_json=False, empty="It was not tried yet.")
    if payload:
        print(f"\n{json.dump(payload['payload']).decode()}")


@app.command(epilog="Example: wearable-gateway delivery resend acme 0192f0c1-… 0192f0c2-…")
def resend(
    dev_id: DevId,
    event_id: EventId,
    destination_id: DestinationId,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Send an event again, at once, whatever became of it before."""
    runtime = installed(data_dir, database_url)

    async def work(db: Database) -> LoggedDelivery:
        async with db.transaction() as session:
            await find_developer(session, dev_id)
            return await resend_one(session, dev_id, event_id, destination_id, actor=ACTOR, now=utc_now())

    delivery = with_database(runtime, work)
    if as_json:
        show(delivery_fields(delivery), as_json=True)
    else:
        show(
            _line(delivery), as_json=False, note="It is on its way; `delivery show` says what becomes of it."
        )


def _line(delivery: LoggedDelivery) -> dict[str, Any]:
    """A row for people."""
    fields, last = delivery_fields(delivery), delivery.last_attempt
    names = ("event_id", "destination_id", "type", "state", "attempts", "created_at", "next_attempt_at")
    outcome = None if last is None else f"{last.outcome} {last.status or last.detail or ''}".strip()
    return {**{name: fields[name] for name in names}, "last_attempt": outcome}
