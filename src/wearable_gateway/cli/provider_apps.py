"""`wearable-gateway provider …`: the OAuth clients at the vendors."""

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
    show_list,
    with_database,
)
from wearable_gateway.connections.app_setup import AppFields, AppSetup, AppView
from wearable_gateway.db.session import Database
from wearable_gateway.errors import InvalidInputError, SettingsError
from wearable_gateway.providers import PROVIDERS, find_provider

app = typer.Typer(help="Providers: their apps, shared or of one developer.", no_args_is_help=True)

Resource = Annotated[str, typer.Argument(help="The provider, such as OURA.")]
DevId = Annotated[
    str | None,
    typer.Option(
        "--dev-id", help="This developer's own app; without it, the shared one.", show_default=False
    ),
]


def _setup(runtime: Runtime, db: Database, dev_id: str | None) -> AppSetup:
    return AppSetup(db, runtime.keyring, runtime.public_url(), dev_id=dev_id, actor=ACTOR)


def _pairs(given: list[str] | None, what: str) -> dict[str, str]:
    """name=value, as often as it was given. Raises InvalidInputError."""
    pairs = [one.partition("=") for one in given or ()]
    if not all(name and sign for name, sign, _ in pairs):
        raise InvalidInputError(what, "written name=value")
    return {name: value for name, _, value in pairs}


def _row(view: AppView) -> dict[str, object]:
    return {
        "provider": view.app.provider,
        "dev_id": view.app.dev_id,
        "client_id": view.app.client_id,
        "callback_url": view.callback_url,
        "notice_url": view.notice_url,
        **{f"host {name}": url for name, url in view.hosts.items()},
        **{
            f"extra {field.name}": "set" if field.name in view.app.extra else "not set"
            for field in view.provider.app_fields
        },
        "problem": view.app.upkeep_error,
    }


@app.command("list", epilog="Example: wearable-gateway provider list --dev-id acme")
def list_all(
    dev_id: DevId = None, data_dir: DataDir = None, database_url: DatabaseUrl = None, as_json: AsJson = False
) -> None:
    """Every provider there is, and whether it has an app."""
    runtime = installed(data_dir, database_url)
    found = with_database(runtime, lambda db: _setup(runtime, db, dev_id).all())
    apps = {view.app.provider: view for view in found}
    show_list(
        [
            {
                "provider": slug,
                "name": provider.name,
                "app": apps[slug].app.client_id if slug in apps else None,
                "problem": apps[slug].app.upkeep_error if slug in apps else None,
            }
            for slug, provider in sorted(PROVIDERS.items())
        ],
        as_json=as_json,
        empty="There is no provider.",
    )


@app.command("show", epilog="Example: wearable-gateway provider show OURA")
def show_one(
    resource: Resource,
    dev_id: DevId = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """An app without its secrets, and what to enter at the vendor."""
    runtime = installed(data_dir, database_url)
    show(_row(with_database(runtime, lambda db: _setup(runtime, db, dev_id).show(resource))), as_json=as_json)


@app.command("set", epilog="Example: wearable-gateway provider set OURA --client-id abc")
def set_up(
    resource: Resource,
    client_id: Annotated[str | None, typer.Option(help="From the vendor.", show_default=False)] = None,
    client_secret: Annotated[
        str | None,
        typer.Option(
            envvar="CLIENT_SECRET",
            help="From the vendor; asked for if it is needed and not given.",
            show_default=False,
        ),
    ] = None,
    host: Annotated[
        list[str] | None, typer.Option(help="name=https://…: the vendor is elsewhere.", show_default=False)
    ] = None,
    extra: Annotated[
        list[str] | None, typer.Option(help="name=value: what else the app has.", show_default=False)
    ] = None,
    dev_id: DevId = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Enter an app, or change what is named. A new secret takes the place of the old one at once."""
    runtime = installed(data_dir, database_url)
    if client_id is not None and client_secret is None:
        client_secret = typer.prompt("Client secret", hide_input=True)
    fields = AppFields(client_id, client_secret, _pairs(host, "--host"), _pairs(extra, "--extra"))
    view = with_database(runtime, lambda db: _setup(runtime, db, dev_id).put(resource, fields))
    show(
        _row(view),
        as_json=as_json,
        note=f"Does the vendor know it? wearable-gateway provider test {resource}",
    )


@app.command("test", epilog="Example: wearable-gateway provider test OURA")
def check(
    resource: Resource,
    dev_id: DevId = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Ask the vendor whether it knows the app."""
    runtime = installed(data_dir, database_url)
    found = with_database(runtime, lambda db: _setup(runtime, db, dev_id).check(resource))
    if not found.works:
        name = find_provider(resource).name
        raise SettingsError(
            f"{name} does not take the app: {found.detail}"
            if found.answered
            else f"{name} could not be reached, or gave no answer that tells; try again: {found.detail}"
        )
    show({"provider": find_provider(resource).slug, "works": True}, as_json=as_json)


@app.command("renew-notice-secret", epilog="Example: wearable-gateway provider renew-notice-secret GARMIN")
def renew_notice_secret(
    resource: Resource,
    dev_id: DevId = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Another secret for the vendor's notices; the old one is refused within seconds."""
    runtime = installed(data_dir, database_url)
    view = with_database(runtime, lambda db: _setup(runtime, db, dev_id).renew_notice_secret(resource))
    show(_row(view), as_json=as_json)


@app.command(epilog="Example: wearable-gateway provider remove OURA --dev-id acme")
def remove(
    resource: Resource,
    dev_id: DevId = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Forget an app that no wearable account is connected through."""
    runtime = installed(data_dir, database_url)
    with_database(runtime, lambda db: _setup(runtime, db, dev_id).remove(resource))
    show({"provider": find_provider(resource).slug, "removed": True}, as_json=as_json)
