"""Who looks for work, and when? Workers poll; a coalesced NOTIFY after a commit makes them look at once.

Never inside a business transaction: `pg_notify` there takes a global lock at commit and was measured to cost
two thirds of the insert rate. One task sends them, one at a time, for all commits since the last.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import structlog

DELIVERIES = "deliveries"
NOTICES = "notices"
RELEASES = "releases"
DATA_REQUESTS = "data_requests"
RECOVERIES = "recoveries"
UPKEEP = "upkeep"
BULK_JOBS = "bulk_jobs"

_CHANNEL = "wearable_gateway"
_PAUSE_SECONDS = 0.001
# A wake-up that a crash loses is made up for by polling; so its commit need not wait for the disk.
_NOTIFY = "SELECT set_config('synchronous_commit', 'off', true), pg_notify($1, $2)"
# A killed backend can also surface as asyncpg's InternalClientError, which is none of the others.
_LOST = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)

log = structlog.get_logger()


class Notifier:
    def __init__(self, pool: Any) -> None:
        self._pool = pool
        self._queues: set[str] = set()
        self._due = asyncio.Event()

    def notify(self, queue: str) -> None:
        self._queues.add(queue)
        self._due.set()

    @classmethod
    @asynccontextmanager
    async def running(cls, pool: Any) -> AsyncIterator["Notifier"]:
        notifier = cls(pool)
        task = asyncio.create_task(notifier._send_for_ever())
        try:
            yield notifier
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _send_for_ever(self) -> None:
        while True:
            await self._due.wait()
            self._due.clear()
            queues, self._queues = self._queues, set()
            try:
                for queue in queues:
                    await self._pool.execute(_NOTIFY, _CHANNEL, queue)
            except _LOST:
                log.warning("wakeup.not_sent", exc_info=True)  # polling finds the work a moment later
            await asyncio.sleep(_PAUSE_SECONDS)


class Wakeups:
    """One event per queue, set by NOTIFY from any process. Losing the connection only costs the speed-up."""

    def __init__(self) -> None:
        self._events: dict[str, asyncio.Event] = {}

    def _event(self, queue: str) -> asyncio.Event:
        return self._events.setdefault(queue, asyncio.Event())

    def set(self, queue: str) -> None:
        self._event(queue).set()

    async def wait(self, queue: str, timeout: float) -> None:  # noqa: ASYNC109 - the timeout is the poll
        """Return when somebody woke `queue`, or after `timeout` seconds."""
        event = self._event(queue)
        # Not wait_for: on Python 3.11 it can swallow a cancellation that comes together with the event.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                await event.wait()
        event.clear()

    async def listen(self, dsn: str) -> None:
        """Listen until cancelled, connecting again whenever the connection is lost."""
        while True:
            try:
                await self._listen_once(dsn)
            except _LOST:
                log.warning("wakeup.listener_lost")
            await asyncio.sleep(1)

    async def _listen_once(self, dsn: str) -> None:
        connection = await asyncpg.connect(dsn)
        closed = asyncio.Event()
        connection.add_termination_listener(lambda _connection: closed.set())
        try:
            await connection.add_listener(_CHANNEL, lambda *arguments: self.set(str(arguments[3])))
            await closed.wait()
        finally:
            with contextlib.suppress(*_LOST):
                await connection.close(timeout=1)
