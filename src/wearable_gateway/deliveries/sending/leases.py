"""Which buckets does this worker send? Each has one owner at a time, for as long as it renews the lease.

Reading the queue then needs no write and no lock. Every change of owner raises the bucket's epoch, and what a worker
records carries the epoch it read with (`recording`): one that was stopped and goes on later changes nothing.
"""

import asyncio
import time
from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta

import structlog

from wearable_gateway.db.session import Database, Session
from wearable_gateway.events.models import BUCKETS

log = structlog.get_logger()

_TTL = timedelta(seconds=15)
_RENEW_EVERY = timedelta(seconds=5)
_NOBODY = ""
_ALL_BUCKETS = range(BUCKETS)

_SHOW_UP = """
INSERT INTO delivery_workers (owner, expires_at) VALUES ($1, $2)
ON CONFLICT (owner) DO UPDATE SET expires_at = excluded.expires_at
"""
_ADD_BUCKETS = """
INSERT INTO bucket_leases (bucket, owner, epoch, expires_at)
SELECT u.bucket, '', 0, $2 FROM unnest($1::smallint[]) AS u (bucket)
ON CONFLICT DO NOTHING
"""
_TAKE = """
UPDATE bucket_leases SET owner = $1, epoch = epoch + 1, expires_at = $2
WHERE bucket = ANY ($3) AND expires_at <= $4 RETURNING bucket, epoch
"""


def quota(owner: str, owners: Iterable[str]) -> int:
    """How many buckets `owner` should have among `owners`; the quotas of all add up to all buckets."""
    workers = sorted({owner, *owners})
    each, rest = divmod(BUCKETS, len(workers))
    return each + (workers.index(owner) < rest)


class Leases:
    def __init__(
        self,
        db: Database,
        owner: str,
        *,
        ttl: timedelta = _TTL,
        renew_every: timedelta = _RENEW_EVERY,
    ) -> None:
        self.owner = owner
        self._db = db
        self._ttl = ttl
        self._renew_seconds = renew_every.total_seconds()
        self._epochs: dict[int, int] = {}
        self._leaving: frozenset[int] = frozenset()
        self._expires = 0.0

    def usable(self) -> dict[int, int]:
        """The buckets to send from, and their epochs; none when renewing has not worked for too long."""
        if time.monotonic() > self._expires - self._renew_seconds:
            return {}
        return {bucket: epoch for bucket, epoch in self._epochs.items() if bucket not in self._leaving}

    def holds(self, bucket: int, epoch: int) -> bool:
        """Whether a delivery that was read with `epoch` may be sent now."""
        current = self._epochs.get(bucket) == epoch and bucket not in self._leaving
        return current and time.monotonic() <= self._expires - self._renew_seconds

    def forget(self, buckets: Collection[int]) -> None:
        """Somebody else has them: nothing more is sent from them until they are taken anew."""
        self._epochs = {bucket: epoch for bucket, epoch in self._epochs.items() if bucket not in buckets}

    async def keep(self, busy: Callable[[], Collection[int]]) -> None:
        """Renew until cancelled. `busy` names the buckets in which something is being sent or recorded."""
        while True:
            settled = False
            try:
                settled = await self.renew(busy)
            except Exception:  # the edge of a loop that must outlive any fault of the database
                log.warning("delivery_leases.not_renewed", exc_info=True)
            await asyncio.sleep(self._renew_seconds if settled else self._renew_seconds / 20)

    async def renew(self, busy: Callable[[], Collection[int]]) -> bool:
        """Renew, give back what is above this worker's share, take what is free. True when the share is right."""
        started = time.monotonic()
        async with self._db.transaction() as session:
            # The database's clock, so that workers whose clocks differ do not take each other's buckets.
            now: datetime = await session.fetchval("SELECT clock_timestamp()")
            share = quota(self.owner, await self._show_up(session, now))
            rows = await session.fetch(
                "UPDATE bucket_leases SET expires_at = $2 WHERE owner = $1 RETURNING bucket, epoch",
                self.owner, now + self._ttl,
            )  # fmt: skip
            mine: dict[int, int] = {row["bucket"]: row["epoch"] for row in rows}
            self._leaving = frozenset(sorted(mine)[share:])
            returned = self._leaving - set(busy())
            await self._give_back(session, returned, now)
            mine |= await self._take(session, share - len(mine), now)
        self._epochs = {bucket: epoch for bucket, epoch in mine.items() if bucket not in returned}
        self._leaving -= returned
        self._expires = started + self._ttl.total_seconds()
        return len(self._epochs) == share

    async def _show_up(self, session: Session, now: datetime) -> list[str]:
        """The workers that are alive."""
        await session.execute(_SHOW_UP, self.owner, now + self._ttl)
        await session.execute("DELETE FROM delivery_workers WHERE expires_at <= $1", now)
        rows = await session.fetch("SELECT owner FROM delivery_workers WHERE expires_at > $1", now)
        return [row["owner"] for row in rows]

    async def _give_back(self, session: Session, buckets: Collection[int], now: datetime) -> None:
        if buckets:
            await session.execute(
                "UPDATE bucket_leases SET owner = $3, expires_at = $4 WHERE owner = $1 AND bucket = ANY ($2)",
                self.owner, list(buckets), _NOBODY, now,
            )  # fmt: skip

    async def _take(self, session: Session, count: int, now: datetime) -> dict[int, int]:
        if count <= 0:
            return {}
        rows = await session.fetch("SELECT bucket, expires_at FROM bucket_leases ORDER BY bucket")
        missing = set(_ALL_BUCKETS) - {row["bucket"] for row in rows}
        if missing:
            await session.execute(_ADD_BUCKETS, sorted(missing), now)
        free = sorted(missing | {row["bucket"] for row in rows if row["expires_at"] <= now})
        if not free:
            return {}
        taken = await session.fetch(_TAKE, self.owner, now + self._ttl, free[:count], now)
        log.info("delivery_leases.taken", owner=self.owner, count=len(taken))
        return {row["bucket"]: row["epoch"] for row in taken}

    async def release(self) -> None:
        """Give everything back, so that others go on at once."""
        async with self._db.transaction() as session:
            now = await session.fetchval("SELECT clock_timestamp()")
            await self._give_back(session, list(_ALL_BUCKETS), now)
            await session.execute("DELETE FROM delivery_workers WHERE owner = $1", self.owner)
        self._epochs = {}
