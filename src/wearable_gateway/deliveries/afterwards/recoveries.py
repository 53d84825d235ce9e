"""Recoveries: past events to be brought to a destination once more. One developer's; and for the worker, those due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from wearable_gateway.db.session import Row, Session
from wearable_gateway.kit.ids import moment_of

_COLUMNS = (
    'dev_id, id, destination_id, "only", event_types, since, until, state, reason, reached, examined, queued, claims,'
    " created_at, finished_at"
)


class Only(StrEnum):
    """undelivered: what no attempt brought there · exhausted: what was given up · all: what was delivered, too.

    All but `exhausted` also bring forward what was tried and is due again later.
    """

    UNDELIVERED = "undelivered"
    EXHAUSTED = "exhausted"
    ALL = "all"


class RecoveryState(StrEnum):
    RUNNING = "running"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Recovery:
    """`event_types` None: those the destination wants. `reached` is the last event that was looked at.

    `examined` counts events of these types, `queued` those of them that were put into the queue.
    """

    dev_id: str
    id: UUID
    destination_id: UUID
    only: Only
    event_types: tuple[str, ...] | None
    since: datetime
    until: datetime
    state: RecoveryState
    reason: str | None
    reached: UUID
    examined: int
    queued: int
    claims: int
    created_at: datetime
    finished_at: datetime | None

    @property
    def progress(self) -> float:
        """How much of the time asked for was looked through, 0 to 1."""
        if self.state is RecoveryState.COMPLETED:
            return 1
        share = (moment_of(self.reached) - self.since) / (self.until - self.since)
        return min(max(share, 0), 1)


def _read(row: Row) -> Recovery:
    types = row["event_types"]
    return Recovery(
        **{
            **row,
            "only": Only(row["only"]),
            "event_types": None if types is None else tuple(types),
            "state": RecoveryState(row["state"]),
        }
    )


class RecoveryRepository:
    def __init__(self, session: Session, dev_id: str) -> None:
        self._session = session
        self._dev_id = dev_id

    async def add(self, recovery: Recovery) -> None:
        await self._session.execute(
            'INSERT INTO recoveries (dev_id, id, destination_id, "only", event_types, since, until, state, reached,'
            " examined, queued, claims, due_at, created_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, 0, $10, $10)",
            self._dev_id, recovery.id, recovery.destination_id, recovery.only.value, recovery.event_types,
            recovery.since, recovery.until, recovery.state.value, recovery.reached, recovery.created_at,
        )  # fmt: skip

    async def running(self) -> int:
        """How many there are that did not end."""
        count: int = await self._session.fetchval(
            "SELECT count(*) FROM recoveries WHERE dev_id = $1 AND finished_at IS NULL", self._dev_id
        )
        return count

    async def find(self, recovery_id: UUID) -> Recovery | None:
        row = await self._session.fetchrow(
            f"SELECT {_COLUMNS} FROM recoveries WHERE dev_id = $1 AND id = $2", self._dev_id, recovery_id
        )
        return _read(row) if row else None

    async def of_destination(self, destination_id: UUID, *, limit: int) -> list[Recovery]:
        """The newest first."""
        rows = await self._session.fetch(
            f"SELECT {_COLUMNS} FROM recoveries WHERE dev_id = $1 AND destination_id = $2 ORDER BY id DESC LIMIT $3",
            self._dev_id, destination_id, limit,
        )  # fmt: skip
        return [_read(row) for row in rows]

    async def claim(self, recovery_id: UUID, *, now: datetime, until: datetime) -> Recovery | None:
        """The recovery, if it is due and nobody else has it; this claim's until `until`."""
        row = await self._session.fetchrow(
            "UPDATE recoveries SET due_at = $4, claims = claims + 1"
            f" WHERE dev_id = $1 AND id = $2 AND due_at <= $3 RETURNING {_COLUMNS}",
            self._dev_id, recovery_id, now, until,
        )  # fmt: skip
        return _read(row) if row else None

    async def hold(self, recovery: Recovery, *, due_at: datetime) -> bool:
        """Lock it and keep it until `due_at`. False when it ended, or somebody claimed it after `recovery` was."""
        held = await self._session.execute(
            "UPDATE recoveries SET due_at = $4 WHERE dev_id = $1 AND id = $2 AND claims = $3 AND due_at IS NOT NULL",
            self._dev_id, recovery.id, recovery.claims, due_at,
        )  # fmt: skip
        return bool(held)

    async def advance(self, recovery: Recovery, reached: UUID, *, examined: int, queued: int) -> None:
        await self._session.execute(
            "UPDATE recoveries SET reached = $3, examined = examined + $4, queued = queued + $5"
            " WHERE dev_id = $1 AND id = $2",
            self._dev_id, recovery.id, reached, examined, queued,
        )  # fmt: skip

    async def finish(
        self, recovery_id: UUID, state: RecoveryState, reason: str | None = None, *, now: datetime
    ) -> bool:
        """False when it had ended before."""
        ended = await self._session.execute(
            "UPDATE recoveries SET state = $3, reason = $4, due_at = NULL, finished_at = $5"
            " WHERE dev_id = $1 AND id = $2 AND finished_at IS NULL",
            self._dev_id, recovery_id, state.value, reason, now,
        )  # fmt: skip
        return bool(ended)


class RecoveriesAcrossDevelopers:
    """What only the worker may ask."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def due(self, *, now: datetime, limit: int = 20) -> Sequence[tuple[str, UUID]]:
        """Developer and id of recoveries that wait for a worker, the longest waiting first."""
        rows = await self._session.fetch(
            "SELECT dev_id, id FROM recoveries WHERE due_at <= $1 ORDER BY due_at LIMIT $2", now, limit
        )
        return [(row["dev_id"], row["id"]) for row in rows]

    async def forget_finished(self, before: datetime) -> int:
        """Remove those that ended before `before`, some thousand at a time; how many it was."""
        rows = await self._session.fetch(
            "SELECT dev_id, id FROM recoveries WHERE finished_at < $1 LIMIT 1000", before
        )
        await self._session.executemany(
            "DELETE FROM recoveries WHERE dev_id = $1 AND id = $2",
            [(row["dev_id"], row["id"]) for row in rows],
        )
        return len(rows)
