"""`wearable-gateway admin-token …`"""

from typing import Annotated
from uuid import UUID

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
from wearable_gateway.developers import admin_tokens
from wearable_gateway.developers.admin_tokens import AdminToken
from wearable_gateway.developers.scopes import EVERYTHING

app = typer.Typer(help="Admin tokens: for programs that administer, under /admin/v1.", no_args_is_help=True)


def _row(token: AdminToken) -> dict[str, object]:
    return {
        "token_id": str(token.id),
        "name": token.name,
        "scopes": " ".join(token.scopes),
        "dev_id": token.dev_id,
        "created_at": token.created_at.isoformat(timespec="seconds"),
        "revoked_at": token.revoked_at.isoformat(timespec="seconds") if token.revoked_at else None,
    }


@app.command(epilog="Example: wearable-gateway admin-token create provisioning --scope developers:write")
def create(
    name: Annotated[str, typer.Argument(help="What it is for.")],
    scope: Annotated[
        list[str] | None, typer.Option(help="What it may do, such as users:read; several; * unless given.")
    ] = None,
    dev_id: Annotated[str | None, typer.Option(help="Reaches this developer only.")] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Make an admin token, which is shown this once."""
    runtime = installed(data_dir, database_url)

    async def work(db: Database) -> dict[str, object]:
        async with db.transaction() as session:
            token, text = await admin_tokens.issue_admin_token(
                session, runtime.hasher, name, scope or [EVERYTHING], dev_id, actor=ACTOR
            )
        return {
            "token_id": str(token.id),
            "name": token.name,
            "scopes": list(token.scopes),
            "dev_id": token.dev_id,
            "admin_token": text,
        }

    show(with_database(runtime, work), as_json=as_json, note="Keep the token: it is not shown again.")


@app.command("list", epilog="Example: wearable-gateway admin-token list")
def list_all(data_dir: DataDir = None, database_url: DatabaseUrl = None, as_json: AsJson = False) -> None:
    """Every admin token, also the revoked ones."""
    runtime = installed(data_dir, database_url)
    found = with_database(runtime, lambda db: admin_tokens.list_admin_tokens(db.autocommit))
    show_list(
        [_row(token) for token in found],
        as_json=as_json,
        empty="There is no admin token: wearable-gateway admin-token create NAME",
    )


@app.command(epilog="Example: wearable-gateway admin-token revoke 0192f0c1-…")
def revoke(
    token_id: Annotated[UUID, typer.Argument(help="From `admin-token list`.")],
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """End an admin token at once, in every process."""
    runtime = installed(data_dir, database_url)

    async def work(db: Database) -> None:
        async with db.transaction() as session:
            await admin_tokens.revoke_admin_token(session, token_id, actor=ACTOR)

    with_database(runtime, work)
    show({"token_id": str(token_id), "revoked": True}, as_json=as_json)
