from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.fakes.past import Past
from wearable_gateway.db.session import Database
from wearable_gateway.deliveries.afterwards.log import (
    Filters,
    LoggedDelivery,
    LogState,
    Page,
    list_deliveries,
    read_cursor,
    write_cursor,
)
from wearable_gateway.deliveries.afterwards.lookup import show_delivery, show_event
from wearable_gateway.errors import InvalidInputError, NotFoundError
from wearable_gateway.kit.ids import uuid7

HOUR = timedelta(hours=1)


async def listed(past: Past, *, limit: int = 100, after: str | None = None, **filters: Any) -> Page:
    return await list_deliveries(
        past.db.autocommit, past.dev_id, Filters(**filters), after=after, limit=limit
    )


async def paged(past: Past, *, limit: int, **filters: Any) -> list[LoggedDelivery]:
    """Page after page, to the last."""
    found: list[LoggedDelivery] = []
    after: str | None = None
    while True:
        page = await listed(past, limit=limit, after=after, **filters)
        assert len(page.deliveries) <= limit
        found += page.deliveries
        after = page.next
        if after is None:
            return found


def keys(deliveries: Any) -> list[tuple[UUID, UUID]]:
    return [(one.event.id, one.destination_id) for one in deliveries]


async def mixed(past: Past) -> tuple[list[UUID], dict[tuple[UUID, UUID], LogState]]:
    """Two destinations and, at each, every state there is; what the log has to say."""
    destinations = [await past.destination(), await past.destination()]
    expected: dict[tuple[UUID, UUID], LogState] = {}
    for number, destination_id in enumerate(destinations):
        ids = await past.events(60, ago=HOUR * (number + 1))
        kinds = [ids[start::5] for start in range(5)]
        await past.tried(destination_id, kinds[0])
        await past.queued(destination_id, kinds[1], "due")
        await past.queued(destination_id, kinds[2], "waiting", attempts=2)
        await past.tried(destination_id, kinds[2], "refused", number=2)
        await past.queued(destination_id, kinds[3], "exhausted", attempts=10)
        await past.tried(destination_id, kinds[3], "refused", number=10)
        # Delivered, and sent again.
        await past.tried(destination_id, kinds[4])
        await past.queued(destination_id, kinds[4], "due", attempts=1)
        states = (
            LogState.DELIVERED,
            LogState.PENDING,
            LogState.PENDING,
            LogState.EXHAUSTED,
            LogState.PENDING,
        )
        for event_ids, state in zip(kinds, states, strict=True):
            expected |= {(event_id, destination_id): state for event_id in event_ids}
    return destinations, expected


@pytest.mark.parametrize("limit", [1, 7, 24, 200])
async def test_pages_yield_each_delivery_once_the_newest_event_first(db: Database, limit: int) -> None:
    past = await Past.of(db)
    destinations, expected = await mixed(past)
    everything = sorted(expected, reverse=True)
    for state in (None, *LogState):
        wanted = [key for key in everything if state in {None, expected[key]}]
        found = await paged(past, limit=limit, state=state)
        assert keys(found) == wanted
        assert all(one.state is expected[one.event.id, one.destination_id] for one in found)
        one = await paged(past, limit=limit, state=state, destination_id=destinations[0])
        assert keys(one) == [key for key in wanted if key[1] == destinations[0]]


@pytest.mark.parametrize("limit", [1, 7, 24, 200])
async def test_those_that_are_tried_again_are_found_among_the_pending(db: Database, limit: int) -> None:
    past = await Past.of(db)
    destinations, expected = await mixed(past)
    found = await paged(past, limit=limit, state=LogState.PENDING, failed=True)
    # Neither what was not tried yet, nor what was delivered and sent again.
    assert len(found) == 12 * len(destinations)
    assert keys(found) == sorted(keys(found), reverse=True)
    for one in found:
        assert expected[one.event.id, one.destination_id] is LogState.PENDING
        assert one.last_attempt is not None
        assert one.last_attempt.outcome == "refused"


