"""What is forgotten of the queue, and what is not."""

from collections import Counter
from datetime import timedelta

from tests.fakes.past import Past
from wearable_gateway.db.session import Database
from wearable_gateway.deliveries.afterwards.retention import forget_for_nobody, forget_given_up
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.kit.ids import uuid7

MONTH = timedelta(days=30)


async def states(db: Database) -> Counter[str]:
    return Counter(row["state"] for row in await db.autocommit.fetch("SELECT state FROM deliveries"))


async def test_what_was_given_up_is_forgotten_with_its_event(db: Database) -> None:
    past = await Past.of(db)
    destination_id = await past.destination()
    old = await past.events(3, ago=MONTH + timedelta(days=1))
    new = await past.events(2)
    await past.queued(destination_id, old[:2], "exhausted")
    await past.queued(destination_id, old[2:], "waiting")
    await past.queued(destination_id, new, "exhausted")
    assert not await forget_given_up(db.autocommit, utc_now() - MONTH)
    assert await states(db) == {"waiting": 1, "exhausted": 2}


async def test_what_waits_for_a_destination_that_is_no_more_is_forgotten(db: Database) -> None:
    past = await Past.of(db)
    destination_id = await past.destination()
    events = await past.events(2)
    await past.queued(destination_id, events, "waiting")
    await past.queued(uuid7(), events, "waiting")
    assert not await forget_for_nobody(db.autocommit)
    rows = await db.autocommit.fetch("SELECT destination_id FROM deliveries")
    assert [row["destination_id"] for row in rows] == [destination_id] * 2


async def test_a_thousand_at_a_time(db: Database) -> None:
    past = await Past.of(db)
    await past.queued(uuid7(), await past.events(1200), "waiting")
    assert await forget_for_nobody(db.autocommit)
    assert not await forget_for_nobody(db.autocommit)
    assert await states(db) == {}
