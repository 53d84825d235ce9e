"""What the engine does about destinations that fail, are paused, are slow, or get too much."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.fakes.receiver import receiving
from tests.fakes.waiting import eventually
from tests.unit.deliveries.sending.engines import (
    NEVER_AGAIN,
    all_done,
    destination,
    emit,
    running,
    same_pauses,
    set_destination,
    states,
)
from tests.unit.deliveries.sending.raw_server import answer, serving
from wearable_gateway.db.session import Database
from wearable_gateway.deliveries import destinations
from wearable_gateway.developers.keys import create_developer
from wearable_gateway.events import destination_events, outbox
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.kit.encryption import Keyring

SOON = same_pauses(timedelta(milliseconds=50), 200)


async def row(db: Database, destination_id: UUID) -> Any:
    return await db.autocommit.fetchrow("SELECT * FROM destinations WHERE id = $1", destination_id)


async def is_parked(db: Database, destination_id: UUID) -> bool:
    return bool((await row(db, destination_id))["parkings"])


async def over_by_now(db: Database, destination_id: UUID) -> None:
    """The park of `destination_id` ends; a worker that does not know it is started afterwards."""
    await set_destination(db, destination_id, parked_until=utc_now())


async def number_waiting(db: Database) -> int:
    return (await states(db))["waiting"]


async def test_a_dead_destination_is_parked_and_what_waits_for_it_spends_no_retries(
    db: Database, keyring: Keyring
) -> None:
    async with receiving(judged=False) as receiver:
        receiver.status = 500
        destination_id, _ = await destination(db, keyring, receiver.url)
        await emit(db, 300)
        async with running(db, keyring, schedules=same_pauses(timedelta(hours=1))):
            await eventually(lambda: is_parked(db, destination_id))
            await eventually(lambda: at_least_waiting(db, 200))
        tried = await db.autocommit.fetchval("SELECT count(*) FROM deliveries WHERE attempts > 0")
        assert 5 <= tried <= 40
        assert tried == len(receiver.got)
        receiver.status = 204
        await over_by_now(db, destination_id)
        async with running(db, keyring):
            await eventually(lambda: only_retries_are_left(db, tried))
    found = await row(db, destination_id)
    assert (found["parkings"], found["parked_until"], found["failing_since"]) == (0, None, None)
    assert found["waiting_mark"] is None


async def at_least_waiting(db: Database, number: int) -> bool:
    return await number_waiting(db) >= number


async def only_retries_are_left(db: Database, number: int) -> bool:
    return await states(db) == {"due": number} and await no_mark(db)


async def no_mark(db: Database) -> bool:
    return not await db.autocommit.fetchval("SELECT count(waiting_mark) FROM destinations")


async def test_a_parked_destination_is_tried_again_and_gets_everything_when_it_is_back(
    db: Database, keyring: Keyring
) -> None:
    async with receiving(judged=False) as receiver, running(db, keyring, schedules=SOON):
        receiver.status = 503
        destination_id, _ = await destination(db, keyring, receiver.url)
        events = await emit(db, 20)
        await eventually(lambda: is_parked(db, destination_id))
        receiver.status = 204
        await all_done(db)
    assert {one.headers["webhook-id"] for one in receiver.got} == {str(event.id) for event in events}
    assert not await is_parked(db, destination_id)


async def test_a_paused_destination_gets_what_it_missed_once_it_goes_on(
    db: Database, keyring: Keyring
) -> None:
    async with receiving(judged=False) as receiver, running(db, keyring):
        destination_id, _ = await destination(db, keyring, receiver.url)
        await set_destination(db, destination_id, state="paused")
        await emit(db, 50)
        await eventually(lambda: at_least_waiting(db, 50))
        await emit(db, 1)
        await eventually(lambda: at_least_waiting(db, 51))
        assert receiver.got == []
        await set_destination(db, destination_id, state="enabled")
        await all_done(db)
        await eventually(lambda: no_mark(db))
    assert len({one.headers["webhook-id"] for one in receiver.got}) == 51
    received = [one.headers["webhook-id"] for one in receiver.got]
    assert received == sorted(received) or len(received) == 51


async def test_a_rate_is_kept_and_nothing_is_lost_by_it(db: Database, keyring: Keyring) -> None:
    async with receiving(judged=False) as receiver, running(db, keyring):
        destination_id, _ = await destination(db, keyring, receiver.url)
        await set_destination(db, destination_id, rate_limit=40)
        await emit(db, 100)
        await all_done(db)
    assert len(receiver.got) == 100
    moments = [row["at"] for row in await db.autocommit.fetch("SELECT at FROM attempts ORDER BY at")]
    for start in moments:
        assert sum(start <= moment < start + timedelta(seconds=1) for moment in moments) <= 43
    assert moments[-1] - moments[0] < timedelta(seconds=100 / 40 * 1.6)


async def test_a_flood_for_one_destination_does_not_hold_up_another_of_the_same_bucket(
    db: Database, keyring: Keyring
) -> None:
    async def slowly(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.5)
        await answer("204 No Content")(writer)

    async with serving(slowly) as slow, receiving(judged=False) as quick, running(db, keyring):
        flooded, _ = await destination(db, keyring, slow.url, ["activity"])
        other, _ = await destination(db, keyring, quick.url, ["sleep"])
        bucket = (await row(db, other))["bucket"]
        await set_destination(db, flooded, bucket=bucket)
        await emit(db, 6000)
        for number in range(5):
            await emit(db, kind="sleep")
            await quick.wait_for("sleep", number + 1, within=30)
        assert (await states(db)).total() > 3000, "the flood was over too soon to show anything"


async def test_what_waits_is_found_by_the_next_worker(db: Database, keyring: Keyring) -> None:
    async with receiving(judged=False) as receiver:
        destination_id, _ = await destination(db, keyring, receiver.url)
        await set_destination(db, destination_id, state="paused")
        await emit(db, 30)
        async with running(db, keyring):
            await eventually(lambda: at_least_waiting(db, 30))
        await set_destination(db, destination_id, state="enabled")
        async with running(db, keyring):
            await all_done(db)
    assert len(receiver.got) == 30


async def test_what_waits_for_a_destination_that_is_disabled_meanwhile_is_given_up(
    db: Database, keyring: Keyring
) -> None:
    async with receiving(judged=False) as receiver, running(db, keyring):
        destination_id, _ = await destination(db, keyring, receiver.url)
        await set_destination(db, destination_id, state="paused")
        await emit(db, 30)
        await eventually(lambda: at_least_waiting(db, 30))
        await destinations.disable(db.autocommit, "acme", destination_id, "no longer wanted")
        await all_done(db)
        assert await states(db) == {"exhausted": 30}
        # Enabled again, it gets what comes from now on, although the worker knew it disabled.
        await set_destination(db, destination_id, state="enabled")
        await emit(db)
        await receiver.wait_for("activity")
    assert len(receiver.got) == 1


async def test_a_destination_that_failed_for_days_is_disabled_and_its_developer_is_told_elsewhere(
    db: Database, keyring: Keyring
) -> None:
    await create_developer(db.autocommit, "Acme", "acme")
    async with (
        receiving(judged=False) as dead,
        receiving(judged=False) as alive,
        running(db, keyring, schedules=SOON),
    ):
        dead.status = 500
        destination_id, _ = await destination(db, keyring, dead.url)
        await destination(db, keyring, alive.url)
        await set_destination(
            db,
            destination_id,
            failing_since=utc_now() - timedelta(days=5),
            parkings=9,
            parked_until=utc_now(),
        )
        await emit(db)
        (told,) = await alive.wait_for("destination.disabled")
        await all_done(db)
    assert told["destination"] == {
        "destination_id": str(destination_id),
        "url": dead.url,
        "description": None,
    }
    assert told["reason"] == "it failed for 5 days; last: it answered 500"
    found = await row(db, destination_id)
    assert (found["state"], found["state_reason"]) == ("disabled", told["reason"])
    assert dead.count() == {"activity": 1}


@pytest.mark.parametrize(("days", "setting"), [(4, 5), (30, None)])
async def test_it_is_not_disabled_before_its_developers_patience_is_over(
    db: Database, keyring: Keyring, days: int, setting: int | None
) -> None:
    await create_developer(db.autocommit, "Acme", "acme")
    await db.autocommit.execute(
        "UPDATE developers SET settings = $1", {"disable_failing_destinations_after_days": setting}
    )
    async with receiving(judged=False) as dead, running(db, keyring, schedules=SOON):
        dead.status = 500
        destination_id, _ = await destination(db, keyring, dead.url)
        since = utc_now() - timedelta(days=days)
        await set_destination(db, destination_id, failing_since=since, parkings=9, parked_until=utc_now())
        await emit(db)

        async def is_parked_again() -> bool:
            return bool((await row(db, destination_id))["parkings"] == 10)

        await eventually(is_parked_again)
        found = await row(db, destination_id)
    assert (found["state"], found["failing_since"]) == ("enabled", since)


@pytest.mark.parametrize(("hours", "told"), [(2, 1), (0.5, 0)])
async def test_a_recovery_is_told_when_the_failure_was_long(
    db: Database, keyring: Keyring, hours: float, told: int
) -> None:
    async with receiving(judged=False) as receiver, running(db, keyring):
        destination_id, _ = await destination(db, keyring, receiver.url)
        since = utc_now() - timedelta(hours=hours)
        await set_destination(db, destination_id, failing_since=since, parkings=9, parked_until=utc_now())
        await emit(db)
        await receiver.wait_for("activity")
        if told:
            await receiver.wait_for("destination.recovered")
        await all_done(db)
        assert not await is_parked(db, destination_id)
    assert receiver.count()["destination.recovered"] == told


async def test_what_was_given_up_is_told_elsewhere_once(db: Database, keyring: Keyring) -> None:
    async with (
        receiving(judged=False) as failing,
        receiving(judged=False) as other,
        running(db, keyring, schedules=NEVER_AGAIN),
    ):
        failing.status = 422
        destination_id, _ = await destination(db, keyring, failing.url)
        await destination(db, keyring, other.url, ["delivery.exhausted"])
        (event,) = await emit(db)
        (told,) = await other.wait_for("delivery.exhausted")
        await all_done(db)
    assert told["destination"]["destination_id"] == str(destination_id)
    assert (told["count"], told["deliveries"]) == (
        1,
        [{"event_id": str(event.id), "type": "activity", "attempts": 1, "last_error": "it answered 422"}],
    )


async def test_events_about_deliveries_do_not_tell_of_each_other_for_ever(
    db: Database, keyring: Keyring
) -> None:
    async with receiving(judged=False) as one, receiving(judged=False) as two:
        one.status = two.status = 500
        first, _ = await destination(db, keyring, one.url)
        await destination(db, keyring, two.url)
        lost = destination_events.exhausted("acme", {"destination_id": str(first)}, [])
        async with db.transaction() as session:
            await outbox.record(session, [lost], now=utc_now())
        async with running(db, keyring, schedules=NEVER_AGAIN):
            await all_done(db)
    assert (len(one.got), len(two.got)) == (1, 1)
    assert await db.autocommit.fetchval("SELECT count(*) FROM events") == 1


async def test_what_is_fetched_gets_its_places_in_order_and_is_not_sent(
    db: Database, keyring: Keyring
) -> None:
    async with receiving(judged=False) as receiver, running(db, keyring):
        destination_id, _ = await destination(db, keyring, receiver.url)
        await set_destination(db, destination_id, url=None)
        events = []
        for count in (1, 70, 30):
            events += await emit(db, count)
            await all_done(db)
    rows = await db.autocommit.fetch("SELECT event_id, position, outcome FROM attempts ORDER BY position")
    assert [one["position"] for one in rows] == list(range(1, 102))
    assert {one["outcome"] for one in rows} == {"available"}
    assert {one["event_id"] for one in rows} == {event.id for event in events}
    assert rows[0]["event_id"] == events[0].id
    assert receiver.got == []


async def test_a_destination_that_asks_for_a_pause_gets_it(db: Database, keyring: Keyring) -> None:
    async with (
        serving(answer("429 Too Many\nretry-after: 3600")) as server,
        running(db, keyring, schedules=SOON),
    ):
        destination_id, _ = await destination(db, keyring, server.url)
        await emit(db, 20)
        await eventually(lambda: is_parked(db, destination_id))
        found = await row(db, destination_id)
    assert found["parked_until"] > utc_now() + timedelta(minutes=50)
    assert len(server.requests) < 20
