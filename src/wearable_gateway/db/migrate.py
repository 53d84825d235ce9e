"""Bring a database to the newest schema. `python -m wearable_gateway.db.migrate` does so with that of DATABASE_URL."""

import os
import sys
from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config
from sqlalchemy.exc import SQLAlchemyError

from wearable_gateway.errors import DatabaseUnavailableError, GatewayError, SettingsError

_FAULTS = (SQLAlchemyError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError)
_CHECKOUT = Path(__file__).resolve().parents[3]


def migrate(url: str) -> None:
    """Run every migration that is still to run; several processes may call this at once.

    Raises SettingsError, DatabaseUnavailableError.
    """
    folder = next((place for place in (Path.cwd(), _CHECKOUT) if (place / "alembic.ini").is_file()), None)
    if folder is None:
        raise SettingsError("alembic.ini was not found: run this in the project's folder")
    config = Config(str(folder / "alembic.ini"))
    config.set_main_option("script_location", str(folder / "migrations"))
    config.attributes["url"] = url
    try:
        command.upgrade(config, "head")
    except _FAULTS as error:
        detail = str(error).partition("\n")[0] or type(error).__name__
        raise DatabaseUnavailableError(f"the database cannot be used: {detail}") from error


if __name__ == "__main__":
    try:
        migrate(os.environ["DATABASE_URL"])
    except GatewayError as error:
        sys.exit(str(error))
