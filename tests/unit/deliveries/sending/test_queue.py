from collections.abc import Collection
from datetime import UTC, datetime
from uuid import UUID, uuid4

from wearable_gateway.db.session import Database
from wearable_gateway.deliveries.models import Delivery, Key
from wearable_gateway.deliveries.sending.queue import DueReader, Read

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
EPOCHS = {1: 5, 2: 6, 3: 7}


async def queue_up(db: Database, bucket: int, count: int, destination: UUID | None = None) -> None:
    await db.autocommit.executemany(
        "INSERT INTO deliveries (dev_id, event_id, destination_id, bucket, state, attempts, next_at)"
        " VALUES ('acme', $1, $2, $3, 'due', 0, $4)",
        [(uuid4(), destination or uuid4(), bucket, NOW) for _ in range(count)],
    )


async def read(
    reader: DueReader, db: Database, known: frozenset[Key] = frozenset(), *, full: Collection[UUID] = ()
) -> Read:
    def take(delivery: Delivery) -> bool:
        return delivery.destination_id not in full

    return await reader.read(db.autocommit, EPOCHS, now=NOW, known=known, full=full, take=take)


async def test_only_what_is_due_in_own_buckets_is_read(db: Database) -> None:
    await queue_up(db, 1, 2)
    await queue_up(db, 2, 1)
    await queue_up(db, 9, 1)
    found = await read(DueReader(), db)
    assert sorted((one.bucket, one.epoch) for one in found.taken) == [(1, 5), (1, 5), (2, 6)]
    assert not found.left_some


async def test_what_was_held_when_the_queue_was_read_is_left_out(db: Database) -> None:
    await queue_up(db, 1, 3)
    first, *others = (await read(DueReader(), db)).taken
    again = await read(DueReader(), db, frozenset({first.key}))
    assert {one.key for one in again.taken} == {one.key for one in others}


async def test_destinations_that_can_hold_no_more_are_named(db: Database) -> None:
    full = uuid4()
    await queue_up(db, 1, 3, full)
    await queue_up(db, 1, 1)
    found = await read(DueReader(), db, full=[full])
    assert len(found.taken) == 1
    assert found.refused == {full: 3}
    assert found.left_some


async def test_a_crowded_bucket_is_read_alone_and_no_longer_holds_up_the_others(db: Database) -> None:
    await queue_up(db, 1, 2000)
    reader = DueReader()
    assert {one.bucket for one in (await read(reader, db)).taken} == {1}
    await queue_up(db, 2, 5)
    found = await read(reader, db)
    assert {one.bucket for one in found.taken} == {1, 2}
    assert len({one.key for one in found.taken}) == len(found.taken)
    assert found.crowded == {1}


async def test_a_crowd_for_a_full_destination_is_a_flood_to_those_behind_it(db: Database) -> None:
    full, other = uuid4(), uuid4()
    await queue_up(db, 1, 2500, full)
    await db.autocommit.execute("UPDATE deliveries SET next_at = next_at - interval '1 hour'")
    await queue_up(db, 1, 1, other)
    reader = DueReader()
    await read(reader, db, full=[full])
    found = await read(reader, db, full=[full])
    assert (found.crowded, found.flooded, found.taken) == ({1}, {1}, [])
    await db.autocommit.execute("UPDATE deliveries SET state = 'waiting' WHERE destination_id = $1", full)
    assert [one.destination_id for one in (await read(reader, db, full=[full])).taken] == [other]


async def test_what_could_not_be_taken_is_offered_again(db: Database) -> None:
    busy = uuid4()
    await queue_up(db, 1, 600, busy)
    reader, known = DueReader(), frozenset[Key]()
    left = 600

    def take(_delivery: Delivery) -> bool:
        nonlocal left
        left -= 1
        return left % 2 == 0

    for _ in range(20):
        found = await reader.read(db.autocommit, EPOCHS, now=NOW, known=known, full=[], take=take)
        known |= {one.key for one in found.taken}
    assert len(known) == 600


async def test_reading_on_comes_to_an_end(db: Database) -> None:
    for bucket in EPOCHS:
        await queue_up(db, bucket, 600)
    reader, known, found = DueReader(), frozenset[Key](), Read()
    for _ in range(30):
        found = await read(reader, db, known)
        assert not {one.key for one in found.taken} & known
        known |= {one.key for one in found.taken}
    assert len(known) == 1800
    assert not found.left_some
