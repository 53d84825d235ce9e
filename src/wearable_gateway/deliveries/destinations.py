"""Where does a developer want events? Destinations as they are kept; `destination_changes` is who changes them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from wearable_gateway.db.session import Row, Session
from wearable_gateway.deliveries.destination_fields import check_fields
from wearable_gateway.deliveries.models import Destination, DestinationState, RetrySchedule
from wearable_gateway.deliveries.secrets import seal
from wearable_gateway.deliveries.urls import Resolve, check_url, resolve_host
from wearable_gateway.errors import DisallowedError, NotFoundError
from wearable_gateway.events.models import BUCKETS
from wearable_gateway.kit.addresses import AddressPolicy
from wearable_gateway.kit.clock import Clock, utc_now
from wearable_gateway.kit.encryption import Keyring
from wearable_gateway.kit.ids import uuid7
from wearable_gateway.kit.signatures import new_signing_secret

MOST_PER_DEVELOPER = 20
_COLUMNS = (
    "dev_id, id, url, description, event_types, state, state_reason, retry_schedule, rate_limit, concurrency,"
    " failing_since, parked_until, created_at, updated_at"
)


def bucket_of(destination_id: UUID) -> int:
    """All deliveries of a destination are in one bucket; the low bits of a UUIDv7 are random."""
    return destination_id.int % BUCKETS


async def create(  # noqa: PLR0917 - who, where and what, in that order, everywhere it is called
    session: Session,
    keyring: Keyring,
    policy: AddressPolicy,
    dev_id: str,
    url: str | None,
    event_types: Sequence[str] | None = None,
    *,
    resolve: Resolve = resolve_host,
    clock: Clock = utc_now,
    **chosen: Any,
) -> tuple[Destination, str]:
    """A new destination and its signing secret, which is shown this once. No `event_types` means every type.

    `url` None: its events are fetched. `chosen` are other fields of `destination_fields.NAMES`. Resolves the host: call
    it outside a transaction, with `Database.autocommit`. Raises InvalidInputError, and DisallowedError when the
    developer has as many as there may be.
    """
    fields = check_fields({**chosen, "url": url, "event_types": event_types or None})
    if url is not None:
        await check_url(url, policy, resolve)
    return await add(session, keyring, dev_id, fields, now=clock())


async def add(
    session: Session, keyring: Keyring, dev_id: str, fields: Mapping[str, Any], *, now: datetime
) -> tuple[Destination, str]:
    """Write a destination whose `fields` and URL were checked, and its secret. Raises DisallowedError."""
    if (
        await session.fetchval("SELECT count(*) FROM destinations WHERE dev_id = $1", dev_id)
        >= MOST_PER_DEVELOPER
    ):
        raise DisallowedError(f"there are {MOST_PER_DEVELOPER} destinations already; delete one first")
    destination = replace(_new(dev_id, now), **fields)
    secret = new_signing_secret()
    await session.execute(
        "INSERT INTO destinations (dev_id, id, url, description, event_types, signing_secret, old_secrets, bucket,"
        " state, retry_schedule, rate_limit, concurrency, parkings, feed_position, created_at, updated_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, '[]', $7, $8, $9, $10, $11, 0, 0, $12, $12)",
        dev_id, destination.id, destination.url, destination.description, destination.event_types,
        seal(keyring, dev_id, destination.id, secret), bucket_of(destination.id), destination.state.value,
        destination.retry_schedule.value, destination.rate_limit, destination.concurrency, now,
    )  # fmt: skip
    return destination, secret


def _new(dev_id: str, now: datetime) -> Destination:
    return Destination(
        dev_id=dev_id,
        id=uuid7(),
        url=None,
        description=None,
        event_types=None,
        state=DestinationState.ENABLED,
        state_reason=None,
        retry_schedule=RetrySchedule.STANDARD,
        rate_limit=None,
        concurrency=None,
        failing_since=None,
        parked_until=None,
        created_at=now,
        updated_at=now,
    )


def _read(row: Row) -> Destination:
    types = row["event_types"]
    return Destination(
        **{
            **row,
            "event_types": None if types is None else tuple(types),
            "state": DestinationState(row["state"]),
            "retry_schedule": RetrySchedule(row["retry_schedule"]),
        }
    )


async def list_destinations(session: Session, dev_id: str) -> list[Destination]:
    """Oldest first."""
    rows = await session.fetch(f"SELECT {_COLUMNS} FROM destinations WHERE dev_id = $1 ORDER BY id", dev_id)
    return [_read(row) for row in rows]


async def with_waiting(session: Session, dev_id: str) -> set[UUID]:
    """Those for which something may wait because they take no more for now."""
    rows = await session.fetch(
        "SELECT id FROM destinations WHERE dev_id = $1 AND waiting_mark IS NOT NULL", dev_id
    )
    return {row["id"] for row in rows}


async def get(session: Session, dev_id: str, destination_id: UUID) -> Destination:
    """Raises NotFoundError."""
    return _found(
        await session.fetchrow(
            f"SELECT {_COLUMNS} FROM destinations WHERE dev_id = $1 AND id = $2", dev_id, destination_id
        )
    )


async def lock(session: Session, dev_id: str, destination_id: UUID) -> Destination:
    """As it is, and as nobody else changes it until the transaction ends. Raises NotFoundError."""
    return _found(
        await session.fetchrow(
            f"SELECT {_COLUMNS} FROM destinations WHERE dev_id = $1 AND id = $2 FOR UPDATE",
            dev_id, destination_id,
        )
    )  # fmt: skip


def _found(row: Row | None) -> Destination:
    if row is None:
        raise NotFoundError("destination")
    return _read(row)


async def delete(session: Session, dev_id: str, destination_id: UUID) -> None:
    """Raises NotFoundError. What was still to be sent there is dropped by the worker when it is due."""
    if not await session.execute(
        "DELETE FROM destinations WHERE dev_id = $1 AND id = $2", dev_id, destination_id
    ):
        raise NotFoundError("destination")


async def forget_exhausted(session: Session, dev_id: str, destination_id: UUID) -> None:
    """Remove what was given up for a destination that is no more. Call it once that is committed."""
    # Rows that are due belong to the worker, which locks them in another order than this statement would.
    await session.execute(
        "DELETE FROM deliveries WHERE dev_id = $1 AND destination_id = $2 AND state = 'exhausted'",
        dev_id, destination_id,
    )  # fmt: skip


async def disable(
    session: Session, dev_id: str, destination_id: UUID, reason: str, *, clock: Clock = utc_now
) -> None:
    """Nothing is sent there any more, neither new events nor what is waiting. Raises NotFoundError."""
    if not await session.execute(
        "UPDATE destinations SET state = 'disabled', state_reason = $3, updated_at = $4 WHERE dev_id = $1 AND id = $2",
        dev_id, destination_id, reason, clock(),
    ):  # fmt: skip
        raise NotFoundError("destination")
