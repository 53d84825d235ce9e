"""A worker takes a bulk job to its end, row by row; whoever dies is succeeded where it was.

What is done for a row, and that it is done, is one transaction, which holds the job first: a worker that was taken for
dead finds that somebody claimed the job after it. So each row is done once, with one audit entry and one event.
"""

from datetime import datetime, timedelta
from typing import Any

import structlog

from wearable_gateway.bulk.erasing import erase_next, more_to_erase
from wearable_gateway.bulk.models import Job, JobKind, JobState, Row, RowState
from wearable_gateway.bulk.repository import JobRepository, JobsAcrossDevelopers
from wearable_gateway.connections.repository import ConnectionRepository
from wearable_gateway.connections.service import deauthenticate, modify
from wearable_gateway.db.session import Database, Session
from wearable_gateway.errors import InvalidInputError, NotFoundError
from wearable_gateway.kit.clock import Clock, utc_now

log = structlog.get_logger()

CLAIM = timedelta(minutes=1)
MOST_AT_ONCE = 200
GONE = "gone meanwhile"
KEPT_FOR = timedelta(days=30)


async def work_next(db: Database, *, clock: Clock = utc_now) -> bool:
    """Take one due job some rows further. False when none is due."""
    now = clock()
    for dev_id, job_id in await JobsAcrossDevelopers(db.autocommit).due(now=now):
        job = await JobRepository(db.autocommit, dev_id).claim(job_id, now=now, until=now + CLAIM)
        if job is not None:
            await _work(db, job, clock)
            return True
    return False


async def _work(db: Database, job: Job, clock: Clock) -> None:
    repository = JobRepository(db.autocommit, job.dev_id)
    rows = await repository.rows(job.id, after=job.reached, states=[RowState.WAITING], limit=MOST_AT_ONCE)
    for row in rows:
        is_ended = False
        while not is_ended:
            async with db.transaction() as session:
                held = await JobRepository(session, job.dev_id).hold(job, due_at=clock() + CLAIM)
                if held is None:
                    return
                is_ended = await _take(session, job, row, clock)
    async with db.transaction() as session:
        await _give_back(session, job, is_last=len(rows) < MOST_AT_ONCE, clock=clock)


async def _give_back(session: Session, job: Job, *, is_last: bool, clock: Clock) -> None:
    """Due at once, behind the jobs that waited longer; or finished."""
    repository = JobRepository(session, job.dev_id)
    held = await repository.hold(job, due_at=clock())
    if held is None or not is_last:
        return
    if job.kind is JobKind.ERASE and await more_to_erase(session, held):
        return
    await repository.finish(job.id, JobState.COMPLETED, now=clock())
    log.info("bulk.completed", kind=job.kind, rows=held.ended, failed=held.failed)


async def _take(session: Session, job: Job, row: Row, clock: Clock) -> bool:
    """One step of one row; whether the row has come to its end."""
    repository = JobRepository(session, job.dev_id)
    try:
        state = await _do(session, job, row, clock)
    except NotFoundError:
        await repository.end_row(job.id, row.number, RowState.FAILED, GONE)
        return True
    except InvalidInputError as error:
        await repository.end_row(job.id, row.number, RowState.FAILED, error.expected)
        return True
    if state is not None:
        await repository.end_row(job.id, row.number, state, None)
    return state is not None


async def _do(session: Session, job: Job, row: Row, clock: Clock) -> RowState | None:
    """What became of the row; None when it is not at its end yet. Raises NotFoundError, InvalidInputError, nothing written."""
    match job.kind:
        case JobKind.DEAUTHENTICATE:
            return await _deauthenticate(session, job, row, clock)
        case JobKind.ERASE:
            return await erase_next(session, job, row, now=clock())
        case JobKind.ASSIGN | JobKind.PAUSE | JobKind.RESUME:
            return await _modify(session, job, row, clock)


async def _modify(session: Session, job: Job, row: Row, clock: Clock) -> RowState:
    if row.user_id is None:
        raise NotFoundError("user")
    before = await ConnectionRepository(session, job.dev_id).lock(row.user_id)
    changes: dict[str, Any] = (
        {"reference_id": row.reference_id}
        if job.kind is JobKind.ASSIGN
        else {"active": job.kind is JobKind.RESUME}
    )
    after = await modify(
        session, job.dev_id, row.user_id, actor=job.actor, now=clock(), bulk_job=job.id, **changes
    )
    return RowState.UNCHANGED if after == before else RowState.DONE


async def _deauthenticate(session: Session, job: Job, row: Row, clock: Clock) -> RowState | None:
    """Of a reference_id one connection after the other: a transaction holds one grant at a time."""
    if row.user_id is not None:
        user_ids = [row.user_id]
    else:
        repository = ConnectionRepository(session, job.dev_id)
        user_ids = await repository.some_of_reference(row.reference_id or "", limit=2)
    if not user_ids:
        raise NotFoundError("user")
    await deauthenticate(session, job.dev_id, user_ids[0], actor=job.actor, now=clock(), bulk_job=job.id)
    return RowState.DONE if len(user_ids) == 1 else None


async def forget_old(db: Database, *, now: datetime) -> bool:
    """Remove some jobs that are old enough, with their rows; whether there were any."""
    return await JobsAcrossDevelopers(db.autocommit).forget(now - KEPT_FOR) > 0
