"""Everything of an overview, from numbers that are kept and from a few short looks."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from wearable_gateway.counts import connections as connection_count
from wearable_gateway.counts.models import EVERYBODY, Subject
from wearable_gateway.counts.reading import Numbers, connection_counts, counted_to, largest, numbers
from wearable_gateway.db.session import Session
from wearable_gateway.deliveries import destinations
from wearable_gateway.deliveries.afterwards.history import TAKEN
from wearable_gateway.deliveries.models import Destination
from wearable_gateway.overview import troubles
from wearable_gateway.overview.backlog import MOST_COUNTED, due_of, due_of_all, waiting_of
from wearable_gateway.overview.models import (
    Backlog,
    Condition,
    Deliveries,
    Overview,
    Recipient,
    condition_of,
)
from wearable_gateway.overview.ranges import Parts, Range, parts_of

CHANGES = {
    "connected": "auth",
    "revoked": "access_revoked",
    "deauthenticated": "deauth",
    "replaced": "user_reauth",
}
"""How connections come and go, and the event that says so."""

_COUNTED = (*(subject.value for subject in Subject), connection_count.SUBJECT)
_ORDER = (Condition.FAILING, Condition.PAUSED, Condition.DISABLED, Condition.WORKING)


async def developer_overview(session: Session, dev_id: str, chosen: Range, *, now: datetime) -> Overview:
    """`session` need not be a transaction: every figure is right by itself."""
    parts = parts_of(chosen, now)
    found = await numbers(session, dev_id, parts.start, parts.step, parts.slots)
    recipients = await _recipients(session, dev_id, now)
    return Overview(
        range=chosen,
        parts=parts,
        as_of=await counted_to(session, _COUNTED),
        connections=await connection_counts(session, dev_id),
        changes=_changes(found, parts),
        events=found[Subject.EVENTS],
        deliveries=_deliveries(found, parts),
        backlog=_sum(one.backlog for one in recipients),
        destinations=recipients,
        connection_troubles=await troubles.connection_troubles(session, dev_id),
        app_troubles=await troubles.app_troubles(session, dev_id),
    )


async def gateway_overview(session: Session, chosen: Range, *, now: datetime) -> Overview:
    """The same over all developers. Its backlog is what is overdue, without what waits for destinations that fail."""
    parts = parts_of(chosen, now)
    found = await numbers(session, EVERYBODY, parts.start, parts.step, parts.slots)
    return Overview(
        range=chosen,
        parts=parts,
        as_of=await counted_to(session, _COUNTED),
        connections=await connection_counts(session, EVERYBODY),
        changes=_changes(found, parts),
        events=found[Subject.EVENTS],
        deliveries=_deliveries(found, parts),
        backlog=await due_of_all(session, now=now),
        destinations=await _failing(session),
        connection_troubles=(),
        app_troubles=await troubles.all_app_troubles(session),
        developers=await largest(session),
    )


def _changes(found: Numbers, parts: Parts) -> Mapping[str, Sequence[int]]:
    events = found[Subject.EVENTS]
    return {name: events.get(kind, [0] * parts.slots) for name, kind in CHANGES.items()}


def _deliveries(found: Numbers, parts: Parts) -> Deliveries:
    attempts = found[Subject.ATTEMPTS]
    return Deliveries(
        succeeded=_together((attempts.get(outcome, ()) for outcome in TAKEN), parts),
        failed=_together((each for outcome, each in attempts.items() if outcome not in TAKEN), parts),
        given_up=_together(found[Subject.GIVEN_UP].values(), parts),
    )


def _together(columns: Iterable[Sequence[int]], parts: Parts) -> list[int]:
    sums = [0] * parts.slots
    for column in columns:
        sums = [one + other for one, other in zip(sums, column or [0] * parts.slots, strict=True)]
    return sums


async def _recipients(session: Session, dev_id: str, now: datetime) -> list[Recipient]:
    own = await destinations.list_destinations(session, dev_id)
    due = await due_of(session, dev_id, [one.id for one in own], now=now)
    marked = await destinations.with_waiting(session, dev_id)
    # Together no more than one count of the whole backlog.
    most = MOST_COUNTED // max(len(marked), 1)
    found = [
        _recipient(one, due.get(one.id, Backlog()), await _waiting(session, one, marked, most)) for one in own
    ]
    return sorted(found, key=lambda one: (_ORDER.index(one.condition), one.destination.id))


def _recipient(destination: Destination, due: Backlog, waiting: Backlog) -> Recipient:
    return Recipient(destination, condition_of(destination), due + waiting)


async def _waiting(session: Session, one: Destination, marked: set[UUID], most: int) -> Backlog:
    return await waiting_of(session, one.dev_id, one.id, most=most) if one.id in marked else Backlog()


async def _failing(session: Session) -> list[Recipient]:
    found = []
    for dev_id, destination_id, _ in await troubles.failing_destinations(session):
        destination = await destinations.get(session, dev_id, destination_id)
        waiting = await waiting_of(session, dev_id, destination_id, most=MOST_COUNTED // 10)
        found.append(_recipient(destination, Backlog(), waiting))
    return found


def _sum(backlogs: Iterable[Backlog]) -> Backlog:
    return sum(backlogs, Backlog())
