"""A developer has something done to many users: looked at, begun, called off. A worker does it (`bulk.work`)."""

import asyncio
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from wearable_gateway.bulk.checking import check
from wearable_gateway.bulk.models import Job, JobKind, JobState, Row, RowState
from wearable_gateway.bulk.reading import Sheet, read_csv, read_rows
from wearable_gateway.bulk.repository import JobRepository
from wearable_gateway.connections.repository import ConnectionRepository
from wearable_gateway.db.session import Database, Session
from wearable_gateway.db.wakeups import BULK_JOBS
from wearable_gateway.developers import audit
from wearable_gateway.developers.keys import lock_developer
from wearable_gateway.errors import DisallowedError
from wearable_gateway.kit.ids import uuid7

MOST_RUNNING = 5

FILE_KINDS = (JobKind.ASSIGN, JobKind.DEAUTHENTICATE)
"""What can be done by a file."""


async def draft_of_csv(
    db: Database, dev_id: str, kind: JobKind, content: bytes, *, form: str, actor: str, now: datetime
) -> Job:
    """The file as a job that nothing is done of yet; the same one when the same `form` comes again.

    Raises InvalidInputError.
    """
    key = key_of(form or str(uuid7()), kind.value.encode(), content)
    return await _draft(db, dev_id, kind, lambda: read_csv(content, kind), key=key, actor=actor, now=now)


async def draft_of_rows(
    db: Database,
    dev_id: str,
    kind: JobKind,
    items: Sequence[Mapping[str, str | None]],
    *,
    form: str = "",
    actor: str,
    now: datetime,
) -> Job:
    """The same of objects with `user_id` and `reference_id`. Raises InvalidInputError."""
    key = key_of(form or str(uuid7()), kind.value.encode())
    return await _draft(db, dev_id, kind, lambda: read_rows(items, kind), key=key, actor=actor, now=now)


async def preview(
    db: Database, dev_id: str, kind: JobKind, read: Callable[[], Sheet], *, actor: str, now: datetime
) -> tuple[Job, list[Row]]:
    """The job that there would be, and its rows; nothing is kept. Raises InvalidInputError."""
    sheet = await asyncio.to_thread(read)
    rows = await check(ConnectionRepository(db.autocommit, dev_id), sheet.rows, kind)
    return new_job(dev_id, kind, rows, sheet.notes, key=b"", actor=actor, now=now), rows


async def _draft(
    db: Database,
    dev_id: str,
    kind: JobKind,
    read: Callable[[], Sheet],
    *,
    key: bytes,
    actor: str,
    now: datetime,
) -> Job:
    known = await JobRepository(db.autocommit, dev_id).find_by_key(key)
    if known is not None:
        return known
    job, rows = await preview(db, dev_id, kind, read, actor=actor, now=now)
    async with db.transaction() as session:
        return await add(session, replace(job, key=key), rows)


async def add(session: Session, job: Job, rows: Sequence[Row]) -> Job:
    """The job as it is kept: an earlier one with its key, if there is one."""
    repository = JobRepository(session, job.dev_id)
    if await repository.add(job, rows):
        return job
    known = await repository.find_by_key(job.key)
    assert known is not None  # noqa: S101 - that is why it was not added
    return known


def key_of(*parts: str | bytes) -> bytes:
    """What tells a job from another: the same for the same parts."""
    digest = hashlib.sha256()
    for part in parts:
        content = part.encode() if isinstance(part, str) else part
        digest.update(len(content).to_bytes(8, "big") + content)
    return digest.digest()


def new_job(
    dev_id: str,
    kind: JobKind,
    rows: Sequence[Row],
    notes: Sequence[str] = (),
    *,
    key: bytes,
    actor: str,
    now: datetime,
    reference_id: str | None = None,
) -> Job:
    broken = sum(row.state is RowState.BROKEN for row in rows)
    return Job(
        dev_id=dev_id, id=uuid7(), key=key, kind=kind, state=JobState.DRAFT, actor=actor, reference_id=reference_id,
        notes=tuple(notes), total=len(rows), broken=broken, done=0, unchanged=0, failed=0, events_erased=0, reached=0,
        claims=0, created_at=now,
    )  # fmt: skip


async def start(session: Session, dev_id: str, job_id: UUID, *, actor: str, now: datetime) -> Job:
    """Have the good rows of a draft done; of a job that was started before, nothing more. In a transaction.

    Raises NotFoundError, DisallowedError for a job without a good row, and when as many as may run are running.
    """
    repository = JobRepository(session, dev_id)
    await lock_developer(session, dev_id)
    job = await repository.get(job_id)
    if job.state is not JobState.DRAFT:
        return job
    if not job.good and job.kind is not JobKind.ERASE:
        raise DisallowedError("there is no row that could be applied")
    if await repository.running() >= MOST_RUNNING:
        raise DisallowedError(
            f"{MOST_RUNNING} bulk jobs are running; wait until one has ended, or cancel one"
        )
    await repository.start(job_id, actor=actor, now=now)
    await audit.record(
        session, dev_id, actor=actor, action="bulk_job.started", subject=f"bulk_job:{job_id}",
        after={"kind": job.kind, "rows": job.good, "reference_id": job.reference_id},
    )  # fmt: skip
    session.wake(BULK_JOBS)
    return await repository.get(job_id)


async def begin_previewed(
    session: Session, job: Job, rows: Sequence[Row], *, actor: str, now: datetime
) -> Job:
    """Keep a job that was only looked at, and have its good rows done; in a transaction. Raises DisallowedError."""
    kept = await add(session, replace(job, key=key_of(str(job.id))), rows)
    return await start(session, job.dev_id, kept.id, actor=actor, now=now)


async def cancel(session: Session, dev_id: str, job_id: UUID, *, actor: str, now: datetime) -> Job:
    """As it is afterwards: what was done stays done, and a job that had ended is left as it was. Raises NotFoundError."""
    repository = JobRepository(session, dev_id)
    await repository.get(job_id)
    if await repository.finish(job_id, JobState.CANCELLED, now=now):
        await audit.record(
            session, dev_id, actor=actor, action="bulk_job.cancelled", subject=f"bulk_job:{job_id}"
        )
    return await repository.get(job_id)


async def begin(
    db: Database,
    dev_id: str,
    kind: JobKind,
    user_ids: Sequence[UUID],
    *,
    form: str,
    actor: str,
    now: datetime,
) -> Job:
    """Do something to users who were chosen one by one; those it cannot be done to are left out.

    Where that is all of them, the job is left as a draft that says why. Raises InvalidInputError, DisallowedError.
    """
    items = [{"user_id": str(user_id)} for user_id in user_ids]
    job = await draft_of_rows(db, dev_id, kind, items, form=form, actor=actor, now=now)
    if not job.good:
        return job
    async with db.transaction() as session:
        return await start(session, dev_id, job.id, actor=actor, now=now)
