import asyncio
from collections import Counter
from datetime import timedelta

import asyncpg
import pytest
from standardwebhooks import Webhook

from tests.fakes.receiver import Receiver, receiving
from tests.fakes.waiting import eventually
from tests.unit.deliveries.sending.engines import (
    NEVER_AGAIN,
    all_done,
    destination,
    emit,
    outcomes,
    running,
    same_pauses,
    states,
)
from tests.unit.deliveries.sending.raw_server import answer, serving
from wearable_gateway.db.session import Database, driver_url, open_database
from wearable_gateway.deliveries import destinations
from wearable_gateway.deliveries.sending.leases import Leases
from wearable_gateway.events.models import NewEvent
from wearable_gateway.kit.addresses import AddressPolicy
from wearable_gateway.kit.encryption import Keyring, new_key


def ids(receiver: Receiver) -> Counter[str]:
    return Counter(one.headers["webhook-id"] for one in receiver.got)


async def test_an_event_is_delivered_once_signed_and_written_down(db: Database, keyring: Keyring) -> None:
    async with receiving(judged=False) as receiver, running(db, keyring):
        destination_id, secret = await destination(db, keyring, receiver.url)
        (event,) = await emit(db)
        await all_done(db)
    (got,) = receiver.got
    assert got.body == event.body
    assert Webhook(secret).verify(got.body, got.headers) == {"type": "activity"}
    assert got.headers["terra-reference"] == str(event.reference)
    assert got.headers["x-terra-trace-id"] == f"{event.id}:{destination_id}"
    assert await states(db) == {}
    assert await outcomes(db) == [(1, "delivered", 204)]


async def test_a_refused_delivery_is_tried_again_with_the_same_ids_and_bytes(
    db: Database, keyring: Keyring
) -> None:
    statuses = iter(["500 Oops", "302 Found\nlocation: /elsewhere", "200 OK"])

    async def behave(writer: asyncio.StreamWriter) -> None:
        await answer(next(statuses), b"seen")(writer)

    async with serving(behave) as server, running(db, keyring):
        await destination(db, keyring, server.url)
        await emit(db)
        await all_done(db)
    assert (
        len(
            {
                (headers["webhook-id"], headers["x-terra-trace-id"], body)
                for _, headers, body in server.requests
            }
        )
        == 1
    )
    assert await outcomes(db) == [(1, "refused", 500), (2, "refused", 302), (3, "delivered", 200)]
    assert set(await db.autocommit.fetch("SELECT response_excerpt FROM attempts")) == {("seen",)}


async def test_a_delivery_that_never_succeeds_is_exhausted_and_kept(db: Database, keyring: Keyring) -> None:
    async with receiving(judged=False) as receiver, running(db, keyring):
        receiver.status = 500
        await destination(db, keyring, receiver.url)
        await emit(db)
        await all_done(db)
    assert await states(db) == {"exhausted": 1}
    assert [number for number, _, _ in await outcomes(db)] == [1, 2, 3, 4]


async def test_a_destination_that_is_gone_is_disabled_and_gets_nothing_more(
    db: Database, keyring: Keyring
) -> None:
    async with receiving(judged=False) as receiver, running(db, keyring):
        receiver.status = 410
        destination_id, _ = await destination(db, keyring, receiver.url)
        await emit(db, 20)
        await all_done(db)
        found = await destinations.get(db.autocommit, "acme", destination_id)
        sent = len(receiver.got)
        await emit(db)
    assert (found.state, found.state_reason) == ("disabled", "it answered 410 Gone")
    assert await states(db) == {"exhausted": 20}
    assert sent == len(receiver.got) <= 20


async def test_what_waits_for_a_disabled_destination_is_not_sent(db: Database, keyring: Keyring) -> None:
    async with receiving(judged=False) as receiver:
        destination_id, _ = await destination(db, keyring, receiver.url)
        await emit(db, 3)
        await destinations.disable(db.autocommit, "acme", destination_id, "under repair")
        await emit(db)
        async with running(db, keyring):
            await all_done(db)
    assert receiver.got == []
    assert await states(db) == {"exhausted": 3}


async def test_what_waits_for_a_deleted_destination_is_dropped(db: Database, keyring: Keyring) -> None:
    async with receiving(judged=False) as receiver:
        destination_id, _ = await destination(db, keyring, receiver.url)
        await emit(db, 3)
        await destinations.delete(db.autocommit, "acme", destination_id)
        async with running(db, keyring):
            await all_done(db)
    assert receiver.got == []
    assert await states(db) == {}


async def test_a_destination_gets_the_types_it_asked_for_and_other_developers_get_nothing(
    db: Database, keyring: Keyring
) -> None:
    async with receiving(judged=False) as everything, receiving(judged=False) as some, running(db, keyring):
        await destination(db, keyring, everything.url)
        await destination(db, keyring, some.url, ["sleep"])
        for kind in ("activity", "sleep", "auth"):
            await emit(db, kind=kind)
        await emit(db, dev_id="globex")
        await all_done(db)
    assert everything.count() == {"activity": 1, "sleep": 1, "auth": 1}
    assert some.count() == {"sleep": 1}


async def test_a_private_address_is_refused_when_it_is_dialled(db: Database, keyring: Keyring) -> None:
    async with (
        receiving(judged=False) as receiver,
        running(db, keyring, policy=AddressPolicy(), schedules=NEVER_AGAIN),
    ):
        await destination(db, keyring, receiver.url)
        await emit(db)
        await all_done(db)
    assert receiver.got == []
    assert await outcomes(db) == [(1, "unreachable", None)]
    detail = await db.autocommit.fetchval("SELECT detail FROM attempts")
    assert detail.startswith("address_not_allowed")


