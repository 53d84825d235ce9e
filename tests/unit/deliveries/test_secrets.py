"""A secret is replaced without a moment in which a receiver can verify nothing."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from wearable_gateway.db.session import Database
from wearable_gateway.deliveries import destinations
from wearable_gateway.deliveries.secrets import open_secrets, rotate
from wearable_gateway.errors import InvalidInputError, NotFoundError
from wearable_gateway.kit.addresses import AddressPolicy
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.kit.encryption import Keyring, new_key
from wearable_gateway.kit.ids import uuid7

HOUR = timedelta(hours=1)


async def made(db: Database, keyring: Keyring) -> tuple[UUID, str]:
    policy = AddressPolicy.allowing_loopback()
    destination, secret = await destinations.create(
        db.autocommit, keyring, policy, "acme", "http://127.0.0.1:9/"
    )
    return destination.id, secret


async def rotated(
    db: Database, keyring: Keyring, destination_id: UUID, now: datetime, overlap: timedelta
) -> str:
    async with db.transaction() as session:
        return await rotate(session, keyring, "acme", destination_id, now=now, overlap=overlap)


async def signing(db: Database, keyring: Keyring, now: datetime) -> tuple[str, ...]:
    row = await db.autocommit.fetchrow("SELECT * FROM destinations WHERE dev_id = 'acme'")
    return open_secrets(keyring, row, now=now)


async def test_the_old_secret_signs_as_long_as_was_asked_for(db: Database, keyring: Keyring) -> None:
    destination_id, first = await made(db, keyring)
    now = utc_now()
    second = await rotated(db, keyring, destination_id, now, 2 * HOUR)
    third = await rotated(db, keyring, destination_id, now + HOUR, 2 * HOUR)
    assert len({first, second, third}) == 3
    assert await signing(db, keyring, now + HOUR) == (third, second, first)
    assert await signing(db, keyring, now + 2 * HOUR) == (third, second)
    assert await signing(db, keyring, now + 3 * HOUR) == (third,)


async def test_without_an_overlap_no_older_secret_signs_any_more(db: Database, keyring: Keyring) -> None:
    destination_id, _ = await made(db, keyring)
    now = utc_now()
    await rotated(db, keyring, destination_id, now, HOUR)
    newest = await rotated(db, keyring, destination_id, now, timedelta())
    assert await signing(db, keyring, now) == (newest,)


async def test_no_more_than_six_secrets_sign_at_a_time(db: Database, keyring: Keyring) -> None:
    destination_id, _ = await made(db, keyring)
    now = utc_now()
    newest = [await rotated(db, keyring, destination_id, now, HOUR) for _ in range(8)]
    assert await signing(db, keyring, now) == tuple(reversed(newest[-6:]))


async def test_there_is_none_when_the_key_that_opens_it_is_not_set(db: Database, keyring: Keyring) -> None:
    await made(db, keyring)
    assert await signing(db, Keyring.parse(new_key("other")), utc_now()) == ()


@pytest.mark.parametrize("overlap", [timedelta(seconds=-1), timedelta(days=7, seconds=1)])
async def test_an_overlap_is_at_most_a_week(db: Database, keyring: Keyring, overlap: timedelta) -> None:
    destination_id, _ = await made(db, keyring)
    with pytest.raises(InvalidInputError, match="overlap"):
        await rotated(db, keyring, destination_id, utc_now(), overlap)


async def test_a_secret_of_nobody_is_not_found(db: Database, keyring: Keyring) -> None:
    with pytest.raises(NotFoundError):
        await rotated(db, keyring, uuid7(), utc_now(), HOUR)
