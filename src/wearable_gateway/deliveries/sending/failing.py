"""What follows when a destination goes on failing, or stops doing so? Written with the results that show it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from wearable_gateway.db.session import Session
from wearable_gateway.db.wakeups import DELIVERIES
from wearable_gateway.deliveries.health import WORTH_TELLING, Health
from wearable_gateway.deliveries.models import Delivery
from wearable_gateway.deliveries.outcomes import Outcome, in_words
from wearable_gateway.developers.settings import DeveloperSettings
from wearable_gateway.events import destination_events, outbox

_SHORTEST_PATIENCE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class HealthChange:
    """A destination was parked, parked again, or takes deliveries again; `words` tell the last failure."""

    dev_id: str
    destination_id: UUID
    bucket: int
    epoch: int
    before: Health
    health: Health
    words: str


async def write_changes(session: Session, changes: Sequence[HealthChange], *, now: datetime) -> set[UUID]:
    """Keep how destinations fare, tell their developers, disable those that failed too long; which those are."""
    newest = {(change.dev_id, change.destination_id): change for change in changes}
    disabled = set()
    for (dev_id, destination_id), change in sorted(newest.items(), key=lambda one: one[0]):
        await _write(session, change)
        if not change.health.is_parked:
            await _tell_recovered(session, change, now=now)
        elif await _patience_is_over(session, change, now=now):
            days = change.health.has_failed_for(now).days
            reason = f"it failed for {days} {'day' if days == 1 else 'days'}; last: {change.words}"
            await disable(session, dev_id, destination_id, reason, now=now)
            disabled.add(destination_id)
    return disabled


async def _write(session: Session, change: HealthChange) -> None:
    health = change.health
    await session.execute(
        "UPDATE destinations SET failing_since = $3, parked_until = $4, parkings = $5 WHERE dev_id = $1 AND id = $2",
        change.dev_id, change.destination_id,
        health.failing_since if health.is_parked else None, health.parked_until, health.parkings,
    )  # fmt: skip


async def _tell_recovered(session: Session, change: HealthChange, *, now: datetime) -> None:
    if change.before.failing_since and change.before.has_failed_for(now) >= WORTH_TELLING:
        event = destination_events.recovered(
            change.dev_id,
            await _shown(session, change.dev_id, change.destination_id),
            change.before.failing_since,
        )
        await outbox.record(session, [event], now=now)


async def _patience_is_over(session: Session, change: HealthChange, *, now: datetime) -> bool:
    failed_for = change.health.has_failed_for(now)
    if failed_for < _SHORTEST_PATIENCE:
        return False
    stored = await session.fetchval("SELECT settings FROM developers WHERE dev_id = $1", change.dev_id)
    days = DeveloperSettings.of(stored or {}).disable_failing_destinations_after_days
    return days is not None and failed_for >= timedelta(days=days)


async def disable(session: Session, dev_id: str, destination_id: UUID, reason: str, *, now: datetime) -> None:
    """The gateway gives the destination up; its developer hears of it where they still hear anything."""
    changed = await session.execute(
        "UPDATE destinations SET state = 'disabled', state_reason = $3, updated_at = $4"
        " WHERE dev_id = $1 AND id = $2 AND state <> 'disabled'",
        dev_id, destination_id, reason, now,
    )  # fmt: skip
    if changed:
        shown = await _shown(session, dev_id, destination_id)
        event = destination_events.disabled(dev_id, shown, reason)
        await outbox.record_elsewhere(session, [event], destination_id, now=now)
        session.wake(DELIVERIES)


async def tell_exhausted(
    session: Session, given_up: Sequence[tuple[Delivery, str, Outcome]], *, now: datetime
) -> None:
    """One event for each destination. Events about deliveries are left out, or they would tell of each other for ever."""
    found: dict[tuple[str, UUID], list[tuple[Delivery, str, Outcome]]] = defaultdict(list)
    for delivery, kind, outcome in given_up:
        if not destination_events.is_operational(kind):
            found[delivery.dev_id, delivery.destination_id].append((delivery, kind, outcome))
    for (dev_id, destination_id), deliveries in sorted(found.items(), key=lambda one: one[0]):
        lost = [
            destination_events.Lost(delivery.event_id, kind, delivery.attempts, in_words(outcome))
            for delivery, kind, outcome in deliveries
        ]
        event = destination_events.exhausted(dev_id, await _shown(session, dev_id, destination_id), lost)
        await outbox.record_elsewhere(session, [event], destination_id, now=now)


async def _shown(session: Session, dev_id: str, destination_id: UUID) -> destination_events.Destination:
    row = await session.fetchrow(
        "SELECT url, description FROM destinations WHERE dev_id = $1 AND id = $2", dev_id, destination_id
    )
    return {
        "destination_id": str(destination_id),
        "url": row["url"] if row else None,
        "description": row["description"] if row else None,
    }
