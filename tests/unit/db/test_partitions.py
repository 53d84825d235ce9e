"""Days are partitions: made ahead, forgotten as a whole."""

from datetime import UTC, datetime, timedelta

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from wearable_gateway.db.partitions import day_of, forget_days, name_of, prepare_days
from wearable_gateway.db.session import Database
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.kit.ids import first_uuid7, uuid7
from wearable_gateway.tables import metadata

DAY = timedelta(days=1)


async def partitions(db: Database, table: str) -> set[str]:
    rows = await db.autocommit.fetch(
        "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
        " WHERE i.inhparent = $1::text::regclass",
        table,
    )
    return {row["relname"] for row in rows}


async def write_event(db: Database, at: datetime) -> None:
    await db.autocommit.execute(
        "INSERT INTO events (dev_id, id, type, reference, body, created_at) VALUES ('acme', $1, 'auth', $2, '', $3)",
        first_uuid7(at), uuid7(), at,
    )  # fmt: skip


async def test_every_day_of_the_next_week_has_its_partition(db: Database) -> None:
    later = utc_now() + 3 * DAY
    await prepare_days(db, lambda: later)
    for table in ("events", "attempts"):
        assert {name_of(table, (later + number * DAY).date()) for number in range(8)} <= await partitions(
            db, table
        )


async def test_preparing_twice_changes_nothing(db: Database) -> None:
    before = await partitions(db, "events")
    await prepare_days(db, utc_now)
    assert await partitions(db, "events") == before


async def test_old_days_are_dropped_with_what_is_in_them_and_nothing_else(db: Database) -> None:
    now = utc_now()
    long_ago = now - 40 * DAY
    for at in (long_ago, now - DAY, now):
        await write_event(db, at)
    assert await forget_days(db, now.date()) == 2
    rows = await db.autocommit.fetch("SELECT created_at FROM events")
    assert [row["created_at"] for row in rows] == [now]
    assert name_of("events", (now - DAY).date()) not in await partitions(db, "events")


async def test_a_day_that_somebody_reads_is_dropped_another_time(db: Database) -> None:
    now = utc_now()
    async with db.transaction() as reader:
        await reader.fetch("SELECT 1 FROM events")
        assert await forget_days(db, now.date()) == 1, "only that of attempts"
    assert await forget_days(db, now.date()) == 1


async def test_an_event_of_a_day_that_nobody_prepared_is_kept(db: Database) -> None:
    await write_event(db, datetime(2031, 1, 1, tzinfo=UTC))
    assert await db.autocommit.fetchval("SELECT count(*) FROM events_default") == 1


async def test_a_day_that_came_unprepared_is_left_as_it_is_and_the_others_are_made(db: Database) -> None:
    unprepared = utc_now() + 20 * DAY
    await write_event(db, unprepared)
    await prepare_days(db, lambda: unprepared - DAY)
    made = await partitions(db, "events")
    assert name_of("events", unprepared.date()) not in made
    assert {name_of("events", (unprepared + number * DAY).date()) for number in (-1, 1, 6)} <= made
    assert await db.autocommit.fetchval("SELECT count(*) FROM events") == 1


def test_the_name_of_a_partition_tells_its_day() -> None:
    assert day_of("events_20261125") == datetime(2026, 11, 25, tzinfo=UTC).date()
    assert [day_of(name) for name in ("events_default", "events", "events_20261399")] == [None] * 3


async def test_the_migrations_make_what_the_models_say(database_url: str) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_name": lambda name, kind, _parents: (
                    kind != "table"
                    or (day_of(name) is None and not name.endswith(("_default", "alembic_version")))
                )
            },
        )
        return list(compare_metadata(context, metadata))

    engine = create_async_engine(database_url.replace("postgresql://", "postgresql+asyncpg://"))
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()
