"""How did it end? Results are written many at a time, and only by the owner of the bucket they belong to."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from wearable_gateway.counts.adding import add
from wearable_gateway.counts.models import Subject
from wearable_gateway.db.session import Session
from wearable_gateway.deliveries.models import Delivery
from wearable_gateway.deliveries.outcomes import (
    Available,
    Gone,
    Outcome,
    detail_of,
    excerpt_of,
    outcome_name,
    status_of,
    succeeded,
)
from wearable_gateway.deliveries.sending.failing import HealthChange, disable, tell_exhausted, write_changes
from wearable_gateway.deliveries.sending.fencing import still_held
from wearable_gateway.kit.ids import uuid7

_KEYS = "unnest($1::text[], $2::uuid[], $3::uuid[])"
_SAME_ROW = "d.dev_id = u.dev_id AND d.destination_id = u.destination_id AND d.event_id = u.event_id"

_DELETE = f"DELETE FROM deliveries d USING {_KEYS} AS u (dev_id, event_id, destination_id) WHERE {_SAME_ROW}"
_SET = f"""
UPDATE deliveries d SET state = u.state, attempts = u.attempts, next_at = u.next_at
FROM unnest($1::text[], $2::uuid[], $3::uuid[], $4::text[], $5::int[], $6::timestamptz[])
  AS u (dev_id, event_id, destination_id, state, attempts, next_at)
WHERE {_SAME_ROW}
"""
_INSERT_ATTEMPTS = """
INSERT INTO attempts (
  dev_id, id, event_id, destination_id, number, at, outcome, status, duration_ms, detail, response_excerpt, position
)
SELECT * FROM unnest(
  $1::text[], $2::uuid[], $3::uuid[], $4::uuid[], $5::int[], $6::timestamptz[],
  $7::text[], $8::int[], $9::int[], $10::text[], $11::text[], $12::bigint[]
)
"""


@dataclass(frozen=True, slots=True)
class Result:
    """One attempt. `next_at` is None when there will be no other."""

    delivery: Delivery
    event_type: str
    outcome: Outcome
    at: datetime
    duration_ms: int
    next_at: datetime | None

    @property
    def number(self) -> int:
        return self.delivery.attempts + 1


@dataclass(slots=True)
class Recorded:
    """What was no longer this worker's to record, and the destinations that are disabled from now on."""

    lost: set[Delivery] = field(default_factory=set)
    disabled: set[UUID] = field(default_factory=set)


async def record(
    session: Session, owner: str, results: Sequence[Result], changes: Sequence[HealthChange], *, now: datetime
) -> Recorded:
    """In one transaction. What `owner` no longer has the lease for is left out: others send it again."""
    leases = {(one.delivery.bucket, one.delivery.epoch) for one in results}
    held = await still_held(session, owner, leases | {(one.bucket, one.epoch) for one in changes})
    recorded = Recorded(
        lost={one.delivery for one in results if (one.delivery.bucket, one.delivery.epoch) not in held}
    )
    kept = [one for one in results if one.delivery not in recorded.lost]
    if kept:
        await _record(session, kept)
        await tell_exhausted(session, _given_up(kept), now=now)
        for (dev_id, destination_id), outcome in sorted(_gone(kept).items()):
            await disable(session, dev_id, destination_id, f"it answered {outcome.status} Gone", now=now)
            recorded.disabled.add(destination_id)
    written = [one for one in changes if (one.bucket, one.epoch) in held]
    recorded.disabled |= await write_changes(session, written, now=now)
    given_up = Counter(delivery.dev_id for delivery, _, _ in _given_up(kept))
    await add(session, Subject.GIVEN_UP, given_up, now=now)
    return recorded


async def _record(session: Session, results: Sequence[Result]) -> None:
    done = [result.delivery for result in results if succeeded(result.outcome)]
    if done:
        await session.execute(_DELETE, *_columns(done))
    failed = [result for result in results if not succeeded(result.outcome)]
    if failed:
        await session.execute(
            _SET,
            *_columns([result.delivery for result in failed]),
            ["exhausted" if result.next_at is None else "due" for result in failed],
            [result.number for result in failed],
            [result.next_at or result.at for result in failed],
        )
    await _insert_attempts(session, results, await _positions(session, results))


def _given_up(results: Sequence[Result]) -> Sequence[tuple[Delivery, str, Outcome]]:
    return [
        (_after(result), result.event_type, result.outcome)
        for result in results
        if result.next_at is None and not succeeded(result.outcome)
    ]


def _after(result: Result) -> Delivery:
    """The delivery as it is after this attempt."""
    delivery = result.delivery
    return Delivery(
        delivery.dev_id,
        delivery.event_id,
        delivery.destination_id,
        delivery.bucket,
        result.number,
        delivery.epoch,
    )


def _gone(results: Sequence[Result]) -> Mapping[tuple[str, UUID], Gone]:
    """The destinations that want nothing any more."""
    return {
        (result.delivery.dev_id, result.delivery.destination_id): result.outcome
        for result in results
        if isinstance(result.outcome, Gone)
    }


async def _positions(session: Session, results: Sequence[Result]) -> Sequence[int | None]:
    """The places in their feeds. The row of the destination is locked, so that they are committed in their order."""
    counts: dict[tuple[str, UUID], int] = {}
    for result in results:
        if isinstance(result.outcome, Available):
            key = result.delivery.dev_id, result.delivery.destination_id
            counts[key] = counts.get(key, 0) + 1
    nexts = {}
    for (dev_id, destination_id), count in sorted(counts.items()):
        reached = await session.fetchval(
            "UPDATE destinations SET feed_position = feed_position + $3 WHERE dev_id = $1 AND id = $2"
            " RETURNING feed_position",
            dev_id, destination_id, count,
        )  # fmt: skip
        # A destination that was deleted meanwhile has no feed any more.
        nexts[dev_id, destination_id] = iter(range(reached - count + 1, reached + 1) if reached else ())
    return [
        next(nexts[result.delivery.dev_id, result.delivery.destination_id], None)
        if isinstance(result.outcome, Available)
        else None
        for result in results
    ]


def _columns(deliveries: Sequence[Delivery]) -> tuple[list[object], list[object], list[object]]:
    return (
        [delivery.dev_id for delivery in deliveries],
        [delivery.event_id for delivery in deliveries],
        [delivery.destination_id for delivery in deliveries],
    )


async def _insert_attempts(
    session: Session, results: Sequence[Result], positions: Sequence[int | None]
) -> None:
    dev_ids, event_ids, destination_ids = _columns([result.delivery for result in results])
    outcomes = [result.outcome for result in results]
    await session.execute(
        _INSERT_ATTEMPTS,
        dev_ids, [uuid7() for _ in results], event_ids, destination_ids,
        [result.number for result in results],
        [result.at for result in results],
        [outcome_name(outcome) for outcome in outcomes],
        [status_of(outcome) for outcome in outcomes],
        [result.duration_ms for result in results],
        [detail_of(outcome) for outcome in outcomes],
        [excerpt_of(outcome) for outcome in outcomes],
        positions,
    )  # fmt: skip


async def drop(session: Session, owner: str, orphans: Collection[Delivery]) -> int:
    """Take out of the queue what is for a destination that is no more, or about an event that is no longer kept."""
    held = await still_held(session, owner, {(delivery.bucket, delivery.epoch) for delivery in orphans})
    dropped = [delivery for delivery in orphans if (delivery.bucket, delivery.epoch) in held]
    if dropped:
        await session.execute(_DELETE, *_columns(dropped))
    return len(dropped)
