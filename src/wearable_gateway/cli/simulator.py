"""`wearable-gateway simulator …`: play the end user at the simulated vendors that `run --simulate` started."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from wearable_gateway.cli.arguments import Account
from wearable_gateway.cli.context import AsJson, DataDir, read_settings, show
from wearable_gateway.cli.vendor_control import control
from wearable_gateway.errors import SettingsError
from wearable_gateway.local import Local

app = typer.Typer(help="Simulated vendors that `run --simulate` started.", no_args_is_help=True)

Vendor = Annotated[str, typer.Argument(help="The vendor, such as oura.")]
Kind = Annotated[str, typer.Option(help="A kind of data, such as daily, activity or sleep.")]
Day = Annotated[
    datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="The day; today if not given.")
]


def _control(data_dir: Path | None, vendor: str, command: str, body: dict[str, Any]) -> dict[str, Any]:
    """Raises SettingsError when no such vendor runs, or it refuses."""
    _, folder = read_settings(data_dir)
    local = Local.find(folder)
    url = local.simulator_urls.get(vendor.lower()) if local else None
    if local is None or url is None:
        raise SettingsError(
            f"no simulated {vendor.lower()} runs with its data in {folder}; start it with"
            f" `wearable-gateway run --simulate {vendor.lower()}`"
        )
    given = {name: value for name, value in body.items() if value is not None}
    return control(url, local.sandbox_control_token, command, given, vendor="simulated", run="run")


def _iso(day: datetime | None) -> str | None:
    return day.date().isoformat() if day else None


@app.command(epilog="Example: wearable-gateway simulator push oura ann --kind sleep")
def push(
    vendor: Vendor,
    account: Account,
    kind: Kind = "daily",
    day: Day = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """The account's wearable syncs a day: new data, and whatever the vendor tells of it."""
    body = {"account": account, "kind": kind, "date": _iso(day)}
    show(_control(data_dir, vendor, "push", body), as_json=as_json)


@app.command(epilog="Example: wearable-gateway simulator delete strava ann --kind activity")
def delete(
    vendor: Vendor,
    account: Account,
    kind: Kind = "activity",
    day: Day = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """The person deletes what there is of a day."""
    body = {"account": account, "kind": kind, "date": _iso(day)}
    show(_control(data_dir, vendor, "delete", body), as_json=as_json)


@app.command(epilog="Example: wearable-gateway simulator revoke garmin ann")
def revoke(vendor: Vendor, account: Account, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """The person takes the gateway's access back in the vendor's own settings."""
    show(_control(data_dir, vendor, "revoke", {"account": account}), as_json=as_json)


@app.command(epilog="Example: wearable-gateway simulator fail oura --status 503 --times 3")
def fail(
    vendor: Vendor,
    path: Annotated[str, typer.Option(help="What the paths begin with.")] = "/",
    status: Annotated[int, typer.Option(min=400, max=599)] = 503,
    times: Annotated[int, typer.Option(min=0, help="How many calls fail.")] = 1,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """The vendor's next calls fail."""
    body = {"path": path, "status": status, "times": times}
    show(_control(data_dir, vendor, "fail", body), as_json=as_json)


@app.command(epilog="Example: wearable-gateway simulator limit strava --calls 0 --seconds 60")
def limit(
    vendor: Vendor,
    calls: Annotated[int, typer.Option(min=0, help="How many more calls are taken.")] = 0,
    seconds: Annotated[float, typer.Option(min=0.1, help="For how long the rest is refused.")] = 60,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """The vendor's limit of calls is nearly used up."""
    show(_control(data_dir, vendor, "limit", {"calls": calls, "seconds": seconds}), as_json=as_json)
