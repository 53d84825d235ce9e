"""What every command needs: where the database and the keys are, and how to print an answer."""

import asyncio
import gc
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from wearable_gateway.db.embedded import running_url
from wearable_gateway.db.session import Database, open_database
from wearable_gateway.developers.keys import KeyHasher
from wearable_gateway.errors import SettingsError
from wearable_gateway.kit.addresses import AddressPolicy
from wearable_gateway.kit.encryption import Keyring
from wearable_gateway.local import Local, postgres_folder
from wearable_gateway.settings import Settings

DataDir = Annotated[
    Path | None,
    typer.Option(
        "--data-dir",
        help="The folder `run` works in. [default: .data in the checkout]",
        show_default=False,
    ),
]
DatabaseUrl = Annotated[
    str | None,
    typer.Option("--database-url", help="PostgreSQL to use instead of the embedded one.", show_default=False),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]

T = TypeVar("T")

_LEAST_SECRET = 32

ACTOR = "operator:command-line"
"""How the audit log calls whoever works on the gateway's machine."""


@dataclass(frozen=True, slots=True)
class Runtime:
    """An installation: its database, its keys, what it may send to."""

    settings: Settings
    data_dir: Path
    database_url: str
    keyring: Keyring
    hasher: KeyHasher
    policy: AddressPolicy

    def public_url(self) -> str:
        """Where `run` listens, else what the settings say; without a slash at its end."""
        local = Local.find(self.data_dir)
        return ((local.url if local else None) or self.settings.public_url).rstrip("/")


def read_settings(data_dir: Path | None = None, database_url: str | None = None) -> tuple[Settings, Path]:
    """Raises SettingsError when a setting is not what it has to be."""
    try:
        settings = Settings()
    except ValidationError as error:
        raise SettingsError("; ".join(_complaint(one) for one in error.errors())) from error
    update: dict[str, Any] = {"data_dir": data_dir or settings.data_dir}
    if database_url:
        update["database_url"] = database_url
    settings = settings.model_copy(update=update)
    return settings, settings.data_dir.expanduser().absolute()


def _complaint(error: ErrorDetails) -> str:
    """Without the value, which may be a secret."""
    name = str(error["loc"][0])
    return f"{name if name.isupper() else f'GATEWAY_{name.upper()}'} cannot be used: {error['msg']}"


def everything_is_imported() -> None:
    """Collect garbage from now on (`__main__` had it wait), and never look through what is there and stays.

    A full collection would walk all that was imported, for a tenth of a second.
    """
    gc.freeze()
    gc.enable()


def make_runtime(
    settings: Settings, data_dir: Path, database_url: str, policy: AddressPolicy | None = None
) -> Runtime:
    """Keys from the settings, else those that `run` made in the data directory. Raises SettingsError."""
    local = Local.find(data_dir)
    encryption_keys = settings.encryption_keys or (local.encryption_keys if local else "")
    secret_key = settings.secret_key or (local.secret_key if local else "")
    if len(secret_key) < _LEAST_SECRET:
        raise SettingsError(
            "GATEWAY_SECRET_KEY is not set or shorter than 32 characters; `wearable-gateway secrets` makes one"
        )
    return Runtime(
        settings=settings,
        data_dir=data_dir,
        database_url=database_url,
        keyring=Keyring.parse(encryption_keys),
        hasher=KeyHasher(secret_key),
        policy=policy or AddressPolicy.parse(settings.allow_private_networks, https_only=settings.https_only),
    )


def installed(data_dir: Path | None, database_url: str | None) -> Runtime:
    """The installation that is running. Raises SettingsError when there is none."""
    everything_is_imported()
    settings, folder = read_settings(data_dir, database_url)
    url = settings.database_url or running_url(postgres_folder(folder))
    if url is None:
        raise SettingsError(
            f"no gateway is running with its data in {folder}; start one with `make run`, or set DATABASE_URL"
        )
    local = Local.find(folder)
    private = local is not None and not settings.database_url
    return make_runtime(settings, folder, url, AddressPolicy.allowing_loopback() if private else None)


def with_database(runtime: Runtime, work: Callable[[Database], Awaitable[T]]) -> T:
    """Run `work` with a small pool and return what it returns."""

    async def working() -> T:
        async with open_database(runtime.database_url, size=2) as db:
            return await work(db)

    return asyncio.run(working())


def show(answer: dict[str, Any], *, as_json: bool, note: str = "") -> None:
    """Print one object: as JSON for programs, as aligned lines for people."""
    if as_json:
        print(json.dumps(answer, default=str))
        return
    width = max(map(len, answer), default=0)
    for name, value in answer.items():
        print(f"{name:<{width}}  {'-' if value is None else value}")
    if note:
        print(f"\n{note}")


def show_list(rows: list[dict[str, Any]], *, as_json: bool, empty: str) -> None:
    if as_json:
        print(json.dumps({"items": rows}, default=str))
    elif not rows:
        print(empty)
    else:
        # Never cut to the terminal's width: the ids are there to be copied into the next command.
        lines = [
            list(rows[0]),
            *(["-" if cell is None else str(cell) for cell in row.values()] for row in rows),
        ]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        for line in lines:
            print("  ".join(map(str.ljust, line, widths)).rstrip())
