from datetime import UTC, datetime
from uuid import UUID, uuid4

from wearable_gateway.db.session import Database
from wearable_gateway.deliveries.models import Delivery
from wearable_gateway.deliveries.queue import DueReader

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
EPOCHS = {1: 5, 2: 6, 3: 7}


async def queue_up(db: Database, bucket: int, count: int, destination: UUID | None = None) -> None:
    await db.autocommit.executemany(
        "INSERT INTO deliveries (dev_id, event_id, destination_id, bucket, state, attempts, next_at)"
        " VALUES ('acme', $1, $2, $3, 'due', 0, $4)",
        [(uuid4(), destination or uuid4(), bucket, NOW) for _ in range(count)],
    )


async def read(
    reader: DueReader, db: Database, known: frozenset[tuple[UUID, UUID]] = frozenset(), *full: UUID
) -> list[Delivery]:
    return await reader.read(db.autocommit, EPOCHS, now=NOW, known=known, full_destinations=full)


async def test_only_what_is_due_in_own_buckets_is_read(db: Database) -> None:
    await queue_up(db, 1, 2)
    await queue_up(db, 2, 1)
    await queue_up(db, 9, 1)
    found = await read(DueReader(), db)
    assert sorted((one.bucket, one.epoch) for one in found) == [(1, 5), (1, 5), (2, 6)]


async def test_what_was_held_when_the_queue_was_read_is_left_out(db: Database) -> None:
    await queue_up(db, 1, 3)
    first, *others = await read(DueReader(), db)
    assert {one.key for one in await read(DueReader(), db, frozenset({first.key}))} == {
        one.key for one in others
    }


async def test_destinations_that_are_full_are_left_out(db: Database) -> None:
    full = uuid4()
    await queue_up(db, 1, 3, full)
    await queue_up(db, 1, 1)
    reader = DueReader()
    assert len(await read(reader, db, frozenset(), full)) == 1
    assert reader.left_some


async def test_a_crowded_bucket_is_read_alone_and_no_longer_holds_up_the_others(db: Database) -> None:
    await queue_up(db, 1, 2000)
    reader = DueReader()
    assert {one.bucket for one in await read(reader, db)} == {1}
    await queue_up(db, 2, 5)
    found = await read(reader, db)
    assert {one.bucket for one in found} == {1, 2}
    assert len({one.key for one in found}) == len(found)


async def test_reading_on_comes_to_an_end(db: Database) -> None:
    for bucket in EPOCHS:
        await queue_up(db, bucket, 600)
    reader, known = DueReader(), frozenset[tuple[UUID, UUID]]()
    for _ in range(30):
        known |= {one.key for one in await read(reader, db, known)}
    assert len(known) == 1800
    assert not reader.left_some
