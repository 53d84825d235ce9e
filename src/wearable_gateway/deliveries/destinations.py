"""Where does a developer want events? Making, listing, disabling and deleting destinations."""

from collections.abc import Sequence
from uuid import UUID

from wearable_gateway.db.session import Row, Session
from wearable_gateway.deliveries.models import Destination, DestinationState, RetrySchedule
from wearable_gateway.deliveries.secrets import seal
from wearable_gateway.deliveries.urls import Resolve, check_url, resolve_host
from wearable_gateway.errors import DisallowedError, InvalidInputError, NotFoundError
from wearable_gateway.events.catalog import EventType
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
    url: str,
    event_types: Sequence[str] | None = None,
    *,
    resolve: Resolve = resolve_host,
    clock: Clock = utc_now,
) -> tuple[Destination, str]:
    """A new destination and its signing secret, which is shown this once. No `event_types` means every type.

    Resolves the host: call it outside a transaction, with `Database.autocommit`. Raises InvalidInputError, and
    DisallowedError when the developer has as many as there may be.
    """
    wanted = _check_event_types(event_types)
    await check_url(url, policy, resolve)
    if (
        await session.fetchval("SELECT count(*) FROM destinations WHERE dev_id = $1", dev_id)
        >= MOST_PER_DEVELOPER
    ):
        raise DisallowedError(f"there are {MOST_PER_DEVELOPER} destinations already; delete one first")
    now = clock()
    destination = Destination(
        dev_id=dev_id,
        id=uuid7(),
        url=url,
        description=None,
        event_types=wanted,
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
    secret = new_signing_secret()
    await session.execute(
        "INSERT INTO destinations (dev_id, id, url, event_types, signing_secret, old_secrets, bucket, state,"
        " retry_schedule, parkings, feed_position, created_at, updated_at)"
        " VALUES ($1, $2, $3, $4, $5, '[]', $6, $7, $8, 0, 0, $9, $9)",
        dev_id, destination.id, url, wanted,
        seal(keyring, dev_id, destination.id, secret),
        bucket_of(destination.id), destination.state.value, destination.retry_schedule.value, now,
    )  # fmt: skip
    return destination, secret


def _check_event_types(event_types: Sequence[str] | None) -> tuple[str, ...] | None:
    if not event_types:
        return None
    known = [kind.value for kind in EventType]
    if not set(event_types) <= set(known):
        raise InvalidInputError("event_types", "any of " + ", ".join(known))
    return tuple(dict.fromkeys(event_types))


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


async def get(session: Session, dev_id: str, destination_id: UUID) -> Destination:
    """Raises NotFoundError."""
    row = await session.fetchrow(
        f"SELECT {_COLUMNS} FROM destinations WHERE dev_id = $1 AND id = $2", dev_id, destination_id
    )
    if row is None:
        raise NotFoundError("destination")
    return _read(row)


async def delete(session: Session, dev_id: str, destination_id: UUID) -> None:
    """Raises NotFoundError. What was still to be sent there is dropped by the worker when it is due."""
    if not await session.execute(
        "DELETE FROM destinations WHERE dev_id = $1 AND id = $2", dev_id, destination_id
    ):
        raise NotFoundError("destination")
    # Rows that are due belong to the worker, which locks them in another order than this statement would.
    await session.execute(
        "DELETE FROM deliveries WHERE dev_id = $1 AND destination_id = $2 AND state = 'exhausted'",
        dev_id, destination_id,
    )  # fmt: skip


async def disable(session: Session, dev_id: str, destination_id: UUID, reason: str) -> None:
    """Nothing is sent there any more, neither new events nor what is waiting. Raises NotFoundError."""
    if not await session.execute(
        "UPDATE destinations SET state = 'disabled', state_reason = $3 WHERE dev_id = $1 AND id = $2",
        dev_id, destination_id, reason,
    ):  # fmt: skip
        raise NotFoundError("destination")
