"""Destinations, and events for them, written through the outbox as the gateway writes them."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from uuid import UUID

from wearable_gateway.db.session import Database
from wearable_gateway.deliveries import destinations
from wearable_gateway.developers import keys
from wearable_gateway.events import outbox
from wearable_gateway.events.models import NewEvent
from wearable_gateway.kit import json
from wearable_gateway.kit.addresses import AddressPolicy
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.kit.encryption import Keyring
from wearable_gateway.kit.ids import uuid7

BODY_BYTES = 2048
_AT_ONCE = 500
_MIDNIGHT = datetime(2026, 11, 18, tzinfo=UTC)


def body_of(number: int, size: int = BODY_BYTES) -> bytes:
    """A day of somebody's heart, as JSON of about `size` bytes."""
    minutes = 0
    while len(body := _day(number, minutes)) < size:
        minutes += max(1, (size - len(body)) // 100)
    return body


def _day(number: int, minutes: int) -> bytes:
    samples = [
        {
            "timestamp": (_MIDNIGHT + timedelta(minutes=minute)).isoformat(),
            "bpm": 50 + (number + minute * 7) % 50,
        }
        for minute in range(minutes)
    ]
    user = {"user_id": str(UUID(int=number)), "provider": "SANDBOX", "reference_id": f"customer-{number}"}
    data = {
        "metadata": {"start_time": _MIDNIGHT.isoformat()},
        "heart_rate_data": {"detailed": {"hr_samples": samples}},
    }
    return json.dump({"type": "daily", "user": user, "version": "2022-03-16", "data": [data]})


def new_event(dev_id: str, body: bytes) -> NewEvent:
    return NewEvent(dev_id, uuid7(), "daily", uuid7(), uuid7(), body)


async def add_developers(
    db: Database, keyring: Keyring, urls: Sequence[str], *, named: str, destinations_each: int = 1
) -> list[str]:
    """Their dev-ids; the urls are handed out in turn, so many to each."""
    dev_ids: list[str] = []
    left = iter(urls)
    while some := list(islice(left, destinations_each)):
        dev_ids.append(f"{named}-{len(dev_ids)}")
        await keys.create_developer(db.autocommit, dev_ids[-1], dev_ids[-1])
        for url in some:
            await destinations.create(
                db.autocommit, keyring, AddressPolicy.allowing_loopback(), dev_ids[-1], url
            )
    return dev_ids


def events_for(dev_ids: Sequence[str], each: int, size: int = BODY_BYTES) -> Iterator[NewEvent]:
    """By turns, so that everybody's are spread over the whole."""
    bodies = [body_of(number, size) for number in range(100)]
    for number in range(each):
        for dev_id in dev_ids:
            yield new_event(dev_id, bodies[number % len(bodies)])


async def record_at_once(db: Database, events: Iterator[NewEvent]) -> None:
    """In one transaction, so that all of them are there at the same moment."""
    async with db.transaction() as session:
        while some := list(islice(events, _AT_ONCE)):
            await outbox.record(session, some, now=utc_now())


async def is_empty(db: Database) -> bool:
    """Whether nothing is to be delivered any more."""
    return not await db.autocommit.fetchval("SELECT EXISTS (SELECT 1 FROM deliveries)")


async def clear(db: Database) -> None:
    """As if there had been nothing; no worker may run. Its leases are free at once."""
    await db.autocommit.execute("TRUNCATE deliveries, attempts, events")
    await db.autocommit.execute("DELETE FROM destinations")
    await db.autocommit.execute("UPDATE bucket_leases SET expires_at = '2026-01-01'")
    await db.autocommit.execute("DELETE FROM delivery_workers")
    await db.autocommit.execute("DELETE FROM developers WHERE dev_id LIKE '%-%'")
