"""A delivery engine over a real database, and what a test wants to see of it."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from tests.fakes.waiting import eventually
from wearable_gateway.db.session import Database
from wearable_gateway.db.wakeups import Wakeups
from wearable_gateway.deliveries import destinations
from wearable_gateway.deliveries.models import RetrySchedule
from wearable_gateway.deliveries.sending.attempt import Schedules
from wearable_gateway.deliveries.sending.engine import DeliveryEngine
from wearable_gateway.events import outbox
from wearable_gateway.events.models import NewEvent
from wearable_gateway.kit.addresses import AddressPolicy
from wearable_gateway.kit.encryption import Keyring
from wearable_gateway.kit.ids import uuid7

LOOPBACK = AddressPolicy.allowing_loopback()
AT_ONCE: Schedules = {RetrySchedule.STANDARD: (timedelta(milliseconds=20),) * 3}
NEVER_AGAIN: Schedules = {RetrySchedule.STANDARD: ()}


def same_pauses(pause: timedelta, times: int = 9) -> Mapping[RetrySchedule, tuple[timedelta, ...]]:
    return {RetrySchedule.STANDARD: (pause,) * times}


@asynccontextmanager
async def running(
    db: Database, keyring: Keyring, *, policy: AddressPolicy = LOOPBACK, **options: Any
) -> AsyncIterator[asyncio.Task[None]]:
    engine = DeliveryEngine(db, keyring, Wakeups(), policy=policy, **{"schedules": AT_ONCE, **options})
    task = asyncio.create_task(engine.run())
    try:
        yield task
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def destination(
    db: Database, keyring: Keyring, url: str, types: list[str] | None = None
) -> tuple[UUID, str]:
    made, secret = await destinations.create(db.autocommit, keyring, LOOPBACK, "acme", url, types)
    return made.id, secret


async def set_destination(db: Database, destination_id: UUID, **values: Any) -> None:
    """Write columns of a destination as they are."""
    names = ", ".join(f"{name} = ${number}" for number, name in enumerate(values, 2))
    await db.autocommit.execute(
        f"UPDATE destinations SET {names} WHERE id = $1", destination_id, *values.values()
    )


async def emit(db: Database, count: int = 1, kind: str = "activity", dev_id: str = "acme") -> list[NewEvent]:
    body = f'{{"type":"{kind}"}}'.encode()
    events = [NewEvent(dev_id, uuid7(), kind, None, uuid7(), body) for _ in range(count)]
    async with db.transaction() as session:
        await outbox.record(session, events, now=datetime.now(UTC))
    return events


async def states(db: Database) -> Counter[str]:
    return Counter(row["state"] for row in await db.autocommit.fetch("SELECT state FROM deliveries"))


async def outcomes(db: Database) -> list[tuple[int, str, int | None]]:
    rows = await db.autocommit.fetch("SELECT number, outcome, status FROM attempts ORDER BY at, number")
    return [(row["number"], row["outcome"], row["status"]) for row in rows]


async def all_done(db: Database, within: float = 20) -> None:
    async def done() -> bool:
        found = await states(db)
        return not found["due"] and not found["waiting"]

    await eventually(done, within=within)
