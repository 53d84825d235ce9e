"""`wearable-gateway developer …`"""

from typing import Annotated

import typer

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
from wearable_gateway.developers import developer_changes, keys
from wearable_gateway.developers.models import Developer, Environment

app = typer.Typer(help="Developers: the companies whose apps use this gateway.", no_args_is_help=True)


def _row(developer: Developer) -> dict[str, str]:
    return {
        "dev_id": developer.dev_id,
        "name": developer.name,
        "account": developer.account,
        "environment": developer.environment.value,
    }


@app.command(
    epilog="Example: wearable-gateway developer create 'Acme Fitness' --dev-id acme-testing"
    " --environment testing --account acme"
)
def create(
    name: Annotated[str, typer.Argument(help="As end users shall see it on the connect pages.")],
    dev_id: Annotated[
        str | None, typer.Option(help="Letters, digits, hyphens; made up if not given.")
    ] = None,
    environment: Annotated[
        Environment, typer.Option(help="Testing and staging hold 50 users unless settings say otherwise.")
    ] = Environment.PRODUCTION,
    account: Annotated[
        str | None,
        typer.Option(
            help="The account whose environment it is; a new one, named as the dev-id, if not given."
        ),
    ] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Create a developer, one environment of an account, and its first API key, which is shown this once."""
    runtime = installed(data_dir, database_url)

    async def work(db: Database) -> dict[str, str]:
        async with db.transaction() as session:
            developer, key, text = await developer_changes.create(
                session, runtime.hasher, name, dev_id, environment=environment, account=account, actor=ACTOR
            )
        return {**_row(developer), "api_key": text, "key_id": str(key.id)}

    show(with_database(runtime, work), as_json=as_json, note="Keep the API key: it is not shown again.")


@app.command("list", epilog="Example: wearable-gateway developer list --json")
def list_all(data_dir: DataDir = None, database_url: DatabaseUrl = None, as_json: AsJson = False) -> None:
    """Every developer of this gateway."""
    runtime = installed(data_dir, database_url)
    found = with_database(runtime, lambda db: keys.list_developers(db.autocommit))
    show_list(
        [_row(developer) for developer in found],
        as_json=as_json,
        empty="There is no developer yet: wearable-gateway developer create NAME",
    )
