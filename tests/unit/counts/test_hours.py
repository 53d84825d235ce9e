"""The kept numbers are those that counting everything would give, however late a row is committed."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from wearable_gateway.counts import hours
from wearable_gateway.counts.adding import add
from wearable_gateway.counts.connections import count_connections
from wearable_gateway.counts.models import EVERYBODY, Subject
from wearable_gateway.counts.reading import connection_counts, counted_to, largest, numbers
from wearable_gateway.counts.spans import hour_of
from wearable_gateway.db.session import Database, Session
from wearable_gateway.developers.keys import create_developer
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.kit.ids import first_uuid7, uuid7

HOUR = timedelta(hours=1)
NOW = hour_of(utc_now()) + timedelta(minutes=30)


async def write(session: Session, at: datetime, dev_id: str = "acme", kind: str = "daily") -> None:
    await session.execute(
        "INSERT INTO events (dev_id, id, type, user_id, reference, body, created_at) VALUES ($1, $2, $3, $4, $5, '', $6)",
        dev_id, UUID(int=first_uuid7(at).int + uuid7().int % 2**60), kind,
        None if kind == "healthcheck" else uuid7(), uuid7(), at,
    )  # fmt: skip


async def count(db: Database, now: datetime = NOW) -> None:
    while await hours.count_next(db, now=now):
        pass


async def counted(db: Database, dev_id: str = "acme") -> dict[str, list[int]]:
    found = await numbers(db.autocommit, dev_id, hour_of(NOW) - 3 * HOUR, HOUR, 4)
    return found[Subject.EVENTS]


@pytest.fixture
async def acme(db: Database) -> str:
    for dev_id in ("acme", "northwind"):
        await create_developer(db.autocommit, dev_id, dev_id)
    await db.autocommit.execute("UPDATE developers SET created_at = $1", NOW - timedelta(days=2))
    return "acme"


@pytest.mark.usefixtures("acme")
async def test_what_happened_is_counted_by_hour_type_and_developer_and_for_all_together(db: Database) -> None:
    for minutes, dev_id in ((1, "acme"), (2, "acme"), (61, "acme"), (3, "northwind"), (181, "acme")):
        await write(db.autocommit, NOW - timedelta(minutes=minutes), dev_id)
    await write(db.autocommit, NOW - timedelta(minutes=4), kind="auth")
    await count(db)
    assert await counted(db) == {"daily": [1, 0, 1, 2], "auth": [0, 0, 0, 1]}
    assert await counted(db, EVERYBODY) == {"daily": [1, 0, 1, 3], "auth": [0, 0, 0, 1]}
    await count(db)
    assert (await counted(db))["daily"] == [1, 0, 1, 2]
    seen = await counted_to(db.autocommit, [subject.value for subject in Subject])
    assert seen is not None
    assert NOW - timedelta(seconds=10) < seen < NOW


@pytest.mark.usefixtures("acme")
async def test_a_transaction_that_commits_late_is_counted_when_its_hour_is_settled(db: Database) -> None:
    async with db.transaction() as late:
        await write(late, NOW - timedelta(minutes=5))
        await count(db)
        assert await counted(db) == {}
    await count(db, NOW + timedelta(minutes=10))
    assert await counted(db) == {}, "it was passed by"
    await count(db, NOW + 2 * HOUR)
    assert await counted(db) == {"daily": [0, 0, 0, 1]}


@pytest.mark.usefixtures("acme")
async def test_workers_that_count_at_once_count_once(db: Database) -> None:
    for minutes in range(1, 150, 7):
        await write(db.autocommit, NOW - timedelta(minutes=minutes))
    await asyncio.gather(*(count(db) for _ in range(4)))
    await count(db)
    assert sum((await counted(db))["daily"]) == len(range(1, 150, 7))


@pytest.mark.usefixtures("acme")
async def test_a_count_that_dies_changes_nothing(db: Database) -> None:
    await write(db.autocommit, NOW - timedelta(minutes=1))
    await db.autocommit.execute("ALTER TABLE hourly_counts ADD CONSTRAINT refuse CHECK (dev_id <> '*')")
    with pytest.raises(asyncpg.CheckViolationError):
        await count(db)
    assert await counted(db) == {}
    await db.autocommit.execute("ALTER TABLE hourly_counts DROP CONSTRAINT refuse")
    await count(db)
    assert await counted(db) == {"daily": [0, 0, 0, 1]}


@pytest.mark.usefixtures("acme")
async def test_what_is_given_up_is_added_as_it_happens(db: Database) -> None:
    for number in (2, 3):
        async with db.transaction() as session:
            await add(session, Subject.GIVEN_UP, {"acme": number, "northwind": 1}, now=NOW)
    await count(db)
    for dev_id, expected in (("acme", 5), (EVERYBODY, 7)):
        found = await numbers(db.autocommit, dev_id, hour_of(NOW), HOUR, 1)
        assert found[Subject.GIVEN_UP] == {"": [expected]}


@pytest.mark.usefixtures("acme")
async def test_numbers_of_long_ago_are_forgotten(db: Database) -> None:
    async with db.transaction() as session:
        await add(session, Subject.GIVEN_UP, {"acme": 1}, now=NOW - timedelta(days=40))
        await add(session, Subject.GIVEN_UP, {"acme": 1}, now=NOW)
    assert not await hours.forget(db.autocommit, now=NOW)
    assert await db.autocommit.fetchval("SELECT count(*) FROM hourly_counts") == 1


async def test_without_a_developer_there_is_nothing_to_count(db: Database) -> None:
    assert not await hours.count_next(db, now=NOW)
    assert await counted_to(db.autocommit, ["events"]) is None


async def connect(db: Database, state: str, *, dev_id: str = "acme", error: str | None = None) -> None:
    await db.autocommit.execute(
        "INSERT INTO connections (dev_id, id, provider, grant_id, consented_scopes, scopes, state, last_error,"
        " created_at, updated_at, paused_at) VALUES ($1, $2, 'OURA', $3, '{}', '{}', $4, $5, $6, $6, $6)",
        dev_id, uuid7(), uuid7(), state, error, NOW,
    )  # fmt: skip


async def test_connections_are_counted_anew_and_those_that_are_gone_are_not_shown(db: Database) -> None:
    for state, error in (("active", None), ("active", "401"), ("paused", None), ("revoked", "401")):
        await connect(db, state, error=error)
    await connect(db, "active", dev_id="northwind")
    await count_connections(db, now=NOW)

    async def shown(dev_id: str) -> list[tuple[str, int, int]]:
        return [
            (one.state, one.number, one.troubled) for one in await connection_counts(db.autocommit, dev_id)
        ]

    assert await shown("acme") == [("active", 2, 1), ("paused", 1, 0), ("revoked", 1, 0)]
    assert (await shown(EVERYBODY))[0] == ("active", 3, 1)
    assert await largest(db.autocommit) == [("acme", 3), ("northwind", 1)]
    await db.autocommit.execute("DELETE FROM connections WHERE dev_id = 'acme' AND state <> 'revoked'")
    await count_connections(db, now=NOW + timedelta(seconds=1))
    assert len(await shown("acme")) == 3, "it was counted a moment ago"
    await count_connections(db, now=NOW + timedelta(minutes=5))
    assert await shown("acme") == [("revoked", 1, 0)]
    assert await shown(EVERYBODY) == [("active", 1, 0), ("revoked", 1, 0)]