async def test_one_event_at_many_destinations_is_paged_through(db: Database) -> None:
    past = await Past.of(db)
    destinations = [await past.destination() for _ in range(20)]
    ids = await past.events(3)
    for number, destination_id in enumerate(destinations):
        await (past.tried if number % 2 else past.queued)(destination_id, ids)
    expected = sorted(((event, one) for event in ids for one in destinations), reverse=True)
    for limit in (1, 7, 19, 20, 21):
        assert keys(await paged(past, limit=limit)) == expected


async def test_a_row_says_what_there_is_to_say(db: Database) -> None:
    past = await Past.of(db)
    destination_id = await past.destination()
    (event_id,) = await past.events(kind="sleep")
    await past.tried(destination_id, [event_id], "refused", number=1)
    await past.tried(destination_id, [event_id], "unreachable", number=2)
    await past.queued(destination_id, [event_id], attempts=2)
    (row,) = (await listed(past)).deliveries
    assert (row.event.id, row.event.type, row.attempts) == (event_id, "sleep", 2)
    assert row.next_attempt_at is not None
    assert row.last_attempt is not None
    assert (row.last_attempt.number, row.last_attempt.outcome, row.last_attempt.status) == (
        2,
        "unreachable",
        None,
    )


@pytest.mark.parametrize(
    ("outcome", "queued", "state", "attempts"),
    [
        ("delivered", None, LogState.DELIVERED, 3),
        ("available", None, LogState.DELIVERED, 3),
        ("refused", "due", LogState.PENDING, 3),
        ("refused", "waiting", LogState.PENDING, 3),
        ("gone", "exhausted", LogState.EXHAUSTED, 3),
        ("delivered", "due", LogState.PENDING, 3),
        ("delivered", "exhausted", LogState.EXHAUSTED, 3),
    ],
)
async def test_the_queue_says_what_a_delivery_is_and_the_log_what_it_was(
    db: Database, outcome: str, queued: str | None, state: LogState, attempts: int
) -> None:
    past = await Past.of(db)
    destination_id = await past.destination()
    (event_id,) = await past.events()
    await past.tried(destination_id, [event_id], outcome, number=3)
    if queued:
        await past.queued(destination_id, [event_id], queued, attempts=3)
    (row,) = (await listed(past)).deliveries
    shown = await show_delivery(db.autocommit, past.dev_id, event_id, destination_id)
    for one in (row, shown.delivery):
        assert (one.state, one.attempts) == (state, attempts)
        assert (one.next_attempt_at is None) == (state is not LogState.PENDING)
    assert [one.state for one in (await listed(past, state=state)).deliveries] == [state]
    assert not [
        one for other in set(LogState) - {state} for one in (await listed(past, state=other)).deliveries
    ]


async def test_filters_of_time_and_type(db: Database) -> None:
    past = await Past.of(db)
    destination_id, now = await past.destination(), datetime.now(UTC)
    made = {hours: (await past.events(ago=HOUR * hours, kind=kind))[0] for hours, kind in (
        (4, "daily"), (3, "sleep"), (2, "daily"), (1, "sleep"),
    )}  # fmt: skip
    await past.queued(destination_id, [made[4], made[3]])
    await past.tried(destination_id, [made[2], made[1]])
    for filters, hours in (
        ({}, [1, 2, 3, 4]),
        ({"type": "daily"}, [2, 4]),
        ({"type": "body"}, []),
        ({"since": now - HOUR * 2.5}, [1, 2]),
        ({"until": now - HOUR * 2.5}, [3, 4]),
        ({"since": now - HOUR * 3.5, "until": now - HOUR * 1.5}, [2, 3]),
        ({"since": now - HOUR * 3.5, "type": "daily", "state": LogState.DELIVERED}, [2]),
        ({"since": datetime(1, 1, 1, tzinfo=UTC), "until": datetime.max.replace(tzinfo=UTC)}, [1, 2, 3, 4]),
        ({"since": now, "until": now - HOUR}, []),
    ):
        assert [one.event.id for one in await paged(past, limit=1, **filters)] == [made[one] for one in hours]


