import asyncio
import contextlib
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.fakes.past import Past
from wearable_gateway.db.session import Database
from wearable_gateway.deliveries.afterwards import recovery
from wearable_gateway.deliveries.afterwards.history import Tried
from wearable_gateway.deliveries.afterwards.recoveries import (
    Only,
    RecoveriesAcrossDevelopers,
    Recovery,
    RecoveryRepository,
    RecoveryState,
)
from wearable_gateway.deliveries.afterwards.recovering import CLAIM, MOST_AT_ONCE, _step, choose, work_next
from wearable_gateway.deliveries.afterwards.recovery import Wanted, is_wanted
from wearable_gateway.developers import audit
from wearable_gateway.errors import DisallowedError, GatewayError, InvalidInputError, NotFoundError
from wearable_gateway.kit.ids import uuid7

HOUR = timedelta(hours=1)
ACTOR = "developer:acme"


async def begun(past: Past, destination_id: UUID, since: timedelta = HOUR, **wanted: Any) -> Recovery:
    now = datetime.now(UTC)
    async with past.db.transaction() as session:
        return await recovery.begin(
            session, past.dev_id, Wanted(destination_id, now - since, **wanted), actor=ACTOR, now=now
        )


async def worked(past: Past) -> int:
    """Work until nothing is due; how many steps that took."""
    steps = 0
    while await work_next(past.db):
        steps += 1
    return steps


async def shown(past: Past, made: Recovery) -> Recovery:
    return await recovery.get(past.db.autocommit, past.dev_id, made.id)


async def waiting_mark(past: Past, destination_id: UUID) -> int | None:
    mark: int | None = await past.db.autocommit.fetchval(
        "SELECT waiting_mark FROM destinations WHERE dev_id = $1 AND id = $2", past.dev_id, destination_id
    )
    return mark


E = uuid7()


@pytest.mark.parametrize("tried", [{}, {E: Tried(3, taken=False)}, {E: Tried(3, taken=True)}])
@pytest.mark.parametrize("state", [None, "due", "waiting", "exhausted"])
@pytest.mark.parametrize("only", Only)
def test_which_events_are_chosen(only: Only, state: str | None, tried: dict[UUID, Tried]) -> None:
    taken = E in tried and tried[E].taken
    expected = (
        state not in {"due", "waiting"}
        and {
            Only.UNDELIVERED: not taken,
            Only.EXHAUSTED: state == "exhausted",
            Only.ALL: True,
        }[only]
    )
    assert choose(only, [E], {E: state} if state else {}, tried) == ([E] if expected else [])


@pytest.mark.parametrize(
    ("kind", "types", "expected"),
    [
        ("daily", None, True),
        ("daily", ["daily", "sleep"], True),
        ("daily", ["sleep"], False),
        ("destination.disabled", None, False),
        ("delivery.exhausted", ["delivery.exhausted"], False),
        ("destinations", None, True),
    ],
)
def test_which_types_are_looked_at(kind: str, types: list[str] | None, expected: bool) -> None:
    assert is_wanted(kind, types) == expected


async def everything(past: Past, destination_id: UUID) -> dict[str, list[UUID]]:
    """One event of each fate within the last hour, and some outside."""
    ids = await past.events(7, ago=HOUR / 2)
    await past.tried(destination_id, ids[1:2])
    await past.tried(destination_id, ids[2:3], "refused", number=10)
    await past.queued(destination_id, ids[2:3], "exhausted", attempts=10)
    await past.queued(destination_id, ids[3:4], "due")
    await past.queued(destination_id, ids[4:5], "waiting", attempts=1)
    await past.queued(destination_id, ids[5:6], "exhausted")
    await past.tried(destination_id, ids[6:], "refused", number=3)
    await past.queued(destination_id, ids[6:], "due", attempts=3)
    return {
        "never": ids[:1],
        "delivered": ids[1:2],
        "exhausted": ids[2:3],
        "pending": ids[3:5],
        "put away": ids[5:6],
        "retrying": ids[6:],
        "operational": await past.events(kind="destination.disabled", ago=HOUR / 3),
        "other type": await past.events(kind="sleep", ago=HOUR / 3),
        "before": await past.events(ago=HOUR * 2),
        "after": await past.events(ago=HOUR / 60),
    }


