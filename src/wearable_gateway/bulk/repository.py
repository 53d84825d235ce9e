"""One developer's bulk jobs; and for the worker, which of all of them are due."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from wearable_gateway.bulk.models import Job, JobKind, JobState, Row, RowState
from wearable_gateway.db.session import Row as Found
from wearable_gateway.db.session import Session
from wearable_gateway.errors import NotFoundError

_COLUMNS = (
    "dev_id, id, key, kind, state, actor, reference_id, notes, total, broken, done, unchanged, failed, events_erased,"
    " reached, claims, created_at, started_at, finished_at"
)
_ROW_COLUMNS = "number, user_id, reference_id, state, reason, text"
_INSERT_ROWS = """
INSERT INTO bulk_job_rows (dev_id, job_id, number, user_id, reference_id, state, reason, text)
SELECT $1, $2, u.number, u.user_id, u.reference_id, u.state, u.reason, u.text
FROM unnest($3::int[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[])
  AS u (number, user_id, reference_id, state, reason, text)
"""


def _read(row: Found) -> Job:
    return Job(
        **{**row, "kind": JobKind(row["kind"]), "state": JobState(row["state"]), "notes": tuple(row["notes"])}
    )


def _read_row(row: Found) -> Row:
    return Row(**{**row, "state": RowState(row["state"])})


class JobRepository:
    def __init__(self, session: Session, dev_id: str) -> None:
        self._session = session
        self._dev_id = dev_id

    async def add(self, job: Job, rows: Sequence[Row]) -> bool:
        """False when there is one with this key already, which is left as it is."""
        made = await self._session.execute(
            "INSERT INTO bulk_jobs (dev_id, id, key, kind, state, actor, reference_id, notes, total, broken, done,"
            " unchanged, failed, events_erased, reached, claims, created_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, 0, 0, 0, 0, 0, $11)"
            " ON CONFLICT (dev_id, key) DO NOTHING",
            self._dev_id, job.id, job.key, job.kind.value, job.state.value, job.actor, job.reference_id,
            list(job.notes), job.total, job.broken, job.created_at,
        )  # fmt: skip
        if made:
            await self.add_rows(job.id, rows)
        return bool(made)

    async def add_rows(self, job_id: UUID, rows: Sequence[Row]) -> None:
        await self._session.execute(
            _INSERT_ROWS, self._dev_id, job_id,
            [row.number for row in rows], [row.user_id for row in rows], [row.reference_id for row in rows],
            [row.state.value for row in rows], [row.reason for row in rows], [row.text for row in rows],
        )  # fmt: skip

    async def add_total(self, job_id: UUID, rows: int) -> None:
        await self._session.execute(
            "UPDATE bulk_jobs SET total = total + $3 WHERE dev_id = $1 AND id = $2",
            self._dev_id,
            job_id,
            rows,
        )

    async def find_by_key(self, key: bytes) -> Job | None:
        row = await self._session.fetchrow(
            f"SELECT {_COLUMNS} FROM bulk_jobs WHERE dev_id = $1 AND key = $2", self._dev_id, key
        )
        return _read(row) if row else None

    async def get(self, job_id: UUID) -> Job:
        """Raises NotFoundError."""
        row = await self._session.fetchrow(
            f"SELECT {_COLUMNS} FROM bulk_jobs WHERE dev_id = $1 AND id = $2", self._dev_id, job_id
        )
        if row is None:
            raise NotFoundError("bulk job")
        return _read(row)

    async def newest(self, *, before: UUID | None = None, limit: int) -> list[Job]:
        """The newest first, older than `before`."""
        rows = await self._session.fetch(
            f"SELECT {_COLUMNS} FROM bulk_jobs WHERE dev_id = $1 AND ($2::uuid IS NULL OR id < $2)"
            " ORDER BY id DESC LIMIT $3",
            self._dev_id, before, limit,
        )  # fmt: skip
        return [_read(row) for row in rows]

    async def rows(
        self, job_id: UUID, *, after: int = 0, states: Sequence[RowState] | None = None, limit: int
    ) -> list[Row]:
        """In order, behind row `after`."""
        rows = await self._session.fetch(
            f"SELECT {_ROW_COLUMNS} FROM bulk_job_rows WHERE dev_id = $1 AND job_id = $2 AND number > $3"
            " AND ($4::text[] IS NULL OR state = ANY ($4)) ORDER BY number LIMIT $5",
            self._dev_id, job_id, after, None if states is None else [one.value for one in states], limit,
        )  # fmt: skip
        return [_read_row(row) for row in rows]

    async def last_number(self, job_id: UUID) -> int:
        number: int | None = await self._session.fetchval(
            "SELECT max(number) FROM bulk_job_rows WHERE dev_id = $1 AND job_id = $2", self._dev_id, job_id
        )
        return number or 0

    async def running(self) -> int:
        count: int = await self._session.fetchval(
            "SELECT count(*) FROM bulk_jobs WHERE dev_id = $1 AND state = 'running'", self._dev_id
        )
        return count

    async def start(self, job_id: UUID, *, actor: str, now: datetime) -> bool:
        """Whether this call did: only a draft is started. From now on it is `actor`'s."""
        return bool(
            await self._session.execute(
                "UPDATE bulk_jobs SET state = 'running', started_at = $3, due_at = $3, actor = $4"
                " WHERE dev_id = $1 AND id = $2 AND state = 'draft'",
                self._dev_id, job_id, now, actor,
            )
        )  # fmt: skip

    async def claim(self, job_id: UUID, *, now: datetime, until: datetime) -> Job | None:
        """The job, if it is due and nobody else has it; this claim's until `until`."""
        row = await self._session.fetchrow(
            "UPDATE bulk_jobs SET due_at = $4, claims = claims + 1"
            f" WHERE dev_id = $1 AND id = $2 AND due_at <= $3 RETURNING {_COLUMNS}",
            self._dev_id, job_id, now, until,
        )  # fmt: skip
        return _read(row) if row else None

    async def hold(self, job: Job, *, due_at: datetime) -> Job | None:
        """The locked job as it is; None when it was ended, or claimed by somebody after `job` was."""
        row = await self._session.fetchrow(
            "UPDATE bulk_jobs SET due_at = $4"
            f" WHERE dev_id = $1 AND id = $2 AND claims = $3 AND state = 'running' RETURNING {_COLUMNS}",
            self._dev_id, job.id, job.claims, due_at,
        )  # fmt: skip
        return _read(row) if row else None

    async def end_row(self, job_id: UUID, number: int, state: RowState, reason: str | None) -> None:
        """The row came to its end, and the job behind it. The job is held."""
        await self._session.execute(
            "UPDATE bulk_job_rows SET state = $4, reason = $5 WHERE dev_id = $1 AND job_id = $2 AND number = $3",
            self._dev_id, job_id, number, state.value, reason,
        )  # fmt: skip
        await self._session.execute(
            "UPDATE bulk_jobs SET reached = $3, done = done + $4, unchanged = unchanged + $5, failed = failed + $6"
            " WHERE dev_id = $1 AND id = $2",
            self._dev_id, job_id, number, int(state is RowState.DONE), int(state is RowState.UNCHANGED),
            int(state is RowState.FAILED),
        )  # fmt: skip

    async def count_erased(self, job_id: UUID, events: int) -> None:
        await self._session.execute(
            "UPDATE bulk_jobs SET events_erased = events_erased + $3 WHERE dev_id = $1 AND id = $2",
            self._dev_id, job_id, events,
        )  # fmt: skip

    async def finish(self, job_id: UUID, state: JobState, *, now: datetime) -> bool:
        """Whether this call ended it; rows that were still waiting are cancelled with it."""
        ended = await self._session.execute(
            "UPDATE bulk_jobs SET state = $3, due_at = NULL, finished_at = $4"
            " WHERE dev_id = $1 AND id = $2 AND finished_at IS NULL",
            self._dev_id, job_id, state.value, now,
        )  # fmt: skip
        if ended and state is JobState.CANCELLED:
            await self._session.execute(
                "UPDATE bulk_job_rows SET state = 'cancelled'"
                " WHERE dev_id = $1 AND job_id = $2 AND state = 'waiting'",
                self._dev_id, job_id,
            )  # fmt: skip
        return bool(ended)


class JobsAcrossDevelopers:
    """What only the worker may ask."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def due(self, *, now: datetime, limit: int = 20) -> Sequence[tuple[str, UUID]]:
        """Developer and id of jobs that wait for a worker, the longest waiting first."""
        rows = await self._session.fetch(
            "SELECT dev_id, id FROM bulk_jobs WHERE due_at <= $1 ORDER BY due_at LIMIT $2", now, limit
        )
        return [(row["dev_id"], row["id"]) for row in rows]

    async def forget(self, before: datetime) -> int:
        """Remove jobs made before `before` that are not running, with their rows; how many it was."""
        rows = await self._session.fetch(
            "SELECT dev_id, id FROM bulk_jobs WHERE created_at < $1 AND due_at IS NULL LIMIT 10", before
        )
        await self._session.executemany(
            "DELETE FROM bulk_jobs WHERE dev_id = $1 AND id = $2",
            [(row["dev_id"], row["id"]) for row in rows],
        )
        return len(rows)
