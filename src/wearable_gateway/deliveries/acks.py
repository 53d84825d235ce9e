"""Results wait a few milliseconds for others, and are then recorded in one transaction."""

import asyncio
from collections.abc import Callable, Collection, Sequence

import structlog

from wearable_gateway.db.session import Database
from wearable_gateway.deliveries.models import Delivery
from wearable_gateway.deliveries.recording import Result, record

log = structlog.get_logger()

_GATHER_SECONDS = 0.005
_PAUSE_AFTER_FAILURE_SECONDS = 0.3
_MOST_AT_ONCE = 500


class Acks:
    def __init__(
        self, db: Database, owner: str, *, recorded: Callable[[Sequence[Result], Collection[Delivery]], None]
    ) -> None:
        """`recorded` hears of results once they are committed, and which of them were no longer this owner's."""
        self._db = db
        self._owner = owner
        self._recorded = recorded
        self._results: list[Result] = []
        self._some = asyncio.Event()
        self._none = asyncio.Event()
        self._none.set()

    def submit(self, result: Result) -> None:
        self._results.append(result)
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
        batch = self._results[:_MOST_AT_ONCE]
        async with self._db.transaction() as session:
            lost = await record(session, self._owner, batch)
        del self._results[: len(batch)]
        if not self._results:
            self._some.clear()
            self._none.set()
        self._recorded(batch, lost)

    async def flushed(self) -> None:
        """Returns when nothing waits any more; `keep` has to be running."""
        await self._none.wait()
