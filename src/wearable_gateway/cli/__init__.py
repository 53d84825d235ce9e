"""The command line: `wearable-gateway --help`."""

import sys

import typer

from wearable_gateway.cli import (
    database,
    demo,
    destinations,
    developers,
    keys,
    listen,
    operators,
    run,
    sandbox,
    serve,
)
from wearable_gateway.errors import GatewayError

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
app.add_typer(destinations.app, name="destination")
app.add_typer(operators.app, name="operator")
app.add_typer(sandbox.app, name="sandbox")


def main() -> None:
    """Domain errors become one line and exit code 1."""
    try:
        app()
    except GatewayError as error:
        print(f"wearable-gateway: {error}", file=sys.stderr)
        sys.exit(1)
    except (ConnectionError, TimeoutError) as error:
        print(f"wearable-gateway: the database cannot be reached ({type(error).__name__})", file=sys.stderr)
        sys.exit(1)
