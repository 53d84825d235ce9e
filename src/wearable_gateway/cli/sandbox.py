"""`wearable-gateway sandbox …`: play the end user at the simulated vendor."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from wearable_gateway.cli.arguments import Account
from wearable_gateway.cli.context import AsJson, DataDir, read_settings, show
from wearable_gateway.cli.vendor_control import control
from wearable_gateway.errors import SettingsError
from wearable_gateway.local import Local
from wearable_gateway.sandbox.config import KINDS, SYNCED_KINDS

app = typer.Typer(help="The simulated vendor that `make run` starts.", no_args_is_help=True)

_KINDS_HELP = (
    f"A kind of data that is new: {', '.join(KINDS)}. If none is given, {', '.join(SYNCED_KINDS)} are."
)


def _control(data_dir: Path | None, command: str, body: dict[str, Any]) -> dict[str, Any]:
    """Raises SettingsError when no sandbox vendor runs, or it refuses."""
    _, folder = read_settings(data_dir)
    local = Local.find(folder)
    if local is None or local.sandbox_url is None:
        raise SettingsError(f"no sandbox vendor has run with its data in {folder}; start one with `make run`")
    token = local.sandbox_control_token
    return control(local.sandbox_url, token, command, body, vendor="sandbox", run="make run")


@app.command(
    epilog="Example: wearable-gateway sandbox push ann --date 2026-11-20 --kind body --kind nutrition"
)
def push(
    account: Account,
    date: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day; today if not given.")
    ] = None,
    kinds: Annotated[
        list[str] | None,
        typer.Option("--kind", help=_KINDS_HELP),
    ] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """The account's wearable syncs a day: new data, and a notice to every app connected to it."""
    body: dict[str, Any] = {"account": account}
    if kinds:
        body["kinds"] = kinds
    if date is not None:
        body["date"] = date.date().isoformat()
    show(_control(data_dir, "push", body), as_json=as_json)


@app.command(epilog="Example: wearable-gateway sandbox revoke ann")
def revoke(account: Account, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """The person takes back every app's access in the vendor's own settings."""
    show(_control(data_dir, "revoke", {"account": account}), as_json=as_json)
