"""Results wait a few milliseconds for others, and are then recorded in one transaction."""

import asyncio
from collections.abc import Callable, Sequence

import structlog

from wearable_gateway.db.session import Database
from wearable_gateway.deliveries.sending.failing import HealthChange
from wearable_gateway.deliveries.sending.recording import Recorded, Result, record
from wearable_gateway.kit.clock import Clock

log = structlog.get_logger()

_GATHER_SECONDS = 0.005
_PAUSE_AFTER_FAILURE_SECONDS = 0.3
_MOST_AT_ONCE = 500


class Acks:
    def __init__(
        self,
        db: Database,
        owner: str,
        *,
        recorded: Callable[[Sequence[Result], Recorded], None],
        clock: Clock,
    ) -> None:
        """`recorded` hears of results once they are committed."""
        self._db = db
        self._owner = owner
        self._recorded = recorded
        self._clock = clock
        self._results: list[Result] = []
        self._changes: list[HealthChange] = []
        self._some = asyncio.Event()
        self._none = asyncio.Event()
        self._none.set()

    def submit(self, result: Result, change: HealthChange | None) -> None:
        """`change` is what the result means for its destination."""
        self._results.append(result)
        if change is not None:
            self._changes.append(change)
        self._some.set()
        self._none.clear()

    async def keep(self) -> None:
        """Record until cancelled. While the database is away, results wait here."""
        while True:
            await self._some.wait()
            await asyncio.sleep(_GATHER_SECONDS)
            try:
                await self._record()
            except Exception:  # the edge of a loop that must outlive any fault of the database
                log.warning("deliveries.not_recorded", waiting=len(self._results), exc_info=True)
                await asyncio.sleep(_PAUSE_AFTER_FAILURE_SECONDS)

    async def _record(self) -> None:
        results, changes = self._results[:_MOST_AT_ONCE], self._changes[:]
        async with self._db.transaction() as session:
            recorded = await record(session, self._owner, results, changes, now=self._clock())
        del self._results[: len(results)]
        del self._changes[: len(changes)]
        if not self._results:
            self._some.clear()
            self._none.set()
        self._recorded(results, recorded)

    async def flushed(self) -> None:
        """Returns when nothing waits any more; `keep` has to be running."""
        await self._none.wait()