async def test_a_secret_whose_key_is_missing_stops_nothing(db: Database, keyring: Keyring) -> None:
    async with receiving(judged=False) as receiver, running(db, keyring, schedules=NEVER_AGAIN):
        await destination(db, Keyring.parse(new_key("other")), receiver.url)
        await emit(db)
        await all_done(db)
        await destination(db, keyring, receiver.url)
        await emit(db)
        await receiver.wait_for("activity")
    assert "signing_secret_not_readable" in await db.autocommit.fetchval(
        "SELECT detail FROM attempts ORDER BY id"
    )


async def test_what_was_sent_and_not_recorded_is_sent_again_alike(
    db: Database, keyring: Keyring, database_url: str
) -> None:
    async with receiving(judged=False) as receiver:
        await destination(db, keyring, receiver.url)
        await emit(db)
        # Somebody holds the row, so that the success cannot be recorded until the engine is gone.
        blocker = await asyncpg.connect(driver_url(database_url))
        transaction = blocker.transaction()
        await transaction.start()
        await blocker.execute("SELECT 1 FROM deliveries FOR UPDATE")
        async with running(db, keyring):
            await receiver.wait_for("activity")
        await transaction.rollback()
        await blocker.close()
        assert await states(db) == {"due": 1}
        async with running(db, keyring):
            await all_done(db)
    first, second = receiver.got
    same = ("webhook-id", "x-terra-trace-id", "terra-reference", "x-terra-ordering-timestamp")
    assert [first.headers[name] for name in same] == [second.headers[name] for name in same]
    assert first.body == second.body
    assert await outcomes(db) == [(1, "delivered", 204)]


async def test_two_workers_share_the_buckets_and_each_event_is_sent_once(
    db: Database, keyring: Keyring, database_url: str
) -> None:
    def leases(database: Database, owner: str) -> Leases:
        return Leases(database, owner, ttl=timedelta(seconds=3), renew_every=timedelta(seconds=0.2))

    async def shares() -> Counter[str]:
        rows = await db.autocommit.fetch("SELECT owner FROM bucket_leases")
        return Counter(row["owner"] for row in rows)

    async def split() -> bool:
        return await shares() == {"one": 32, "two": 32}

    async with receiving(judged=False) as receiver, open_database(database_url, size=4) as other:
        for _ in range(10):
            await destination(db, keyring, receiver.url)
        async with running(db, keyring, leases=leases(db, "one")):
            await emit(db, 40)
            async with running(other, keyring, leases=leases(other, "two")):
                await emit(db, 40)
                await eventually(split)
                events = await emit(db, 40)
                await all_done(db)
            await emit(db, 10)  # the second gives its buckets back
            await all_done(db)
    assert set(ids(receiver).values()) == {10}
    assert len(ids(receiver)) == 130
    assert {str(event.id) for event in events} <= ids(receiver).keys()


async def test_nothing_is_lost_when_the_database_drops_every_connection(
    db: Database, keyring: Keyring, database_url: str
) -> None:
    events: list[NewEvent] = []
    async with (
        open_database(database_url, size=1) as own,
        receiving(judged=False) as receiver,
        running(db, keyring),
    ):
        await destination(own, keyring, receiver.url)
        for _ in range(5):
            events += await emit(own, 100)
            await receiver.wait_for("activity", len(events) - 80)
            await own.autocommit.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
        await all_done(own)
        recorded = await own.autocommit.fetchval("SELECT count(DISTINCT event_id) FROM attempts")
    assert ids(receiver).keys() == {str(event.id) for event in events}
    assert recorded == 500


async def test_a_destination_that_hangs_does_not_hold_up_the_others(db: Database, keyring: Keyring) -> None:
    async def say_nothing(_writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    async with serving(say_nothing) as hanging, receiving(judged=False) as receiver:
        for _ in range(15):
            await destination(db, keyring, hanging.url)
        await emit(db, 60)
        await destination(db, keyring, receiver.url)
        await emit(db, 40)
        async with running(db, keyring, deadline=timedelta(seconds=30)):
            await receiver.wait_for("activity", 40, within=10)


async def test_a_backlog_much_larger_than_memory_allows_is_sent_completely(
    db: Database, keyring: Keyring
) -> None:
    async with receiving(judged=False) as receiver:
        for _ in range(3):
            await destination(db, keyring, receiver.url)
        await emit(db, 1000)
        async with running(db, keyring):
            await all_done(db, within=40)
    assert set(ids(receiver).values()) == {3}
    assert len(ids(receiver)) == 1000


@pytest.mark.parametrize("status", [204, 500])
async def test_stopping_writes_down_what_was_sent(db: Database, keyring: Keyring, status: int) -> None:
    async with receiving(judged=False) as receiver:
        receiver.status = status
        await destination(db, keyring, receiver.url)
        await emit(db)
        async with running(db, keyring, schedules=same_pauses(timedelta(hours=1))):
            await receiver.wait_for("activity")
    assert len(await outcomes(db)) == 1
    assert await db.autocommit.fetchval("SELECT count(*) FROM bucket_leases WHERE owner <> ''") == 0
    assert await db.autocommit.fetchval("SELECT count(*) FROM delivery_workers") == 0