@pytest.mark.parametrize(
    ("only", "fates"),
    [
        (Only.UNDELIVERED, ["never", "exhausted", "put away", "retrying"]),
        (Only.EXHAUSTED, ["exhausted", "put away"]),
        (Only.ALL, ["never", "delivered", "exhausted", "put away", "retrying"]),
    ],
)
async def test_exactly_what_was_asked_for_waits_to_be_sent(
    db: Database, only: Only, fates: list[str]
) -> None:
    past = await Past.of(db)
    destination_id = await past.destination(event_types=["activity"])
    elsewhere = await past.destination()
    made = await everything(past, destination_id)
    before = await past.queue(destination_id)
    job = await begun(past, destination_id, only=only, until=datetime.now(UTC) - HOUR / 12)
    assert await worked(past) == 1
    expected = {event_id for fate in fates for event_id in made[fate]}
    numbers = {made["exhausted"][0]: 10, made["delivered"][0]: 1, made["retrying"][0]: 3}
    after = await past.queue(destination_id)
    assert {key: row for key, row in after.items() if key not in expected} == {
        key: row for key, row in before.items() if key not in expected
    }
    assert {key: after[key] for key in expected} == {
        key: ("waiting", numbers.get(key, 0)) for key in expected
    }
    assert await past.queue(elsewhere) == {}
    ended = await shown(past, job)
    assert (ended.state, ended.reason) == (RecoveryState.COMPLETED, None)
    assert (ended.examined, ended.queued) == (7, len(expected))
    assert await waiting_mark(past, destination_id)
    assert await waiting_mark(past, elsewhere) is None


async def test_what_is_tried_again_later_is_taken_now_and_keeps_its_number(db: Database) -> None:
    past = await Past.of(db)
    destination_id = await past.destination()
    later, under_way = await past.events(2, ago=HOUR / 2)
    await past.tried(destination_id, [later, under_way], "refused", number=4)
    # Of the attempts before these the log may keep nothing any more.
    await past.queued(destination_id, [later, under_way], "due", attempts=6)
    now = datetime.now(UTC)
    await db.autocommit.execute("UPDATE deliveries SET next_at = $2 WHERE event_id = $1", under_way, now)
    await begun(past, destination_id)
    await worked(past)
    rows = await db.autocommit.fetch("SELECT * FROM deliveries ORDER BY event_id")
    found = {row["event_id"]: (row["state"], row["attempts"], row["tried_before"]) for row in rows}
    assert found == {later: ("waiting", 6, 6), under_way: ("due", 6, 0)}
    assert all(row["next_at"] <= datetime.now(UTC) for row in rows)
    assert await waiting_mark(past, destination_id)


@pytest.mark.parametrize(("own", "asked", "kinds"), [
    (None, None, {"activity", "sleep"}),
    (["sleep"], None, {"sleep"}),
    (["sleep"], ["activity"], {"activity"}),
    (["sleep"], [], {"sleep"}),
])  # fmt: skip
async def test_types_are_those_asked_for_or_those_the_destination_wants(
    db: Database, own: list[str] | None, asked: list[str] | None, kinds: set[str]
) -> None:
    past = await Past.of(db)
    destination_id = await past.destination(event_types=own)
    made = {kind: await past.events(2, kind=kind) for kind in ("activity", "sleep")}
    await past.events(kind="destination.disabled")
    wanted = Wanted(destination_id, datetime.now(UTC) - HOUR, event_types=asked)
    counted = await recovery.estimate(db.autocommit, "acme", wanted, now=datetime.now(UTC))
    assert (counted.events, counted.at_least) == (2 * len(kinds), False)
    assert await db.autocommit.fetchval("SELECT count(*) FROM recoveries") == 0
    await begun(past, destination_id, event_types=asked)
    await worked(past)
    assert set(await past.queue(destination_id)) == {one for kind in kinds for one in made[kind]}


async def test_ten_thousand_events_are_recovered_once_by_two_workers(db: Database) -> None:
    past = await Past.of(db)
    destination_id = await past.destination()
    ids = await past.events(10_000, ago=HOUR / 2)
    await past.tried(destination_id, ids[::4])
    await past.queued(destination_id, ids[1::4], "exhausted", attempts=10)
    job = await begun(past, destination_id)
    steps = await asyncio.gather(*(worked(past) for _ in range(2)))
    while await work_next(db):  # a worker that found it claimed went home
        pass
    assert sum(steps) <= 10_000 / MOST_AT_ONCE + 1
    queue = await past.queue(destination_id)
    assert set(queue) == set(ids) - set(ids[::4])
    assert {state for state, _ in queue.values()} == {"waiting"}
    ended = await shown(past, job)
    assert (ended.state, ended.examined, ended.queued) == (RecoveryState.COMPLETED, 10_000, 7_500)
    assert ended.reached == ids[-1]