async def test_a_rare_type_is_found_behind_many_others(db: Database) -> None:
    past = await Past.of(db)
    destination_id = await past.destination()
    (rare,) = await past.events(kind="hormone", ago=HOUR)
    await past.queued(destination_id, [rare])
    many = await past.events(12_000, ago=HOUR / 2)
    await past.queued(destination_id, many)
    first = await listed(past, type="hormone", limit=5)
    assert first.deliveries == []
    assert first.next is not None
    assert [one.event.id for one in await paged(past, type="hormone", limit=5)] == [rare]


async def test_an_event_that_is_no_longer_kept_is_not_in_the_log(db: Database) -> None:
    past = await Past.of(db)
    destination_id = await past.destination()
    kept, gone = await past.events(2)
    await past.tried(destination_id, [kept, gone])
    await db.autocommit.execute("DELETE FROM events WHERE dev_id = 'acme' AND id = $1", gone)
    assert [one.event.id for one in (await listed(past)).deliveries] == [kept]
    with pytest.raises(NotFoundError, match="no longer kept"):
        await show_delivery(db.autocommit, past.dev_id, gone, destination_id)


async def test_nobody_sees_anothers_deliveries(db: Database) -> None:
    acme, other = await Past.of(db), await Past.of(db, "other")
    destination_id = await acme.destination()
    (event_id,) = await acme.events()
    await acme.tried(destination_id, [event_id])
    await acme.queued(destination_id, [event_id])
    assert (await listed(other)).deliveries == []
    for destination in (destination_id, uuid7()):
        with pytest.raises(NotFoundError, match="destination not found"):
            await listed(other, destination_id=destination)
    for event in (event_id, uuid7()):
        with pytest.raises(NotFoundError, match="event not found"):
            await show_delivery(db.autocommit, "other", event, destination_id)
        with pytest.raises(NotFoundError, match="event not found"):
            await show_event(db.autocommit, "other", event)


async def test_a_delivery_is_shown_with_all_its_attempts_in_order(db: Database) -> None:
    past = await Past.of(db)
    destination_id, elsewhere = await past.destination(), await past.destination()
    (event_id,) = await past.events(ago=timedelta(days=3))
    for number in (3, 1, 2):
        await past.tried(destination_id, [event_id], "refused", number=number)
    await past.tried(elsewhere, [event_id])
    await past.queued(destination_id, [event_id], "exhausted", attempts=3)
    shown = await show_delivery(db.autocommit, past.dev_id, event_id, destination_id)
    assert [attempt.number for attempt in shown.attempts] == [1, 2, 3]
    assert shown.event.body == b'{"type":"activity","weight":80.50}'
    assert shown.attempts[0].response_excerpt == "seen"
    event = await show_event(db.autocommit, past.dev_id, event_id)
    assert [(one.destination_id, one.state) for one in event.deliveries] == [
        (destination_id, LogState.EXHAUSTED),
        (elsewhere, LogState.DELIVERED),
    ]


async def test_what_a_deleted_destination_never_took_is_given_up(db: Database) -> None:
    past = await Past.of(db)
    destination_id = await past.destination()
    tried, untried = await past.events(2)
    await past.tried(destination_id, [tried], "refused")
    await db.autocommit.execute("DELETE FROM destinations WHERE dev_id = 'acme'")
    shown = await show_delivery(db.autocommit, past.dev_id, tried, destination_id)
    assert shown.delivery.state is LogState.EXHAUSTED
    with pytest.raises(NotFoundError, match="delivery not found"):
        await show_delivery(db.autocommit, past.dev_id, untried, destination_id)
    assert (await show_event(db.autocommit, past.dev_id, tried)).deliveries == []


def test_a_cursor_is_read_as_it_was_written() -> None:
    place = (uuid7(), uuid7())
    assert read_cursor(write_cursor(place)) == place


@pytest.mark.parametrize(
    "text", ["x", "ä", "AAAA", write_cursor((UUID(int=1), UUID(int=2))) + "AA", "=" * 5, "\x00"]
)
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError, match="the `next` of the page before"):
        read_cursor(text)


async def test_the_highest_cursor_there_can_be_is_one(db: Database) -> None:
    past = await Past.of(db)
    destination_id = await past.destination()
    await past.queued(destination_id, await past.events())
    highest = UUID(int=2**128 - 1)
    assert len((await listed(past, after=write_cursor((highest, highest)))).deliveries) == 1
