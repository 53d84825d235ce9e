"""A task of a grant is one worker's at a time, and what is planned later wins."""

from datetime import UTC, datetime, timedelta

from wearable_gateway.connections import upkeep
from wearable_gateway.connections.upkeep import CLAIM, PROBE, SUBSCRIBE
from wearable_gateway.db.session import Database
from wearable_gateway.kit.ids import uuid7
from wearable_gateway.providers._base.facts import Poll
from wearable_gateway.providers.sandbox import Sandbox
from wearable_gateway.unified.records import DataType

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


class Probed(Sandbox):
    polls = ()
    grant_upkeep_every = HOUR
    probe_every = None


class Polled(Sandbox):
    polls = (Poll((DataType.DAILY,), HOUR, days=1), Poll((DataType.SLEEP,), 2 * HOUR, days=2))
    grant_upkeep_every = HOUR
    probe_every = timedelta(days=1)


async def due_at(db: Database, task: str = SUBSCRIBE) -> datetime | None:
    found: datetime | None = await db.autocommit.fetchval(
        "SELECT due_at FROM grant_upkeep WHERE task = $1", task
    )
    return found


def test_a_task_is_of_the_poll_with_its_number() -> None:
    provider = Polled()
    assert set(upkeep.tasks(provider)) == {"poll0", "poll1", SUBSCRIBE, PROBE}
    assert upkeep.poll_of(provider, "poll1") is provider.polls[1]
    for task in ("poll2", "poll", "poll-1", SUBSCRIBE, PROBE):
        assert upkeep.poll_of(provider, task) is None


async def test_after_a_consent_all_is_due_but_the_probe(db: Database) -> None:
    grant_id = uuid7()
    await upkeep.plan(db.autocommit, Polled(), grant_id, now=NOW)
    claimed = [await upkeep.claim(db.autocommit, now=NOW) for _ in range(4)]
    assert {due.task for due in claimed if due} == {"poll0", "poll1", SUBSCRIBE}
    probe = await due_at(db, PROBE)
    assert probe is not None
    assert abs(probe - NOW - timedelta(days=1)) <= timedelta(days=0.05)


async def test_a_claim_is_one_workers_until_it_ends(db: Database) -> None:
    await upkeep.plan(db.autocommit, Probed(), uuid7(), now=NOW)
    first = await upkeep.claim(db.autocommit, now=NOW)
    assert first is not None
    assert first.attempts == 1
    assert await upkeep.claim(db.autocommit, now=NOW + CLAIM - SECOND) is None
    second = await upkeep.claim(db.autocommit, now=NOW + CLAIM)
    assert second is not None
    assert second.attempts == 2


async def test_who_was_taken_over_records_nothing(db: Database) -> None:
    await upkeep.plan(db.autocommit, Probed(), uuid7(), now=NOW)
    dead = await upkeep.claim(db.autocommit, now=NOW)
    alive = await upkeep.claim(db.autocommit, now=NOW + CLAIM)
    assert dead is not None
    assert alive is not None
    await upkeep.finish(db.autocommit, dead, again_at=NOW + 9 * HOUR, failed=False)
    await upkeep.drop(db.autocommit, dead)
    assert await due_at(db) == alive.due_at
    await upkeep.finish(db.autocommit, alive, again_at=NOW + HOUR, failed=False)
    assert await due_at(db) == NOW + HOUR


async def test_a_newer_plan_wins_over_the_work_that_was_under_way(db: Database) -> None:
    grant_id = uuid7()
    await upkeep.plan(db.autocommit, Probed(), grant_id, now=NOW)
    old = await upkeep.claim(db.autocommit, now=NOW)
    assert old is not None
    await upkeep.plan(db.autocommit, Probed(), grant_id, now=NOW + SECOND)
    await upkeep.finish(db.autocommit, old, again_at=NOW + 9 * HOUR, failed=True)
    await upkeep.drop(db.autocommit, old)
    again = await upkeep.claim(db.autocommit, now=NOW + SECOND)
    assert again is not None
    assert again.attempts == 1


async def test_failures_are_counted_until_it_works(db: Database) -> None:
    await upkeep.plan(db.autocommit, Probed(), uuid7(), now=NOW)
    now = NOW
    for failed, counted in ((True, 1), (True, 2), (False, 3), (True, 1)):
        due = await upkeep.claim(db.autocommit, now=now)
        assert due is not None
        assert due.attempts == counted
        now += SECOND
        await upkeep.finish(db.autocommit, due, again_at=now, failed=failed)


async def test_a_doubt_brings_the_probe_forward_unless_it_is_at_work(db: Database) -> None:
    grant_id = uuid7()
    await upkeep.plan(db.autocommit, Polled(), grant_id, now=NOW - 3 * HOUR)
    await upkeep.bring_probe_forward(db.autocommit, grant_id, now=NOW)
    assert await due_at(db, PROBE) == NOW
    await db.autocommit.execute("DELETE FROM grant_upkeep WHERE task <> 'probe'")
    due = await upkeep.claim(db.autocommit, now=NOW)
    assert due is not None
    await upkeep.bring_probe_forward(db.autocommit, grant_id, now=NOW + SECOND)
    assert await due_at(db, PROBE) == due.due_at
    await upkeep.finish(db.autocommit, due, again_at=NOW + HOUR, failed=True)
    await upkeep.bring_probe_forward(db.autocommit, grant_id, now=NOW + SECOND)
    assert await due_at(db, PROBE) == NOW + HOUR
