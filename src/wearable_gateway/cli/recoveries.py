"""`wearable-gateway recovery …`"""

import asyncio
import sys
from datetime import timedelta
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
    Runtime,
    installed,
    show,
    show_list,
    with_database,
)
from wearable_gateway.cli.destination_options import read_event_types
from wearable_gateway.db.session import Database
from wearable_gateway.deliveries.afterwards import recovery
from wearable_gateway.deliveries.afterwards.recoveries import Only, Recovery, RecoveryState
from wearable_gateway.deliveries.afterwards.recovery import Estimate, Wanted
from wearable_gateway.developers.keys import find_developer
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.web.answers.recoveries import recovery_fields

app = typer.Typer(
    help="Recoveries: past events sent to a destination that missed them.", no_args_is_help=True
)

RecoveryId = Annotated[UUID, typer.Argument(help="From `recovery list`.")]
_LOOK_EVERY_SECONDS = 0.3
_INTERRUPTED = 130


@app.command(epilog="Example: wearable-gateway recovery start acme 0192f0c1-… --since 6h")
def start(
    dev_id: DevId,
    destination_id: DestinationId,
    since: Annotated[str, typer.Option(help=f"Events made later: {moments.HELP}")],
    until: Annotated[str | None, typer.Option(help="Events made earlier; now if not given.")] = None,
    only: Annotated[
        Only,
        typer.Option(help="What never arrived, what was given up, or everything, also what was delivered."),
    ] = Only.UNDELIVERED,
    events: Annotated[
        str, typer.Option(help="Event types, comma separated; those the destination wants if not given.")
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say how many events there are.")] = False,
    no_wait: Annotated[
        bool, typer.Option("--no-wait", help="Begin it, and do not wait for the end.")
    ] = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Send again what a destination missed, and watch it being queued. Ctrl-C ends the watching alone."""
    types = read_event_types(events) or None
    wanted = Wanted(
        destination_id, moments.read(since, "since"), moments.read_maybe(until, "until"), only, types
    )
    runtime = installed(data_dir, database_url)
    kept_for = _kept_for(runtime)
    expected = with_database(runtime, lambda db: _estimate(db, dev_id, wanted, kept_for))
    if dry_run:
        show({"events": expected.events, "at_least": expected.at_least}, as_json=as_json)
        return
    if no_wait:
        begun = with_database(runtime, lambda db: _begin(db, dev_id, wanted, kept_for))
        note = f"see how far it is: wearable-gateway recovery show {dev_id} {begun.id}"
        show(recovery_fields(begun), as_json=as_json, note=note)
        return
    ended = _watched(runtime, dev_id, wanted, expected, quiet=as_json)
    show(recovery_fields(ended), as_json=as_json)
    if ended.state is RecoveryState.FAILED:
        raise typer.Exit(1)


def _kept_for(runtime: Runtime) -> timedelta:
    return timedelta(days=runtime.settings.events_kept_days)


async def _estimate(db: Database, dev_id: str, wanted: Wanted, kept_for: timedelta) -> Estimate:
    await find_developer(db.autocommit, dev_id)
    return await recovery.estimate(db.autocommit, dev_id, wanted, kept_for=kept_for, now=utc_now())


async def _begin(db: Database, dev_id: str, wanted: Wanted, kept_for: timedelta) -> Recovery:
    async with db.transaction() as session:
        return await recovery.begin(session, dev_id, wanted, actor=ACTOR, kept_for=kept_for, now=utc_now())


def _watched(runtime: Runtime, dev_id: str, wanted: Wanted, expected: Estimate, *, quiet: bool) -> Recovery:
    """A recovery, begun and at its end."""
    begun: list[Recovery] = []

    async def work(db: Database) -> Recovery:
        begun.append(await _begin(db, dev_id, wanted, _kept_for(runtime)))
        if not quiet:
            print(f"recovery {begun[0].id} is running", file=sys.stderr, flush=True)
        return await _follow(db, begun[0], expected, quiet=quiet)

    try:
        return with_database(runtime, work)
    except KeyboardInterrupt:
        if not begun:
            raise
        said = (
            f"the recovery goes on; see how far it is: wearable-gateway recovery show {dev_id} {begun[0].id}"
        )
        print(said, file=sys.stderr)
        raise typer.Exit(_INTERRUPTED) from None


async def _follow(db: Database, begun: Recovery, expected: Estimate, *, quiet: bool) -> Recovery:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    total = None if expected.at_least else expected.events
    # On stderr: what a program reads stays one object.
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=quiet) as progress:
        task = progress.add_task("looking for events", total=total)
        while True:
            now = await recovery.get(db.autocommit, begun.dev_id, begun.id)
            progress.update(task, completed=now.examined, description=f"{now.queued} to be sent again")
            if now.finished_at is not None:
                return now
            await asyncio.sleep(_LOOK_EVERY_SECONDS)


@app.command("list", epilog="Example: wearable-gateway recovery list acme 0192f0c1-…")
def list_all(
    dev_id: DevId,
    destination_id: DestinationId,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """A destination's recoveries of the last 30 days, the newest first."""
    runtime = installed(data_dir, database_url)

    async def work(db: Database) -> list[Recovery]:
        await find_developer(db.autocommit, dev_id)
        return await recovery.list_recoveries(db.autocommit, dev_id, destination_id)

    rows: list[dict[str, Any]] = [recovery_fields(one) for one in with_database(runtime, work)]
    if not as_json:
        names = ("recovery_id", "state", "only", "since", "until", "examined", "queued", "reason")
        rows = [{name: row[name] for name in names} for row in rows]
    show_list(rows, as_json=as_json, empty="There was no recovery for this destination.")


@app.command("show", epilog="Example: wearable-gateway recovery show acme 0192f0c1-…")
def show_one(
    dev_id: DevId,
    recovery_id: RecoveryId,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """How far a recovery is."""
    runtime = installed(data_dir, database_url)

    async def work(db: Database) -> Recovery:
        await find_developer(db.autocommit, dev_id)
        return await recovery.get(db.autocommit, dev_id, recovery_id)

    show(recovery_fields(with_database(runtime, work)), as_json=as_json)


@app.command(epilog="Example: wearable-gateway recovery cancel acme 0192f0c1-…")
def cancel(
    dev_id: DevId,
    recovery_id: RecoveryId,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Queue no more; what was queued before is sent."""
    runtime = installed(data_dir, database_url)

    async def work(db: Database) -> Recovery:
        async with db.transaction() as session:
            await find_developer(session, dev_id)
            return await recovery.cancel(session, dev_id, recovery_id, actor=ACTOR, now=utc_now())

    show(recovery_fields(with_database(runtime, work)), as_json=as_json)
