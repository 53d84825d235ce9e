"""`wearable-gateway settings …`"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from wearable_gateway.cli.arguments import DevId
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
from wearable_gateway.developers import settings_repository as repository
from wearable_gateway.developers.settings_repository import LISTS, Setting
from wearable_gateway.errors import InvalidInputError
from wearable_gateway.kit import json

app = typer.Typer(help="Settings of a developer.", no_args_is_help=True)


@app.command("show", epilog="Example: wearable-gateway settings show acme")
def show_all(
    dev_id: DevId, data_dir: DataDir = None, database_url: DatabaseUrl = None, as_json: AsJson = False
) -> None:
    """Every setting: its value, its default, what it means."""
    runtime = installed(data_dir, database_url)
    found = with_database(runtime, lambda db: repository.read_settings(db.autocommit, dev_id))
    if as_json:
        show({"dev_id": dev_id, "settings": [_row(setting) for setting in found]}, as_json=True)
    else:
        show_list([_line(setting) for setting in found], as_json=False, empty="")


@app.command(
    "set", epilog="Example: wearable-gateway settings set acme history_days=30 providers=GARMIN,OURA"
)
def set_some(
    dev_id: DevId,
    changes: Annotated[
        list[str],
        typer.Argument(
            metavar="NAME=VALUE...", help="Values as JSON or as plain words; `settings show` has the names."
        ),
    ],
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Choose settings; those that are not named stay as they are."""
    chosen = dict(_read_change(change) for change in changes)
    _change(data_dir, database_url, dev_id, chosen=chosen, as_json=as_json)


@app.command(epilog="Example: wearable-gateway settings reset acme history_days")
def reset(
    dev_id: DevId,
    names: Annotated[list[str], typer.Argument(metavar="NAME...", help="From `settings show`.")],
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Give up a choice: the default holds again, also when a later version has another one."""
    _change(data_dir, database_url, dev_id, reset=names, as_json=as_json)


def _change(
    data_dir: Path | None,
    database_url: str | None,
    dev_id: str,
    *,
    chosen: Mapping[str, Any] | None = None,
    reset: Sequence[str] = (),
    as_json: bool,
) -> None:
    """Prints those that were named, as they are now."""
    runtime = installed(data_dir, database_url)
    chosen = chosen or {}

    async def work(db: Database) -> list[Setting]:
        async with db.transaction() as session:
            return await repository.change_settings(session, dev_id, chosen, reset, actor=ACTOR)

    changed = [setting for setting in with_database(runtime, work) if setting.name in {*chosen, *reset}]
    values = {setting.name: setting.value if as_json else _written(setting.value) for setting in changed}
    show({"dev_id": dev_id, **values}, as_json=as_json)


def _read_change(change: str) -> tuple[str, Any]:
    """Raises InvalidInputError when it is not NAME=VALUE."""
    name, separator, text = change.partition("=")
    if not separator or not name:
        raise InvalidInputError("change", f"NAME=VALUE such as history_days=30, and not {change!r}")
    try:
        return name, json.load(text)
    except ValueError:
        words = [word.strip() for word in text.split(",") if word.strip()]
        return name, words if name in LISTS else text


def _row(setting: Setting) -> dict[str, Any]:
    return {
        "name": setting.name,
        "value": setting.value,
        "default": setting.default,
        "description": setting.description,
        "is_chosen": setting.is_chosen,
    }


def _line(setting: Setting) -> dict[str, Any]:
    return {
        "name": setting.name,
        "value": _written(setting.value),
        "default": _written(setting.default),
        "description": setting.description,
    }


def _written(value: Any) -> str:
    """As `settings set` takes it."""
    return value if isinstance(value, str) else json.dump(value).decode()
