"""A sign of life each hour, once, with true counts, to those who want it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from wearable_gateway.db.session import Database
from wearable_gateway.deliveries import destinations
from wearable_gateway.deliveries.healthcheck import send_due, trend
from wearable_gateway.developers.keys import create_developer
from wearable_gateway.kit import json
from wearable_gateway.kit.addresses import AddressPolicy
from wearable_gateway.kit.encryption import Keyring
from wearable_gateway.kit.ids import first_uuid7, uuid7

SOON = timedelta(minutes=90)


async def _events(db: Database) -> list[dict[str, Any]]:
    rows = await db.autocommit.fetch("SELECT body FROM events WHERE dev_id = 'acme' ORDER BY id")
    return [json.load(row["body"]) for row in rows]


async def _attempt(db: Database, destination_id: UUID, at: datetime, outcome: str) -> None:
    await db.autocommit.execute(
        "INSERT INTO attempts (dev_id, destination_id, event_id, id, number, at, outcome, duration_ms)"
        " VALUES ('acme', $1, $2, $3, 1, $4, $5, 1)",
        destination_id, first_uuid7(at - timedelta(seconds=20)), first_uuid7(at), at, outcome,
    )  # fmt: skip


async def test_it_says_how_much_was_sent_in_the_last_hour(db: Database, keyring: Keyring) -> None:
    await create_developer(db.autocommit, "Acme", "acme")
    made, _ = await destinations.create(
        db.autocommit, keyring, AddressPolicy.allowing_loopback(), "acme", "http://127.0.0.1:9/"
    )
    now = datetime.now(UTC) + SOON
    for minutes, outcome in ((1, "delivered"), (2, "delivered"), (3, "delivered"), (4, "refused")):
        await _attempt(db, made.id, now - timedelta(minutes=minutes), outcome)
    for minutes in (61, 90):
        await _attempt(db, made.id, now - timedelta(minutes=minutes), "delivered")
    await _attempt(db, made.id, now - timedelta(minutes=121), "delivered")
    # An event of another hour.
    await _attempt(db, made.id, now - timedelta(minutes=60) + timedelta(seconds=10), "delivered")
    await send_due(db, now=now)
    (event,) = await _events(db)
    assert event["type"] == "healthcheck"
    assert (event["sent_webhooks_last_hour"], event["trend_percentage"]) == (3, 50)
    assert datetime.fromisoformat(event["creation_timestamp"]) == now


async def test_it_comes_once_an_hour_and_the_first_after_an_hour(db: Database) -> None:
    await create_developer(db.autocommit, "Acme", "acme")
    start = datetime.now(UTC)
    told = []
    for minutes in (0, 59, 61, 62, 120, 122, 600, 601):
        await send_due(db, now=start + timedelta(minutes=minutes))
        told.append(len(await _events(db)))
    # The hours that nobody worked in are left out.
    assert told == [0, 0, 1, 1, 1, 2, 3, 3]


async def test_who_does_not_want_it_is_not_told(db: Database) -> None:
    await create_developer(db.autocommit, "Acme", "acme")
    await db.autocommit.execute("UPDATE developers SET settings = $1", {"healthcheck": False})
    await send_due(db, now=datetime.now(UTC) + SOON)
    assert await _events(db) == []


@pytest.mark.parametrize(
    ("sent", "before", "percent"), [(0, 0, 0), (5, 0, 0), (0, 5, -100), (10, 5, 100), (2, 3, -33)]
)
def test_the_trend(sent: int, before: int, percent: int) -> None:
    assert trend(sent, before) == percent


def test_ids_of_a_moment_sort_with_it() -> None:
    before, now, after = datetime.now(UTC) - timedelta(minutes=1), uuid7(), datetime.now(UTC)
    assert first_uuid7(before) < now < first_uuid7(after + timedelta(minutes=1))
