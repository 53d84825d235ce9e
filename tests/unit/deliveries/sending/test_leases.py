from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from tests.fakes.waiting import eventually
from wearable_gateway.db.session import Database
from wearable_gateway.deliveries.health import HEALTHY, Health
from wearable_gateway.deliveries.models import Delivery
from wearable_gateway.deliveries.outcomes import Delivered
from wearable_gateway.deliveries.sending.failing import HealthChange
from wearable_gateway.deliveries.sending.leases import Leases, quota
from wearable_gateway.deliveries.sending.recording import Result, drop, record

# Long enough to be looked at in time on a machine that is busy with other tests.
SHORT = timedelta(seconds=2)


def nothing() -> Collection[int]:
    return ()


def leases(db: Database, owner: str, *, ttl: timedelta = timedelta(seconds=60)) -> Leases:
    return Leases(db, owner, ttl=ttl, renew_every=ttl / 3)


async def delivery_in(db: Database, bucket: int, epoch: int) -> Delivery:
    delivery = Delivery("acme", uuid4(), uuid4(), bucket, attempts=0, epoch=epoch)
    await db.autocommit.execute(
        "INSERT INTO deliveries (dev_id, event_id, destination_id, bucket, state, attempts, next_at)"
        " VALUES ($1, $2, $3, $4, 'due', 0, $5)",
        delivery.dev_id, delivery.event_id, delivery.destination_id, bucket, datetime.now(UTC),
    )  # fmt: skip
    return delivery


@pytest.mark.parametrize("count", [1, 2, 3, 5, 64, 70])
def test_quotas_add_up_to_all_buckets(count: int) -> None:
    owners = [f"worker-{number}" for number in range(count)]
    quotas = [quota(owner, owners) for owner in owners]
    assert sum(quotas) == 64
    assert max(quotas) - min(quotas) <= 1


async def test_a_worker_alone_has_all_buckets(db: Database) -> None:
    alone = leases(db, "alone")
    assert await alone.renew(nothing)
    assert sorted(alone.usable()) == list(range(64))


async def test_a_second_worker_gets_half_as_soon_as_the_first_has_renewed(db: Database) -> None:
    first, second = leases(db, "first"), leases(db, "second")
    await first.renew(nothing)
    assert not await second.renew(nothing)
    assert await first.renew(nothing)
    assert await second.renew(nothing)
    assert (len(first.usable()), len(second.usable())) == (32, 32)
    assert not set(first.usable()) & set(second.usable())


async def test_a_bucket_is_not_given_away_while_something_is_in_flight_from_it(db: Database) -> None:
    first, second = leases(db, "first"), leases(db, "second")
    await first.renew(nothing)
    epoch = first.usable()[63]
    await second.renew(nothing)
    assert not await first.renew(lambda: {63})
    await second.renew(nothing)
    assert 63 not in second.usable()
    assert not first.holds(63, epoch)
    assert await first.renew(nothing)
    await second.renew(nothing)
    assert 63 in second.usable()


async def test_what_is_released_can_be_taken_at_once(db: Database) -> None:
    first, second = leases(db, "first"), leases(db, "second")
    await first.renew(nothing)
    await first.release()
    assert await second.renew(nothing)
    assert len(second.usable()) == 64
    assert first.usable() == {}


async def test_the_buckets_of_a_dead_worker_are_taken_when_its_leases_expire(db: Database) -> None:
    dead, other = leases(db, "dead", ttl=SHORT), leases(db, "other")
    await dead.renew(nothing)
    assert dead.usable()

    async def taken_over() -> bool:
        await other.renew(nothing)
        return len(other.usable()) == 64

    await eventually(taken_over)
    assert dead.usable() == {}


async def lost(db: Database, owner: str, delivery: Delivery) -> set[Delivery]:
    """What `owner` can no longer record of a success and of what it means for the destination."""
    now = datetime.now(UTC)
    result = Result(delivery, "auth", Delivered(200), now, 1, None)
    change = HealthChange(
        delivery.dev_id,
        delivery.destination_id,
        delivery.bucket,
        delivery.epoch,
        Health(parkings=1),
        HEALTHY,
        "",
    )
    async with db.transaction() as session:
        return (await record(session, owner, [result], [change], now=now)).lost


async def test_a_worker_that_slept_through_its_lease_changes_nothing(db: Database) -> None:
    stale, owner = leases(db, "stale", ttl=SHORT), leases(db, "owner")
    await stale.renew(nothing)
    epoch = stale.usable()[7]

    async def taken_over() -> bool:
        await owner.renew(nothing)
        return 7 in owner.usable()

    await eventually(taken_over)
    delivery = await delivery_in(db, 7, epoch)
    assert await lost(db, "stale", delivery) == {delivery}
    async with db.transaction() as session:
        assert await drop(session, "stale", [delivery]) == 0
    assert await db.autocommit.fetchval("SELECT count(*) FROM deliveries") == 1
    assert await db.autocommit.fetchval("SELECT count(*) FROM attempts") == 0


async def test_results_from_an_earlier_epoch_of_the_same_worker_change_nothing(db: Database) -> None:
    worker = leases(db, "worker")
    await worker.renew(nothing)
    before = worker.usable()[7]
    await worker.release()
    await worker.renew(nothing)
    assert worker.usable()[7] == before + 1
    delivery = await delivery_in(db, 7, before)
    assert await lost(db, "worker", delivery) == {delivery}
    assert await db.autocommit.fetchval("SELECT count(*) FROM deliveries") == 1


async def test_a_worker_that_cannot_renew_stops_sending_before_its_leases_end(db: Database) -> None:
    worker = leases(db, "worker", ttl=SHORT)
    await worker.renew(nothing)
    epoch = worker.usable()[1]

    async def stopped() -> bool:
        return not worker.usable() and not worker.holds(1, epoch)

    await eventually(stopped)
