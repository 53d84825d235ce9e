"""Bulk jobs on a real database: each row once, whoever dies, and nothing of another developer's."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import pytest

from wearable_gateway.bulk import service, work
from wearable_gateway.bulk.erasing import begin_erasure, holdings
from wearable_gateway.bulk.models import Job, JobKind, JobState, Row, RowState
from wearable_gateway.bulk.repository import JobRepository
from wearable_gateway.connections.models import Connection, ConnectionState
from wearable_gateway.connections.repository import ConnectionRepository
from wearable_gateway.connections.wire import connection_user
from wearable_gateway.data_requests.dates import DateRange
from wearable_gateway.data_requests.repository import DataRequestRepository
from wearable_gateway.data_requests.service import Wanted, begin
from wearable_gateway.db.session import Database
from wearable_gateway.developers import keys
from wearable_gateway.developers.audit import history
from wearable_gateway.developers.settings import ApiVersion
from wearable_gateway.errors import DisallowedError, NotFoundError
from wearable_gateway.events import data_events, outbox
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.kit.ids import uuid7
from wearable_gateway.unified.records import DataType

ACTOR = "operator:mia@example.org"


class Users:
    """Makes users of two developers."""

    def __init__(self, db: Database) -> None:
        self.db = db

    async def __call__(
        self,
        reference_id: str | None = None,
        *,
        dev_id: str = "acme",
        state: ConnectionState = ConnectionState.ACTIVE,
    ) -> Connection:
        made = Connection(
            dev_id, uuid7(), "SANDBOX", uuid7(), reference_id, ("daily",), ("daily",), state, None, None, None, utc_now()
        )  # fmt: skip
        await ConnectionRepository(self.db.autocommit, dev_id).add(made, now=utc_now())
        return made

    async def references(self, dev_id: str = "acme") -> list[str | None]:
        return [one.reference_id for one in await ConnectionRepository(self.db.autocommit, dev_id).all()]

    async def events(self, kind: str, dev_id: str = "acme") -> list[UUID]:
        rows = await self.db.autocommit.fetch(
            "SELECT user_id FROM events WHERE dev_id = $1 AND type = $2 ORDER BY id", dev_id, kind
        )
        return [row["user_id"] for row in rows]


@pytest.fixture
async def users(db: Database) -> Users:
    for dev_id in ("acme", "northwind"):
        await keys.create_developer(db.autocommit, dev_id, dev_id)
    return Users(db)


async def _draft(db: Database, kind: JobKind, lines: Sequence[str], form: str = "") -> Job:
    content = "\n".join(lines).encode()
    return await service.draft_of_csv(db, "acme", kind, content, form=form, actor=ACTOR, now=utc_now())


async def _start(db: Database, job: Job) -> Job:
    async with db.transaction() as session:
        return await service.start(session, "acme", job.id, actor=ACTOR, now=utc_now())


async def _finish(db: Database) -> None:
    while await work.work_next(db):
        pass


async def _states(db: Database, job: Job) -> list[tuple[str, str | None]]:
    rows = await JobRepository(db.autocommit, "acme").rows(job.id, limit=100)
    return [(row.state.value, row.reason) for row in rows]


async def test_the_good_rows_are_applied_and_the_others_say_why_not(db: Database, users: Users) -> None:
    ann, ben, gone = await users("ann"), await users(), await users("gone")
    foreign = await users("theirs", dev_id="northwind")
    lines = ["user_id,reference_id", f"{ann.id},ann", f"{ben.id},ben", f"{foreign.id},taken", f"{uuid7()},x"]
    job = await _draft(db, JobKind.ASSIGN, [*lines, f"{gone.id},went"], form="a form")
    assert (job.total, job.good, job.broken, job.state) == (5, 3, 2, JobState.DRAFT)
    states = await _states(db, job)
    assert states[2] == states[3] == ("broken", "you have no user with this user_id")
    assert (await _draft(db, JobKind.ASSIGN, [*lines, f"{gone.id},went"], form="a form")).id == job.id
    assert not await work.work_next(db)

    await _start(db, job)
    await ConnectionRepository(db.autocommit, "acme").remove(gone.id)
    assert (await _start(db, job)).state is JobState.RUNNING
    await _finish(db)
    done = await JobRepository(db.autocommit, "acme").get(job.id)
    assert (done.state, done.done, done.unchanged, done.failed) == (JobState.COMPLETED, 1, 1, 1)
    assert [state for state, _ in await _states(db, job)] == [
        "unchanged",
        "done",
        "broken",
        "broken",
        "failed",
    ]
    assert await users.references() == ["ann", "ben"]
    assert await users.references("northwind") == ["theirs"]
    (entry,) = await history(db.autocommit, "acme", f"connection:{ben.id}")
    assert (entry.actor, entry.after["bulk_job"]) == (ACTOR, str(job.id))
    assert await history(db.autocommit, "acme", f"connection:{ann.id}") == []
    (started,) = await history(db.autocommit, "acme", f"bulk_job:{job.id}")
    assert started.after["rows"] == 3


async def test_every_connection_of_a_reference_id_is_deauthenticated_and_told_once(
    db: Database, users: Users
) -> None:
    anns = [await users("ann"), await users("ann", state=ConnectionState.REVOKED)]
    ben = await users("ben")
    await users("ann", dev_id="northwind")
    job = await _start(db, await _draft(db, JobKind.DEAUTHENTICATE, ["reference_id", "ann", "nobody"]))
    await _finish(db)
    assert await _states(db, job) == [("done", None), ("broken", "you have no user with this reference_id")]
    assert await users.references() == ["ben"]
    assert await users.references("northwind") == ["ann"]
    assert await users.events("deauth") == [one.id for one in anns]
    for one in anns:
        (entry,) = await history(db.autocommit, "acme", f"connection:{one.id}")
        assert entry.action == "connection.deauthenticated"
    by_id = await _start(db, await _draft(db, JobKind.DEAUTHENTICATE, ["user_id", str(ben.id)]))
    await _finish(db)
    assert await _states(db, by_id) == [("done", None)]


async def test_who_was_taken_for_dead_leaves_no_trace_and_a_successor_goes_on(
    db: Database, users: Users
) -> None:
    made = [await users(f"user-{number}") for number in range(5)]
    job = await _start(
        db, await _draft(db, JobKind.DEAUTHENTICATE, ["user_id", *(str(one.id) for one in made)])
    )
    repository = JobRepository(db.autocommit, "acme")
    dying = await repository.claim(job.id, now=utc_now(), until=utc_now())
    assert dying is not None
    rows = await repository.rows(job.id, limit=5)
    async with db.transaction() as session:
        assert await JobRepository(session, "acme").hold(dying, due_at=utc_now())
        assert await work._take(session, dying, rows[0], utc_now)
    with pytest.raises(RuntimeError, match="killed"):
        await _take_and_die(db, dying, rows[1])

    successor = await repository.claim(job.id, now=utc_now(), until=utc_now() + timedelta(minutes=1))
    assert successor is not None
    await work._work(db, dying, utc_now)
    assert len(await users.references()) == 4
    await work._work(db, successor, utc_now)
    assert (await repository.get(job.id)).state is JobState.COMPLETED
    assert await users.events("deauth") == [one.id for one in made]


async def _take_and_die(db: Database, job: Job, row: Row) -> None:
    async with db.transaction() as session:
        await JobRepository(session, "acme").hold(job, due_at=utc_now())
        await work._take(session, job, row, utc_now)
        raise RuntimeError("killed")


async def test_a_cancelled_job_stops_and_leaves_out_the_rest(db: Database, users: Users) -> None:
    made = await users("ann")
    job = await _start(db, await _draft(db, JobKind.DEAUTHENTICATE, ["user_id", str(made.id)]))
    async with db.transaction() as session:
        cancelled = await service.cancel(session, "acme", job.id, actor=ACTOR, now=utc_now())
    assert cancelled.state is JobState.CANCELLED
    await _finish(db)
    assert await users.references() == ["ann"]
    assert await _states(db, job) == [("cancelled", None)]
    assert (await _start(db, job)).state is JobState.CANCELLED
    with pytest.raises(NotFoundError):
        await JobRepository(db.autocommit, "northwind").get(job.id)


async def test_a_selection_is_paused_and_resumed(db: Database, users: Users) -> None:
    active, revoked = await users("ann"), await users("ben", state=ConnectionState.REVOKED)
    for kind, state in ((JobKind.PAUSE, "paused"), (JobKind.RESUME, "active")):
        job = await service.begin(
            db, "acme", kind, [active.id, revoked.id], form="", actor=ACTOR, now=utc_now()
        )
        await _finish(db)
        assert [state for state, _ in await _states(db, job)] == ["done", "broken"]
        found = await ConnectionRepository(db.autocommit, "acme").get(active.id)
        assert found.state == state
    none = await service.begin(db, "acme", JobKind.PAUSE, [revoked.id], form="", actor=ACTOR, now=utc_now())
    assert none.state is JobState.DRAFT
    with pytest.raises(DisallowedError, match="no row"):
        await _start(db, none)


async def test_a_person_is_forgotten_with_everything_that_was_kept(db: Database, users: Users) -> None:
    ann, ben = await users("ann"), await users("ben")
    theirs = await users("ann", dev_id="northwind")
    for one in (ann, ben, theirs):
        await _give_data(db, one)
    there = await holdings(db.autocommit, "acme", "ann")
    assert (len(there.connections), there.records, there.events, there.data_requests) == (1, 1, 3, 1)

    async with db.transaction() as session:
        job = await begin_erasure(session, "acme", "ann", form="f", actor=ACTOR, now=utc_now())
        again = await begin_erasure(session, "acme", "ann", form="f", actor=ACTOR, now=utc_now())
    assert again.id == job.id
    late = await users("ann")
    await _finish(db)
    done = await JobRepository(db.autocommit, "acme").get(job.id)
    assert (done.state, done.done, done.total, done.events_erased) == (JobState.COMPLETED, 2, 2, 3)
    rows = await JobRepository(db.autocommit, "acme").rows(job.id, states=[RowState.DONE], limit=9)
    assert [row.user_id for row in rows] == [ann.id, late.id]
    with pytest.raises(NotFoundError):
        await holdings(db.autocommit, "acme", "ann")
    assert await users.events("daily") == [ben.id] * 3
    assert await users.events("deauth") == [ann.id, late.id]
    assert await users.events("daily", "northwind") == [theirs.id] * 3
    left = await db.autocommit.fetch("SELECT user_id FROM data_requests ORDER BY id")
    assert [row["user_id"] for row in left] == [ben.id, theirs.id]
    assert await db.autocommit.fetchval("SELECT count(*) FROM records") == 2


async def _give_data(db: Database, one: Connection) -> None:
    day = utc_now().date()
    async with db.transaction() as session:
        user = connection_user(one)
        made = [
            data_events.data(one.dev_id, DataType.DAILY, user, [{"n": number}], version=ApiVersion.CLASSIC)
            for number in range(3)
        ]
        await outbox.record(session, made, now=utc_now())
        wanted = Wanted(one.dev_id, one.id, DataType.DAILY, DateRange(day, day), with_samples=False)
        await begin(session, wanted, one, now=utc_now())
        await session.execute(
            "INSERT INTO records (dev_id, user_id, type, key, day, digest, fetch_number, told_at)"
            " VALUES ($1, $2, 'daily', 'k', $3, '', 1, $4)",
            one.dev_id, one.id, day, utc_now(),
        )  # fmt: skip
    assert len(await DataRequestRepository(db.autocommit, one.dev_id).of_user(one.id, limit=5)) == 1


async def test_jobs_are_forgotten_with_their_rows(db: Database, users: Users) -> None:
    made = await users("ann")
    draft = await _draft(db, JobKind.DEAUTHENTICATE, ["user_id", str(made.id)])
    running = await _start(db, await _draft(db, JobKind.DEAUTHENTICATE, ["user_id", str(made.id)]))
    assert not await work.forget_old(db, now=utc_now())
    assert await work.forget_old(db, now=utc_now() + work.KEPT_FOR + timedelta(days=1))
    jobs = await JobRepository(db.autocommit, "acme").newest(limit=9)
    assert [job.id for job in jobs] == [running.id]
    assert await _states(db, draft) == []
