"""The command line: `wearable-gateway --help`."""

import sys

import asyncpg
import typer

from wearable_gateway.cli import (
    admin_tokens,
    database,
    deliveries,
    demo,
    destinations,
    developers,
    events,
    keys,
    listen,
    operators,
    provider_apps,
    recoveries,
    run,
    sandbox,
    serve,
    settings,
    simulator,
)
from wearable_gateway.errors import GatewayError, NotFoundError

app = typer.Typer(
    name="wearable-gateway",
    help="One API and one stream of webhooks in front of every wearable.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
run.register(app)
serve.register(app)
database.register(app)
listen.register(app)
demo.register(app)
app.add_typer(developers.app, name="developer")
app.add_typer(keys.app, name="key")
app.add_typer(settings.app, name="settings")
app.add_typer(destinations.app, name="destination")
app.add_typer(deliveries.app, name="delivery")
app.add_typer(recoveries.app, name="recovery")
app.add_typer(events.app, name="events")
app.add_typer(provider_apps.app, name="provider")
app.add_typer(operators.app, name="operator")
app.add_typer(admin_tokens.app, name="admin-token")
app.add_typer(sandbox.app, name="sandbox")
app.add_typer(simulator.app, name="simulator")


_DATABASE_FAULTS = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError)


def main() -> None:
    """Domain errors, and a database that cannot be used, become one line and exit code 1."""
    try:
        app()
    except GatewayError as error:
        _refuse(f"{error}{_hint(error)}")
    except asyncpg.UndefinedTableError:
        _refuse("the database has no tables yet; make them with `wearable-gateway migrate`")
    except _DATABASE_FAULTS as error:
        detail = str(error).partition("\n")[0] or type(error).__name__
        _refuse(f"the database cannot be used: {detail}")


def _hint(error: GatewayError) -> str:
    """Which command helps; programs that call the API are told none."""
    if isinstance(error, NotFoundError) and error.what == "developer":
        return ": list them with `wearable-gateway developer list`"
    return ""


def _refuse(why: str) -> None:
    print(f"wearable-gateway: {why}", file=sys.stderr)
    sys.exit(1)
