"""`wearable-gateway operator …`"""

from typing import Annotated

import typer

from wearable_gateway.cli.context import AsJson, DatabaseUrl, DataDir, Runtime, installed, show, with_database
from wearable_gateway.db.session import Database
from wearable_gateway.developers import operators
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.local import Local

app = typer.Typer(help="Operators: who may enter the dashboard.", no_args_is_help=True)

Email = Annotated[str, typer.Argument(help="Their e-mail address.")]


def _base_url(runtime: Runtime) -> str:
    local = Local.find(runtime.data_dir)
    return (local.url if local and local.url else None) or runtime.settings.public_url


@app.command(epilog="Example: wearable-gateway operator create ann@example.org --dev-id acme")
def create(
    email: Email,
    dev_id: Annotated[
        str | None, typer.Option(help="Sees this developer only; without it, every developer.")
    ] = None,
    ask_password: Annotated[bool, typer.Option("--password", help="Ask for a password now.")] = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Let somebody into the dashboard; prints a sign-in link that works once."""
    runtime = installed(data_dir, database_url)
    password = typer.prompt("Password", hide_input=True, confirmation_prompt=True) if ask_password else None

    async def work(db: Database) -> dict[str, object]:
        async with db.transaction() as session:
            operator = await operators.create_operator(session, email, password, dev_id)
            token = await operators.issue_sign_in_link(session, operator.id, utc_now())
        return {
            "email": operator.email,
            "dev_id": operator.dev_id,
            "sign_in_link": f"{_base_url(runtime)}/dashboard/link/{token}",
        }

    show(with_database(runtime, work), as_json=as_json, note="The link works once, within 15 minutes.")


@app.command(epilog="Example: wearable-gateway operator link ann@example.org")
def link(
    email: Email, data_dir: DataDir = None, database_url: DatabaseUrl = None, as_json: AsJson = False
) -> None:
    """A new sign-in link for an operator, as when the password is forgotten."""
    runtime = installed(data_dir, database_url)

    async def work(db: Database) -> dict[str, object]:
        async with db.transaction() as session:
            operator = await operators.find_operator(session, email)
            token = await operators.issue_sign_in_link(session, operator.id, utc_now())
        return {"email": operator.email, "sign_in_link": f"{_base_url(runtime)}/dashboard/link/{token}"}

    show(with_database(runtime, work), as_json=as_json, note="The link works once, within 15 minutes.")


@app.command(epilog="Example: wearable-gateway operator password ann@example.org")
def password(
    email: Email, data_dir: DataDir = None, database_url: DatabaseUrl = None, as_json: AsJson = False
) -> None:
    """Set an operator's password; signs them out everywhere."""
    runtime = installed(data_dir, database_url)
    text = typer.prompt("Password", hide_input=True, confirmation_prompt=True)

    async def work(db: Database) -> None:
        operator = await operators.find_operator(db.autocommit, email)
        await operators.set_password(db.autocommit, operator.id, text)

    with_database(runtime, work)
    show({"email": email, "password_set": True}, as_json=as_json)
