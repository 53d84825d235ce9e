"""What is due in the buckets of this worker?"""

import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from wearable_gateway.db.session import Row, Session
from wearable_gateway.deliveries.models import Delivery, Key

_READ_AT_ONCE = 256
_LOOKED_THROUGH = 2000
_CROWDED_AT_ONCE = 8
_FROM_THE_HEAD_EVERY_SECONDS = 0.2

COLUMNS = "dev_id, event_id, destination_id, bucket, attempts, tried_before"
_DUE_IN_MANY = f"""
SELECT {COLUMNS} FROM deliveries
WHERE bucket = ANY ($1) AND state = 'due' AND next_at <= $2
ORDER BY next_at, event_id LIMIT $3
"""
# For one bucket the index gives the order, however many rows wait; and only so many of them are looked through.
_DUE_IN_ONE = f"""
SELECT * FROM (
  SELECT {COLUMNS}, next_at FROM deliveries
  WHERE bucket = $1 AND state = 'due' AND next_at <= $2 AND (next_at, event_id) > ($3, $4)
  ORDER BY next_at, event_id LIMIT $5
) AS looked_through
WHERE destination_id <> ALL ($6) ORDER BY next_at, event_id LIMIT $7
"""

Take = Callable[[Delivery], bool]
"""Whether a row may be held; see `Backlog.take`."""

Place = tuple[datetime, UUID]
_BEGINNING: Place = (datetime(2000, 1, 1, tzinfo=UTC), UUID(int=0))


@dataclass(slots=True)
class Read:
    """`refused` are the destinations that could hold no more, with how many rows that were looked at.

    `crowded` are the buckets that were read by themselves; those of them are `flooded` whose beginning belongs to
    destinations that are full alone. `left_some`: not all that is due was taken.
    """

    taken: list[Delivery] = field(default_factory=list)
    refused: Counter[UUID] = field(default_factory=Counter)
    crowded: set[int] = field(default_factory=set)
    flooded: set[int] = field(default_factory=set)
    left_some: bool = False

    def offer(self, delivery: Delivery, take: Take) -> bool:
        if take(delivery):
            self.taken.append(delivery)
            return True
        self.refused[delivery.destination_id] += 1
        return False


@dataclass(slots=True)
class _Crowded:
    """How far a bucket has been read that is read by itself."""

    place: Place = _BEGINNING
    since_head: float = field(default_factory=time.monotonic)


class DueReader:
    """Reads all buckets with one statement, and those in which much waits one after the other by themselves."""

    def __init__(self) -> None:
        self._crowded: dict[int, _Crowded] = {}

    async def read(
        self,
        session: Session,
        epochs: Mapping[int, int],
        *,
        now: datetime,
        known: AbstractSet[Key],
        full: Collection[UUID],
        take: Take,
    ) -> Read:
        """Take what is not in `known`: those rows stay in the queue until they are recorded."""
        found = Read()
        self._crowded = {bucket: place for bucket, place in self._crowded.items() if bucket in epochs}
        quiet = [bucket for bucket in epochs if bucket not in self._crowded]
        for bucket in list(self._crowded)[:_CROWDED_AT_ONCE]:
            if len(found.taken) < _READ_AT_ONCE:
                rows, limit = await self._fetch_crowded(session, bucket, now=now, known=known, full=full)
                found.crowded.add(bucket)
                if full and not rows:
                    found.flooded.add(bucket)
                all_taken = self._take_crowded(found, bucket, rows, epochs, known=known, take=take)
                self._leave(bucket, ended=len(rows) < limit, nothing_left=all_taken and not full)
        await self._read_quiet(session, found, quiet, epochs, now=now, known=known, take=take)
        found.left_some = bool(self._crowded or found.refused)
        return found

    async def _read_quiet(
        self,
        session: Session,
        found: Read,
        quiet: Sequence[int],
        epochs: Mapping[int, int],
        *,
        now: datetime,
        known: AbstractSet[Key],
        take: Take,
    ) -> None:
        limit = len(known) + _READ_AT_ONCE
        rows = await session.fetch(_DUE_IN_MANY, quiet, now, limit)
        if len(rows) == limit:
            self._set_apart(rows)
        for row in rows:
            if (row["event_id"], row["destination_id"]) not in known:
                found.offer(_delivery(row, epochs), take)

    def _set_apart(self, rows: Sequence[Row]) -> None:
        """Buckets with at least an even part of a full read are from now on read alone."""
        counts = Counter(row["bucket"] for row in rows)
        for bucket, count in counts.items():
            if count * len(counts) >= len(rows):
                self._crowded[bucket] = _Crowded()

    async def _fetch_crowded(
        self,
        session: Session,
        bucket: int,
        *,
        now: datetime,
        known: AbstractSet[Key],
        full: Collection[UUID],
    ) -> tuple[Sequence[Row], int]:
        crowded = self._crowded[bucket]
        if time.monotonic() - crowded.since_head > _FROM_THE_HEAD_EVERY_SECONDS:
            # What was committed late may stand before the place that was reached.
            crowded.place, crowded.since_head = _BEGINNING, time.monotonic()
        more = len(known) if crowded.place == _BEGINNING else 0
        limit = _READ_AT_ONCE + more
        rows = await session.fetch(
            _DUE_IN_ONE, bucket, now, *crowded.place, _LOOKED_THROUGH + more, list(full), limit
        )
        return rows, limit

    def _take_crowded(
        self,
        found: Read,
        bucket: int,
        rows: Sequence[Row],
        epochs: Mapping[int, int],
        *,
        known: AbstractSet[Key],
        take: Take,
    ) -> bool:
        """Whether all was taken; the place moves on as long as it is."""
        crowded, moving = self._crowded[bucket], True
        for row in rows:
            if (row["event_id"], row["destination_id"]) not in known:
                moving = found.offer(_delivery(row, epochs), take) and moving
            if moving:
                crowded.place = row["next_at"], row["event_id"]
        return moving

    def _leave(self, bucket: int, *, ended: bool, nothing_left: bool) -> None:
        """To the end of the line, or out of it when nothing more is there."""
        crowded = self._crowded.pop(bucket)
        if ended and nothing_left:
            return
        if ended:
            crowded.place = _BEGINNING
        self._crowded[bucket] = crowded


def _delivery(row: Row, epochs: Mapping[int, int]) -> Delivery:
    return Delivery(
        dev_id=row["dev_id"],
        event_id=row["event_id"],
        destination_id=row["destination_id"],
        bucket=row["bucket"],
        attempts=row["attempts"],
        tried_before=row["tried_before"],
        epoch=epochs[row["bucket"]],
    )