async def test_whoever_dies_is_succeeded_and_a_late_step_leaves_no_trace(db: Database) -> None:
    past = await Past.of(db)
    destination_id = await past.destination()
    ids = await past.events(MOST_AT_ONCE + 10, ago=HOUR / 2)
    job = await begun(past, destination_id, only=Only.ALL)
    now = datetime.now(UTC)
    dead = await RecoveryRepository(db.autocommit, "acme").claim(job.id, now=now, until=now + CLAIM)
    assert dead is not None
    assert not await work_next(db)
    assert await past.queue(destination_id) == {}
    later = now + CLAIM * 2
    assert await work_next(db, clock=lambda: later)
    assert len(await past.queue(destination_id)) == MOST_AT_ONCE
    # What the successor queued was delivered meanwhile; the first worker wakes up and would do it all again.
    await db.autocommit.execute("DELETE FROM deliveries")
    async with db.transaction() as session:
        await _step(session, dead, now=later)
    assert await past.queue(destination_id) == {}
    assert await work_next(db, clock=lambda: later)
    assert set(await past.queue(destination_id)) == set(ids[MOST_AT_ONCE:])
    assert (await shown(past, job)).queued == len(ids)


async def test_a_step_that_fails_half_way_is_made_anew(db: Database) -> None:
    past = await Past.of(db)
    destination_id = await past.destination()
    ids = await past.events(3)
    job = await begun(past, destination_id)
    now = datetime.now(UTC)
    claimed = await RecoveryRepository(db.autocommit, "acme").claim(job.id, now=now, until=now + CLAIM)
    assert claimed is not None
    with contextlib.suppress(ZeroDivisionError):
        async with db.transaction() as session:
            await _step(session, claimed, now=now)
            raise ZeroDivisionError
    assert await past.queue(destination_id) == {}
    assert (await shown(past, job)).examined == 0
    assert await work_next(db, clock=lambda: now + CLAIM * 2)
    assert set(await past.queue(destination_id)) == set(ids)
    assert (await shown(past, job)).examined == 3


@pytest.mark.parametrize(
    ("state", "reason"), [("disabled", "the destination is disabled"), (None, "the destination was deleted")]
)
async def test_without_its_destination_it_fails_and_says_why(
    db: Database, state: str | None, reason: str
) -> None:
    past = await Past.of(db)
    destination_id = await past.destination()
    await past.events()
    job = await begun(past, destination_id)
    if state:
        await past.set_state(destination_id, state)
    else:
        await db.autocommit.execute("DELETE FROM destinations")
    await worked(past)
    ended = await shown(past, job)
    assert (ended.state, ended.reason) == (RecoveryState.FAILED, reason)
    assert ended.finished_at is not None
    assert await past.queue(destination_id) == {}


async def test_a_cancelled_recovery_queues_no_more_and_keeps_what_it_queued(db: Database) -> None:
    past, other = await Past.of(db), await Past.of(db, "other")
    destination_id = await past.destination()
    await past.events(MOST_AT_ONCE * 2, ago=HOUR / 2)
    job = await begun(past, destination_id)
    await work_next(db)
    for dev_id, recovery_id in ((other.dev_id, job.id), ("acme", uuid7())):
        with pytest.raises(NotFoundError, match="recovery not found"):
            await recovery.cancel(db.autocommit, dev_id, recovery_id, actor=ACTOR, now=datetime.now(UTC))
    for _ in range(2):
        async with db.transaction() as session:
            ended = await recovery.cancel(session, "acme", job.id, actor=ACTOR, now=datetime.now(UTC))
        assert ended.state is RecoveryState.CANCELLED
    assert not await work_next(db)
    assert len(await past.queue(destination_id)) == MOST_AT_ONCE == (await shown(past, job)).queued
    assert [one.action for one in await audit.history(db.autocommit, "acme", f"recovery:{job.id}")] == [
        "recovery.cancelled"
    ]


async def test_one_that_ended_cannot_be_cancelled_any_more(db: Database) -> None:
    past = await Past.of(db)
    job = await begun(past, await past.destination())
    await worked(past)
    ended = await recovery.cancel(db.autocommit, "acme", job.id, actor=ACTOR, now=datetime.now(UTC))
    assert ended.state is RecoveryState.COMPLETED


