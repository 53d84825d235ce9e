"""How often somebody may try to sign in from one address."""

from datetime import UTC, datetime, timedelta

import pytest

from wearable_gateway.db.session import Database
from wearable_gateway.developers.sign_in_limits import (
    PER_ADDRESS,
    Limit,
    attempt,
    count_attempt,
    counted_as,
    forget_attempts,
    succeeded,
)
from wearable_gateway.errors import DisallowedError

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
THREE = Limit(burst=3, every=timedelta(seconds=10))


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


@pytest.mark.parametrize(
    ("drained_in", "wait", "drained_then_in"),
    [
        (None, 0, 10),  # the first one
        (-500, 0, 10),  # all of it came back long ago
        (0, 0, 10),
        (10, 0, 20),
        (20, 0, 30),  # the third of three
        (25, 5, 25),  # one comes back in five seconds; trying takes nothing
        (30, 10, 30),
        (29.5, 9.5, 29.5),
        (500, 480, 500),  # as after a clock that was wrong
    ],
)
def test_three_at_once_and_then_one_every_ten_seconds(
    drained_in: float | None, wait: float, drained_then_in: float
) -> None:
    drained_at = None if drained_in is None else NOW + seconds(drained_in)
    verdict = attempt(THREE, drained_at, NOW)
    assert verdict.wait == seconds(wait)
    assert verdict.drained_at == NOW + seconds(drained_then_in)


def test_who_shares_an_address_with_a_guesser_never_waits_longer_than_for_one_attempt() -> None:
    drained_at: datetime | None = None
    for tenth in range(6_000):
        verdict = attempt(THREE, drained_at, NOW + seconds(tenth / 10))
        assert verdict.wait <= THREE.every
        drained_at = verdict.drained_at


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::9", "2001:db8:1:3::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("testclient", "testclient"),
        ("x" * 500, "x" * 64),
    ],
)
def test_addresses_of_one_site_are_counted_together(address: str, counted: str) -> None:
    assert counted_as(address) == counted


async def test_an_address_that_guesses_at_many_people_is_slowed_down_and_nothing_is_kept_for_ever(
    db: Database,
) -> None:
    for number in range(PER_ADDRESS.burst):
        await count_attempt(db, f"{number}@example.org", "203.0.113.9", NOW)
    with pytest.raises(DisallowedError, match="wait 20 seconds"):
        await count_attempt(db, "ann@example.org", "203.0.113.9", NOW)
    # The e-mail address was not counted, and elsewhere nobody notices.
    await count_attempt(db, "ann@example.org", "203.0.113.10", NOW)
    await count_attempt(db, "ann@example.org", "203.0.113.9", NOW + PER_ADDRESS.every)
    await succeeded(db.autocommit, "ann@example.org", "203.0.113.9")
    await count_attempt(db, "ann@example.org", "203.0.113.9", NOW + PER_ADDRESS.every)

    await forget_attempts(db.autocommit, NOW + timedelta(minutes=2))
    kept = "SELECT count(*) FROM"
    assert await db.autocommit.fetchval(f"{kept} sign_in_addresses") == 1
    assert await db.autocommit.fetchval(f"{kept} sign_in_failures") > 30
    await forget_attempts(db.autocommit, NOW + timedelta(minutes=16))
    assert await db.autocommit.fetchval(f"{kept} sign_in_addresses") == 0
    assert await db.autocommit.fetchval(f"{kept} sign_in_failures") == 0
