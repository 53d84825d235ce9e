"""`wearable-gateway key …`"""

from typing import Annotated
from uuid import UUID

import typer

from wearable_gateway.cli.arguments import DevId
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
from wearable_gateway.developers import key_changes, keys
from wearable_gateway.developers.models import ApiKey

app = typer.Typer(
    help="API keys of a developer: several at a time, so that one can be replaced.", no_args_is_help=True
)


def _row(key: ApiKey) -> dict[str, object]:
    return {
        "key_id": str(key.id),
        "name": key.name,
        "ends_with": key.hint,
        "created_at": key.created_at.isoformat(timespec="seconds"),
        "last_used_at": key.last_used_at.isoformat(timespec="seconds") if key.last_used_at else None,
        "revoked_at": key.revoked_at.isoformat(timespec="seconds") if key.revoked_at else None,
    }


@app.command(epilog="Example: wearable-gateway key create acme --name backend")
def create(
    dev_id: DevId,
    name: Annotated[str, typer.Option(help="What it is for.")] = "",
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Make another API key, which is shown this once."""
    runtime = installed(data_dir, database_url)

    async def work(db: Database) -> dict[str, object]:
        async with db.transaction() as session:
            key, text = await key_changes.issue(session, runtime.hasher, dev_id, name, actor=ACTOR)
        return {"dev_id": dev_id, "api_key": text, "key_id": str(key.id), "name": key.name}

    show(with_database(runtime, work), as_json=as_json, note="Keep the API key: it is not shown again.")


@app.command("list", epilog="Example: wearable-gateway key list acme")
def list_all(
    dev_id: DevId, data_dir: DataDir = None, database_url: DatabaseUrl = None, as_json: AsJson = False
) -> None:
    """A developer's keys, by their last four characters."""
    runtime = installed(data_dir, database_url)

    async def work(db: Database) -> list[ApiKey]:
        await keys.find_developer(db.autocommit, dev_id)
        return await keys.list_keys(db.autocommit, dev_id)

    rows = [_row(key) for key in with_database(runtime, work)]
    show_list(rows, as_json=as_json, empty=f"{dev_id} has no key: wearable-gateway key create {dev_id}")


@app.command(epilog="Example: wearable-gateway key revoke acme 0192f0c1-…")
def revoke(
    dev_id: DevId,
    key_id: Annotated[UUID, typer.Argument(help="From `key list`.")],
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """End a key at once, in every process."""
    runtime = installed(data_dir, database_url)

    async def work(db: Database) -> None:
        async with db.transaction() as session:
            await key_changes.revoke(session, dev_id, key_id, actor=ACTOR)

    with_database(runtime, work)
    show({"dev_id": dev_id, "key_id": str(key_id), "revoked": True}, as_json=as_json)