async def test_five_may_run_at_a_time(db: Database) -> None:
    past, other = await Past.of(db), await Past.of(db, "other")
    destinations = [await past.destination() for _ in range(8)]
    made = await asyncio.gather(*(begun(past, one) for one in destinations), return_exceptions=True)
    refused = [one for one in made if isinstance(one, BaseException)]
    assert len(refused) == 3
    assert all(isinstance(one, DisallowedError) and "cancel one" in str(one) for one in refused)
    await begun(other, await other.destination())
    (first, *_) = [one for one in made if isinstance(one, Recovery)]
    await recovery.cancel(db.autocommit, "acme", first.id, actor=ACTOR, now=datetime.now(UTC))
    await begun(past, destinations[0])


async def test_what_cannot_be_recovered_is_refused_in_words(db: Database) -> None:
    past, other = await Past.of(db), await Past.of(db, "other")
    now, day = datetime.now(UTC), timedelta(days=1)
    enabled, disabled = await past.destination(), await past.destination(state="disabled")
    pulled, theirs = await past.destination(None), await other.destination()
    cases: list[tuple[Wanted, type[GatewayError], str]] = [
        (Wanted(enabled, now - 31 * day), InvalidInputError, "invalid since: not before .* kept for 30 days"),
        (Wanted(enabled, datetime(1, 1, 1, tzinfo=UTC)), InvalidInputError, "kept for 30 days"),
        (Wanted(enabled, now + day), InvalidInputError, "invalid since: before until"),
        (Wanted(enabled, now - day, now - day), InvalidInputError, "invalid since: before until"),
        (Wanted(enabled, now - day, now - 2 * day), InvalidInputError, "invalid since: before until"),
        (Wanted(enabled, now - day, event_types=["nothing"]), InvalidInputError, "event_types: any of"),
        (Wanted(pulled, now - day, only=Only.ALL), InvalidInputError, "GET /v2/events"),
        (Wanted(disabled, now - day), DisallowedError, "enable it first"),
        (Wanted(theirs, now - day), NotFoundError, "destination not found"),
        (Wanted(uuid7(), now - day), NotFoundError, "destination not found"),
    ]
    for wanted, error, text in cases:
        with pytest.raises(error, match=text):
            await recovery.begin(db.autocommit, "acme", wanted, actor=ACTOR, now=now)
        with pytest.raises(error, match=text):
            await recovery.estimate(db.autocommit, "acme", wanted, now=now)
    assert await db.autocommit.fetchval("SELECT count(*) FROM recoveries") == 0


async def test_until_a_moment_to_come_means_now(db: Database) -> None:
    past = await Past.of(db)
    job = await begun(past, await past.destination(), until=datetime.max.replace(tzinfo=UTC))
    assert job.until <= datetime.now(UTC)


async def test_a_destination_that_is_fetched_from_gets_what_it_missed(db: Database) -> None:
    past = await Past.of(db)
    pulled = await past.destination(None)
    missed, there = await past.events(2)
    await past.tried(pulled, [there], "available", first_position=1)
    await begun(past, pulled)
    await worked(past)
    assert await past.queue(pulled) == {missed: ("waiting", 0)}


async def test_a_count_ends_at_its_limit(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recovery, "MOST_COUNTED", 10)
    past = await Past.of(db)
    destination_id = await past.destination()
    await past.events(11)
    wanted = Wanted(destination_id, datetime.now(UTC) - HOUR)
    counted = await recovery.estimate(db.autocommit, "acme", wanted, now=datetime.now(UTC))
    assert (counted.events, counted.at_least) == (10, True)


async def test_those_that_ended_long_ago_are_forgotten(db: Database) -> None:
    past, other = await Past.of(db), await Past.of(db, "other")
    destination_id = await past.destination()
    ended = await begun(past, destination_id)
    await worked(past)
    running = await begun(past, destination_id)
    everyone, day = RecoveriesAcrossDevelopers(db.autocommit), timedelta(days=1)
    assert await everyone.forget_finished(datetime.now(UTC) - day) == 0
    assert [one.id for one in await recovery.list_recoveries(db.autocommit, "acme", destination_id)] == [
        running.id,
        ended.id,
    ]
    assert await everyone.forget_finished(datetime.now(UTC) + day) == 1
    assert [one.id for one in await recovery.list_recoveries(db.autocommit, "acme", destination_id)] == [
        running.id
    ]
    with pytest.raises(NotFoundError):
        await recovery.list_recoveries(db.autocommit, other.dev_id, destination_id)
    with pytest.raises(NotFoundError):
        await recovery.get(db.autocommit, other.dev_id, running.id)
