import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from tests.fakes.past import Past
from tests.fakes.waiting import eventually
from wearable_gateway.db.session import Database, open_database
from wearable_gateway.deliveries.afterwards.feed import (
    Feed,
    find_destination,
    read_feed,
    read_position,
    wait_for_feed,
)
from wearable_gateway.errors import InvalidInputError, NotFoundError
from wearable_gateway.kit.ids import uuid7


async def read(past: Past, destination_id: UUID, after: int = 0, *, limit: int = 100, **options: int) -> Feed:
    return await read_feed(
        past.db.autocommit, past.dev_id, destination_id, after=after, limit=limit, **options
    )


async def test_every_event_is_fetched_once_in_order_whatever_the_limit(db: Database) -> None:
    past = await Past.of(db)
    destination_id, elsewhere = await past.destination(None), await past.destination(None)
    ids = await past.events(30)
    await past.tried(destination_id, ids, "available", first_position=1)
    await past.tried(elsewhere, ids[::-1], "available", first_position=1)
    for limit in (1, 7, 30, 500):
        found, after, more = [], 0, True
        while more:
            feed = await read(past, destination_id, after, limit=limit)
            again = await read(past, destination_id, after, limit=limit)
            assert again == feed
            found += [(fed.position, fed.event.id) for fed in feed.events]
            after, more = feed.next, feed.has_more
        assert found == list(enumerate(ids, 1))
        assert await read(past, destination_id, after) == Feed(destination_id, [], 30, has_more=False)


async def test_an_event_that_is_no_longer_kept_is_passed_by(db: Database) -> None:
    past = await Past.of(db)
    destination_id = await past.destination(None)
    ids = await past.events(6)
    await past.tried(destination_id, ids, "available", first_position=1)
    await db.autocommit.execute("DELETE FROM events WHERE dev_id = 'acme' AND id = ANY ($1)", ids[:4])
    feed = await read(past, destination_id, limit=3)
    assert (feed.events, feed.next, feed.has_more) == ([], 3, True)
    feed = await read(past, destination_id, 3, limit=3)
    assert [fed.event.id for fed in feed.events] == ids[4:]
    assert (feed.next, feed.has_more) == (6, False)


async def test_an_answer_is_bounded_and_never_empty_for_size(db: Database) -> None:
    past = await Past.of(db)
    destination_id = await past.destination(None)
    small = await past.events(3, body=b"x" * 40)
    large = await past.events(1, body=b"y" * 1_000)
    await past.tried(destination_id, [*small, *large], "available", first_position=1)
    feed = await read(past, destination_id, most_bytes=100)
    assert ([fed.event.id for fed in feed.events], feed.next, feed.has_more) == (small[:2], 2, True)
    feed = await read(past, destination_id, 2, most_bytes=100)
    assert ([fed.event.id for fed in feed.events], feed.next, feed.has_more) == (small[2:], 3, True)
    feed = await read(past, destination_id, 3, most_bytes=100)
    assert ([fed.event.id for fed in feed.events], feed.next, feed.has_more) == (large, 4, False)


async def test_whoever_waits_gets_an_event_as_it_comes_and_holds_no_connection(database_url: str) -> None:
    async with open_database(database_url, size=1) as db:
        past = await Past.of(db)
        destination_id = await past.destination(None)
        long = timedelta(seconds=20)
        waiting = [
            asyncio.create_task(
                wait_for_feed(db.autocommit, "acme", destination_id, after=0, limit=10, wait=long)
            )
            for _ in range(5)
        ]
        ids = await past.events()
        await past.tried(destination_id, ids, "available", first_position=1)
        for feed in await asyncio.wait_for(asyncio.gather(*waiting), 10):
            assert [fed.event.id for fed in feed.events] == ids
        none = await wait_for_feed(
            db.autocommit, "acme", destination_id, after=1, limit=10, wait=timedelta(milliseconds=50)
        )
        assert none == Feed(destination_id, [], 1, has_more=False)


async def test_a_wait_that_is_given_up_ends(db: Database) -> None:
    past = await Past.of(db)
    destination_id = await past.destination(None)
    task = asyncio.create_task(
        wait_for_feed(db.autocommit, "acme", destination_id, after=0, limit=1, wait=timedelta(seconds=30))
    )

    async def ended() -> bool:
        task.cancel()
        return task.done()

    await eventually(ended)


async def test_the_one_destination_that_is_fetched_from_need_not_be_named(db: Database) -> None:
    past, other = await Past.of(db), await Past.of(db, "other")
    sent = await past.destination()
    with pytest.raises(InvalidInputError, match="POST /v2/destinations with kind pull"):
        await find_destination(db.autocommit, "acme", None)
    pulled = await past.destination(None)
    assert (await find_destination(db.autocommit, "acme", None)).id == pulled
    assert (await find_destination(db.autocommit, "acme", pulled)).id == pulled
    second = await past.destination(None)
    with pytest.raises(InvalidInputError, match=f"one of {pulled}, {second}"):
        await find_destination(db.autocommit, "acme", None)
    with pytest.raises(InvalidInputError, match="sent to its url"):
        await find_destination(db.autocommit, "acme", sent)
    for nobodys in (await other.destination(None), uuid7()):
        with pytest.raises(NotFoundError):
            await find_destination(db.autocommit, "acme", nobodys)


@pytest.mark.parametrize(
    ("text", "position"), [(None, 0), ("", 0), ("0", 0), ("17", 17), (str(2**63 - 1), 2**63 - 1)]
)
def test_a_position_is_read(text: str | None, position: int) -> None:
    assert read_position(text) == position


@pytest.mark.parametrize(
    "text", ["-1", "1.5", "x", "²", "٣", " 1", str(2**63), "9" * 5_000, "0x10", "1_0", "\x00"]
)
def test_what_is_no_position_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError, match="the `next` of the answer before"):
        read_position(text)
