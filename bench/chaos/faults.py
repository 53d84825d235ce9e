"""What happens to an installation: processes die, PostgreSQL dies, connections are cut or used up."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import asyncpg

from bench.chaos.world import Supervised, World
from bench.receiving import wait_until
from wearable_gateway.db.embedded import EmbeddedPostgresError
from wearable_gateway.db.session import driver_url

_SECONDS_WITHOUT_CONNECTIONS = 3


@dataclass
class Victims:
    world: World
    workers: list[Supervised]
    producer: Supervised
    api: Supervised


def kill_worker(victims: Victims, lots: Random) -> None:
    lots.choice(victims.workers).restart()


def kill_api(victims: Victims, _lots: Random) -> None:
    victims.api.restart()


def kill_producer(victims: Victims, _lots: Random) -> None:
    victims.producer.restart()


def kill_postgres(victims: Victims, lots: Random) -> None:
    """At once, without a word to anybody; it recovers when it is started again."""
    cluster = victims.world.installation.cluster
    pid = cluster.pid
    if pid is None:
        raise EmbeddedPostgresError("PostgreSQL ended by itself")
    os.kill(pid, lots.choice((signal.SIGKILL, signal.SIGQUIT)))
    wait_until(lambda: cluster.pid is None, "PostgreSQL did not end", within=30)
    cluster.start()


def cut_connections(victims: Victims, _lots: Random) -> None:
    async def cut() -> None:
        connection = await asyncpg.connect(driver_url(victims.world.installation.url))
        try:
            await connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND random() < 0.6"
            )
        finally:
            await connection.close()

    asyncio.run(cut())


def use_up_connections(victims: Victims, _lots: Random) -> None:
    """Nobody gets a new one for a while; with some cut before, somebody wants one."""

    async def hold(dsn: str) -> None:
        held = []
        with contextlib.suppress(asyncpg.TooManyConnectionsError):
            while True:
                held.append(await asyncpg.connect(dsn))
        await held[0].execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'wearable-gateway'"
        )
        until = time.monotonic() + _SECONDS_WITHOUT_CONNECTIONS
        while time.monotonic() < until:
            # Also those that the cut ones leave.
            with contextlib.suppress(asyncpg.TooManyConnectionsError):
                held.append(await asyncpg.connect(dsn))
            await asyncio.sleep(0.01)
        for connection in held:
            connection.terminate()

    asyncio.run(hold(driver_url(victims.world.installation.url)))


FAULTS: dict[str, Callable[[Victims, Random], None]] = {
    "worker": kill_worker,
    "API": kill_api,
    "producer": kill_producer,
    "PostgreSQL": kill_postgres,
    "connections cut": cut_connections,
    "connections used up": use_up_connections,
}


def drawn(lots: Random, kills: int, seconds: float) -> list[tuple[float, str]]:
    """When, and what; every kind before any comes again."""
    kinds: list[str] = []
    while len(kinds) < kills:
        kinds += lots.sample(list(FAULTS), len(FAULTS))
    moments = sorted(lots.uniform(0, seconds) for _ in range(kills))
    return list(zip(moments, kinds, strict=False))
