"""`wearable-gateway operator …`"""

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
from wearable_gateway.developers import operators
from wearable_gateway.developers.invitations import Invitations
from wearable_gateway.developers.keys import find_developer
from wearable_gateway.developers.own_password import set_password
from wearable_gateway.developers.people import People
from wearable_gateway.developers.places import Acting
from wearable_gateway.developers.roles import Role
from wearable_gateway.developers.sign_in import issue_sign_in_link
from wearable_gateway.kit.clock import utc_now

app = typer.Typer(help="Operators: who may enter the dashboard.", no_args_is_help=True)

Email = Annotated[str, typer.Argument(help="Their e-mail address.")]
At = Annotated[str | None, typer.Option("--dev-id", help="At this developer; without it, at the gateway.")]
RoleOption = Annotated[
    Role,
    typer.Option(
        "--role", help="owner: everything · member: no people, keys, apps, settings · read_only: looks."
    ),
]
_HERE = Acting(ACTOR)
_MOST = 10_000


@app.command(epilog="Example: wearable-gateway operator create ann@example.org --dev-id acme")
def create(
    email: Email,
    dev_id: Annotated[
        str | None, typer.Option(help="Sees this developer only; without it, every developer.")
    ] = None,
    role: RoleOption = Role.OWNER,
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
            operator, token = await People(session, dev_id, _HERE).add(email, role, utc_now())
            if password is not None:
                await set_password(session, [operator], password, actor=ACTOR)
                token = await issue_sign_in_link(session, [operator.id], utc_now())
        return {
            "email": operator.email,
            "dev_id": operator.dev_id,
            "role": operator.role,
            "sign_in_link": f"{runtime.public_url()}/dashboard/link/{token}",
        }

    show(with_database(runtime, work), as_json=as_json, note="The link works once, within 15 minutes.")


@app.command("list", epilog="Example: wearable-gateway operator list --dev-id acme")
def list_(
    dev_id: At = None, data_dir: DataDir = None, database_url: DatabaseUrl = None, as_json: AsJson = False
) -> None:
    """Who may enter, and who is invited."""

    async def work(db: Database) -> list[dict[str, object]]:
        if dev_id is not None:
            await find_developer(db.autocommit, dev_id)
        people = await People(db.autocommit, dev_id, _HERE).page(limit=_MOST)
        invited = await Invitations(db.autocommit, dev_id, _HERE).pending()
        rows: list[dict[str, object]] = [
            {
                "email": person.operator.email,
                "role": person.operator.role.value,
                "last_seen": person.seen_at,
                "invited_until": None,
            }
            for person in people
        ]
        rows += [
            {"email": one.email, "role": one.role.value, "last_seen": None, "invited_until": one.expires_at}
            for one in invited
        ]
        return rows

    rows = with_database(installed(data_dir, database_url), work)
    show_list(rows, as_json=as_json, empty="nobody yet; `wearable-gateway operator invite` lets somebody in")


@app.command(epilog="Example: wearable-gateway operator invite bob@example.org --dev-id acme --role member")
def invite(
    email: Email,
    dev_id: At = None,
    role: RoleOption = Role.OWNER,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Make an invitation to pass on; a new one takes the place of the one before."""
    runtime = installed(data_dir, database_url)

    async def work(db: Database) -> dict[str, object]:
        async with db.transaction() as session:
            invitation, token = await Invitations(session, dev_id, _HERE).invite(email, role, utc_now())
        return {
            "email": invitation.email,
            "dev_id": invitation.dev_id,
            "role": invitation.role,
            "expires_at": invitation.expires_at,
            "invitation_link": f"{runtime.public_url()}/dashboard/invitation/{token}",
        }

    show(with_database(runtime, work), as_json=as_json, note="The link works once, within seven days.")


@app.command(epilog="Example: wearable-gateway operator role bob@example.org read_only --dev-id acme")
def role(
    email: Email,
    new_role: Annotated[Role, typer.Argument(metavar="ROLE", help="owner, member or read_only.")],
    dev_id: At = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Give somebody another role; it holds from their next click on."""

    async def work(db: Database) -> dict[str, object]:
        async with db.transaction() as session:
            people = People(session, dev_id, _HERE)
            found = await people.find(operators.normalise_email(email))
            changed = await people.change_role(found.id, new_role)
        return {"email": changed.email, "dev_id": changed.dev_id, "role": changed.role}

    show(with_database(installed(data_dir, database_url), work), as_json=as_json)


@app.command(epilog="Example: wearable-gateway operator remove bob@example.org --dev-id acme")
def remove(
    email: Email,
    dev_id: At = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Take somebody's place away, or the invitation to one; they are signed out of it at once."""

    async def work(db: Database) -> dict[str, object]:
        address = operators.normalise_email(email)
        async with db.transaction() as session:
            invitations = Invitations(session, dev_id, _HERE)
            for one in await invitations.pending():
                if one.email == address:
                    await invitations.withdraw(one.id)
                    return {"email": address, "dev_id": dev_id, "removed": "invitation"}
            people = People(session, dev_id, _HERE)
            await people.remove((await people.find(address)).id)
        return {"email": address, "dev_id": dev_id, "removed": "operator"}

    show(with_database(installed(data_dir, database_url), work), as_json=as_json)


@app.command(epilog="Example: wearable-gateway operator link ann@example.org")
def link(
    email: Email, data_dir: DataDir = None, database_url: DatabaseUrl = None, as_json: AsJson = False
) -> None:
    """A new sign-in link for an operator, to all of their places, as when the password is forgotten."""
    runtime = installed(data_dir, database_url)

    async def work(db: Database) -> dict[str, object]:
        async with db.transaction() as session:
            places = await operators.places_of(session, email)
            token = await issue_sign_in_link(session, [place.id for place in places], utc_now())
            for place in places:
                await People(session, place.dev_id, _HERE).record_link(place)
        return {"email": places[0].email, "sign_in_link": f"{runtime.public_url()}/dashboard/link/{token}"}

    show(with_database(runtime, work), as_json=as_json, note="The link works once, within 15 minutes.")


@app.command(epilog="Example: wearable-gateway operator password ann@example.org")
def password(
    email: Email, data_dir: DataDir = None, database_url: DatabaseUrl = None, as_json: AsJson = False
) -> None:
    """Set an operator's password for all of their places; signs them out everywhere."""
    runtime = installed(data_dir, database_url)
    text = typer.prompt("Password", hide_input=True, confirmation_prompt=True)

    async def work(db: Database) -> None:
        async with db.transaction() as session:
            await set_password(session, await operators.places_of(session, email), text, actor=ACTOR)

    with_database(runtime, work)
    show({"email": email, "password_set": True}, as_json=as_json)
