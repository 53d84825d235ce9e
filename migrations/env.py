"""Runs migrations over asyncpg, one process at a time."""

import asyncio
import os

from alembic import context
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from wearable_gateway.db.session import driver_url
from wearable_gateway.tables import metadata

_LOCK = 7_205_142_201


def _url() -> str:
    url = context.config.attributes.get("url") or os.environ["DATABASE_URL"]
    return driver_url(url).replace("://", "+asyncpg://", 1).replace("postgres+", "postgresql+", 1)


def _run(connection: Connection) -> None:
    # Held to the end of the transaction: a second process waits here and then finds nothing to do.
    context.configure(connection=connection, target_metadata=metadata, transaction_per_migration=False)
    with context.begin_transaction():
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        context.run_migrations()


async def _migrate() -> None:
    engine = create_async_engine(_url(), poolclass=NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(_run)
        await connection.commit()
    await engine.dispose()


asyncio.run(_migrate())
