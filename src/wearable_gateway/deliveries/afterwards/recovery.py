"""A developer asks for past events once more: what may be asked for, how much it is, and calling it off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from wearable_gateway.db.session import Session
from wearable_gateway.db.wakeups import RECOVERIES
from wearable_gateway.deliveries import destinations
from wearable_gateway.deliveries.afterwards import kept_events
from wearable_gateway.deliveries.afterwards.kept_events import KEPT_FOR
from wearable_gateway.deliveries.afterwards.recoveries import (
    Only,
    Recovery,
    RecoveryRepository,
    RecoveryState,
)
from wearable_gateway.deliveries.afterwards.resending import DISABLED
from wearable_gateway.deliveries.models import Destination, DestinationState
from wearable_gateway.developers import audit
from wearable_gateway.developers.keys import lock_developer
from wearable_gateway.errors import DisallowedError, InvalidInputError, NotFoundError
from wearable_gateway.events.catalog import EventType
from wearable_gateway.kit.ids import uuid7

MOST_RUNNING = 5
MOST_COUNTED = 100_000
MOST_LISTED = 100
# Who asks for all that is kept names a moment that has passed when we read it.
_ON_THE_WAY = timedelta(minutes=5)
# What a destination is told about itself would only be told once more.
_ABOUT_DESTINATIONS = ("destination.", "delivery.")

_COUNT = """
SELECT count(*) FROM (
  SELECT 1 FROM events
  WHERE dev_id = $1 AND id > $2 AND id < $3 AND ($4::text[] IS NULL OR type = ANY ($4))
    AND NOT starts_with(type, 'destination.') AND NOT starts_with(type, 'delivery.')
    AND (only_for IS NULL OR only_for = $6)
  LIMIT $5
) counted
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a developer asks for. `until` None: now. `event_types` None: those the destination wants."""

    destination_id: UUID
    since: datetime
    until: datetime | None = None
    only: Only = Only.UNDELIVERED
    event_types: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class Estimate:
    """Events of the time and the types asked for, delivered or not; `at_least`: counting ended there."""

    events: int
    at_least: bool


def is_wanted(kind: str, event_types: Sequence[str] | None) -> bool:
    """Whether a recovery is about events of this type. Never about those that tell of destinations."""
    return not kind.startswith(_ABOUT_DESTINATIONS) and (event_types is None or kind in event_types)


def below(until: datetime) -> UUID:
    """Above the ids of all events of a recovery."""
    return kept_events.past_moment(until)


async def estimate(
    session: Session, dev_id: str, wanted: Wanted, *, kept_for: timedelta = KEPT_FOR, now: datetime
) -> Estimate:
    """How many events there are, without doing anything. Raises what `begin` raises for what is asked."""
    destination = await destinations.get(session, dev_id, wanted.destination_id)
    since, until = _check(destination, wanted, kept_for=kept_for, now=now)
    types = wanted.event_types or destination.event_types
    count: int = await session.fetchval(
        _COUNT,
        dev_id,
        _before(since),
        below(until),
        list(types) if types else None,
        MOST_COUNTED,
        destination.id,
    )
    return Estimate(count, at_least=count == MOST_COUNTED)


async def begin(
    session: Session,
    dev_id: str,
    wanted: Wanted,
    *,
    actor: str,
    kept_for: timedelta = KEPT_FOR,
    now: datetime,
) -> Recovery:
    """A recovery that a worker takes on from here; in a transaction.

    Raises NotFoundError; InvalidInputError for a time of which no events are kept; DisallowedError for a destination
    that is disabled, and when as many as there may be are running.
    """
    destination = await destinations.get(session, dev_id, wanted.destination_id)
    since, until = _check(destination, wanted, kept_for=kept_for, now=now)
    await lock_developer(session, dev_id)
    repository = RecoveryRepository(session, dev_id)
    if await repository.running() >= MOST_RUNNING:
        raise DisallowedError(
            f"{MOST_RUNNING} recoveries are running; wait until one has ended, or cancel one"
        )
    types = tuple(dict.fromkeys(wanted.event_types)) if wanted.event_types else None
    recovery = Recovery(
        dev_id=dev_id, id=uuid7(), destination_id=destination.id, only=wanted.only, event_types=types,
        since=since, until=until, state=RecoveryState.RUNNING, reason=None, reached=_before(since),
        examined=0, queued=0, claims=0, created_at=now, finished_at=None,
    )  # fmt: skip
    await repository.add(recovery)
    after = {"recovery_id": str(recovery.id), "only": recovery.only.value, "since": since.isoformat()}
    await audit.record(
        session, dev_id, actor=actor, action="recovery.started", subject=f"destination:{destination.id}",
        after={**after, "until": until.isoformat()},
    )  # fmt: skip
    session.wake(RECOVERIES)
    return recovery


def _check(
    destination: Destination, wanted: Wanted, *, kept_for: timedelta, now: datetime
) -> tuple[datetime, datetime]:
    """From when until when. Raises InvalidInputError, DisallowedError."""
    known = [kind.value for kind in EventType]
    if wanted.event_types and not set(wanted.event_types) <= set(known):
        raise InvalidInputError("event_types", "any of " + ", ".join(known))
    if destination.state is DestinationState.DISABLED:
        raise DisallowedError(DISABLED)
    if destination.url is None and wanted.only is Only.ALL:
        raise InvalidInputError(
            "only",
            "undelivered; what was there for fetching is fetched again with GET /v2/events and an earlier `after`",
        )
    oldest, until = now - kept_for, min(wanted.until or now, now)
    if wanted.since < oldest - _ON_THE_WAY:
        raise InvalidInputError(
            "since",
            f"not before {oldest.isoformat(timespec='seconds')}: events are kept for {kept_for.days} days",
        )
    if wanted.since >= until:
        raise InvalidInputError("since", "before until, which is now unless it is given, and before now")
    return wanted.since, until


def _before(since: datetime) -> UUID:
    return UUID(int=kept_events.from_moment(since).int - 1)


async def get(session: Session, dev_id: str, recovery_id: UUID) -> Recovery:
    """Raises NotFoundError. Those that ended are known for 30 days."""
    found = await RecoveryRepository(session, dev_id).find(recovery_id)
    if found is None:
        raise NotFoundError("recovery")
    return found


async def list_recoveries(session: Session, dev_id: str, destination_id: UUID) -> list[Recovery]:
    """The newest first. Raises NotFoundError for a destination the developer has not."""
    await destinations.get(session, dev_id, destination_id)
    return await RecoveryRepository(session, dev_id).of_destination(destination_id, limit=MOST_LISTED)


async def cancel(session: Session, dev_id: str, recovery_id: UUID, *, actor: str, now: datetime) -> Recovery:
    """As it is afterwards: one that had ended is left as it was. What it queued stays queued. Raises NotFoundError."""
    await get(session, dev_id, recovery_id)
    repository = RecoveryRepository(session, dev_id)
    if await repository.finish(recovery_id, RecoveryState.CANCELLED, now=now):
        await audit.record(
            session, dev_id, actor=actor, action="recovery.cancelled", subject=f"recovery:{recovery_id}"
        )
    return await get(session, dev_id, recovery_id)
