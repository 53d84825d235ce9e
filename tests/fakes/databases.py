"""Databases of a test's own: copies of one that is migrated once, gone when the test has ended."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

import asyncpg

from wearable_gateway.db.embedded import Cluster
from wearable_gateway.db.migrate import migrate
from wearable_gateway.db.session import driver_url

_TEMPLATE = "template_gateway"


class Databases:
    def __init__(self, cluster: Cluster, connection: Any) -> None:
        self._cluster = cluster
        self._connection = connection
        self._numbers = count()

    @classmethod
    @asynccontextmanager
    async def of(cls, cluster: Cluster) -> AsyncIterator["Databases"]:
        cluster.ensure_database(_TEMPLATE)
        await asyncio.to_thread(migrate, cluster.url(_TEMPLATE))
        connection = await asyncpg.connect(driver_url(cluster.url("postgres")))
        yield cls(cluster, connection)
        await connection.close()

    @asynccontextmanager
    async def copy(self) -> AsyncIterator[str]:
        """The address of a new one."""
        name = f"test_{next(self._numbers)}"
        # As files: block by block through the log it takes twice as long.
        await self._connection.execute(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE} STRATEGY FILE_COPY")
        try:
            yield self._cluster.url(name)
        finally:
            # Hundreds of them would fill the memory they lie in, and autovacuum would visit each.
            await self._connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
