"""`wearable-gateway operator …`"""

from typing import Annotated

import typer

from wearable_gateway.cli.context import (
    ACTOR,
    AsJson,
    DatabaseUrl,
    DataDir,
    Runtime,
    installed,
    show,
    with_database,
)
from wearable_gateway.db.session import Database
from wearable_gateway.developers import audit, operators
from wearable_gateway.developers.roles import Role
from wearable_gateway.developers.sign_in import issue_sign_in_link
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
    role: Annotated[
        Role,
        typer.Option(help="owner: everything · member: no people, keys, apps, settings · read_only: looks."),
    ] = Role.OWNER,
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
            operator = await operators.create_operator(session, email, password, dev_id, role)
            await audit.record(
                session, dev_id or audit.GATEWAY, actor=ACTOR, action="operator.created",
                subject=f"operator:{operator.email}", after={"role": role},
            )  # fmt: skip
            token = await issue_sign_in_link(session, [operator.id], utc_now())
        return {
            "email": operator.email,
            "dev_id": operator.dev_id,
            "role": operator.role,
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
            places = await operators.places_of(session, email)
            token = await issue_sign_in_link(session, [place.id for place in places], utc_now())
            for place in places:
                await audit.record(
                    session, place.dev_id or audit.GATEWAY, actor=ACTOR, action="operator.link_issued",
                    subject=f"operator:{place.email}",
                )  # fmt: skip
        return {"email": places[0].email, "sign_in_link": f"{_base_url(runtime)}/dashboard/link/{token}"}

    show(with_database(runtime, work), as_json=as_json, note="The link works once, within 15 minutes.")


@app.command(epilog="Example: wearable-gateway operator password ann@example.org")
def password(
    email: Email, data_dir: DataDir = None, database_url: DatabaseUrl = None, as_json: AsJson = False
) -> None:
    """Set an operator's password; signs them out everywhere."""
    runtime = installed(data_dir, database_url)
    text = typer.prompt("Password", hide_input=True, confirmation_prompt=True)

    async def work(db: Database) -> None:
        async with db.transaction() as session:
            places = await operators.places_of(session, email)
            await operators.set_password(session, [place.id for place in places], text)
            for place in places:
                await audit.record(
                    session, place.dev_id or audit.GATEWAY, actor=ACTOR, action="operator.password_set",
                    subject=f"operator:{place.email}",
                )  # fmt: skip

    with_database(runtime, work)
    show({"email": email, "password_set": True}, as_json=as_json)
