"""How did it end? Results are written many at a time, and only by the owner of the bucket they belong to."""

from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from wearable_gateway.db.session import Session
from wearable_gateway.deliveries.models import Delivery
from wearable_gateway.deliveries.outcomes import Delivered, Gone, Outcome, Unreachable, outcome_name
from wearable_gateway.kit.ids import uuid7

_KEYS = "unnest($1::text[], $2::uuid[], $3::uuid[])"
_SAME_ROW = "d.dev_id = u.dev_id AND d.event_id = u.event_id AND d.destination_id = u.destination_id"

_DELETE = f"DELETE FROM deliveries d USING {_KEYS} AS u (dev_id, event_id, destination_id) WHERE {_SAME_ROW}"
_EXHAUST = f"""
UPDATE deliveries d SET state = 'exhausted', attempts = u.attempts
FROM unnest($1::text[], $2::uuid[], $3::uuid[], $4::int[]) AS u (dev_id, event_id, destination_id, attempts)
WHERE {_SAME_ROW}
"""
_RETRY = f"""
UPDATE deliveries d SET attempts = u.attempts, next_at = u.next_at
FROM unnest($1::text[], $2::uuid[], $3::uuid[], $4::int[], $5::timestamptz[])
  AS u (dev_id, event_id, destination_id, attempts, next_at)
WHERE {_SAME_ROW}
"""
_INSERT_ATTEMPTS = """
INSERT INTO attempts (
  dev_id, id, event_id, destination_id, number, at, outcome, status, duration_ms, detail, response_excerpt
)
SELECT * FROM unnest(
  $1::text[], $2::uuid[], $3::uuid[], $4::uuid[], $5::int[], $6::timestamptz[],
  $7::text[], $8::int[], $9::int[], $10::text[], $11::text[]
)
"""


@dataclass(frozen=True, slots=True)
class Result:
    """One attempt. `next_at` is None when there will be no other."""

    delivery: Delivery
    outcome: Outcome
    at: datetime
    duration_ms: int
    next_at: datetime | None

    @property
    def number(self) -> int:
        return self.delivery.attempts + 1


async def record(session: Session, owner: str, results: Sequence[Result]) -> Collection[Delivery]:
    """In one transaction. What `owner` no longer has the lease for is left out, and returned: others send it again."""
    deliveries = {result.delivery for result in results}
    current = await _fence(session, owner, deliveries)
    results = [result for result in results if result.delivery in current]
    if results:
        await _record(session, results)
    return deliveries - current


async def _record(session: Session, results: Sequence[Result]) -> None:
    await _record_success(session, [result for result in results if isinstance(result.outcome, Delivered)])
    failed = [result for result in results if not isinstance(result.outcome, Delivered)]
    await _record_retry(session, [result for result in failed if result.next_at is not None])
    await _record_exhausted(session, [result for result in failed if result.next_at is None])
    await _insert_attempts(session, results)


async def put_away(
    session: Session, owner: str, *, disabled: Sequence[Delivery], orphans: Sequence[Delivery]
) -> int:
    """What is due and will not be sent: to disabled destinations, and to those that are no more. How many it was."""
    current = await _fence(session, owner, [*disabled, *orphans])
    await _delete(session, [delivery for delivery in orphans if delivery in current])
    kept = [delivery for delivery in disabled if delivery in current]
    if kept:
        await session.execute(_EXHAUST, *_columns(kept), [delivery.attempts for delivery in kept])
    return len(current)


async def _fence(session: Session, owner: str, deliveries: Collection[Delivery]) -> AbstractSet[Delivery]:
    """The deliveries whose bucket `owner` still has, in the epoch they were read with; locked until the commit."""
    rows = await session.fetch(
        "SELECT bucket, epoch FROM bucket_leases WHERE owner = $1 AND bucket = ANY ($2) FOR SHARE",
        owner, list({delivery.bucket for delivery in deliveries}),
    )  # fmt: skip
    leases = {(row["bucket"], row["epoch"]) for row in rows}
    return {delivery for delivery in deliveries if (delivery.bucket, delivery.epoch) in leases}


def _columns(deliveries: Sequence[Delivery]) -> tuple[list[object], list[object], list[object]]:
    return (
        [delivery.dev_id for delivery in deliveries],
        [delivery.event_id for delivery in deliveries],
        [delivery.destination_id for delivery in deliveries],
    )


async def _delete(session: Session, deliveries: Sequence[Delivery]) -> None:
    if deliveries:
        await session.execute(_DELETE, *_columns(deliveries))


async def _record_success(session: Session, results: Sequence[Result]) -> None:
    await _delete(session, [result.delivery for result in results])


async def _record_retry(session: Session, results: Sequence[Result]) -> None:
    if results:
        await session.execute(
            _RETRY,
            *_columns([result.delivery for result in results]),
            [result.number for result in results],
            [result.next_at for result in results],
        )


async def _record_exhausted(session: Session, results: Sequence[Result]) -> None:
    if not results:
        return
    await session.execute(
        _EXHAUST,
        *_columns([result.delivery for result in results]),
        [result.number for result in results],
    )
    for dev_id, destination_id in _gone(results):
        await session.execute(
            "UPDATE destinations SET state = 'disabled', state_reason = 'it answered 410 Gone'"
            " WHERE dev_id = $1 AND id = $2",
            dev_id, destination_id,
        )  # fmt: skip


def _gone(results: Sequence[Result]) -> Sequence[tuple[str, object]]:
    """The destinations that want nothing any more, sorted, as everybody locks them."""
    gone = (result.delivery for result in results if isinstance(result.outcome, Gone))
    return sorted({(delivery.dev_id, delivery.destination_id) for delivery in gone})


async def _insert_attempts(session: Session, results: Sequence[Result]) -> None:
    dev_ids, event_ids, destination_ids = _columns([result.delivery for result in results])
    outcomes = [result.outcome for result in results]
    await session.execute(
        _INSERT_ATTEMPTS,
        dev_ids, [uuid7() for _ in results], event_ids, destination_ids,
        [result.number for result in results],
        [result.at for result in results],
        [outcome_name(outcome) for outcome in outcomes],
        [None if isinstance(outcome, Unreachable) else outcome.status for outcome in outcomes],
        [result.duration_ms for result in results],
        [_detail(outcome) for outcome in outcomes],
        [None if isinstance(outcome, Unreachable) else outcome.excerpt for outcome in outcomes],
    )  # fmt: skip


def _detail(outcome: Outcome) -> str | None:
    return f"{outcome.reason.value}: {outcome.detail}" if isinstance(outcome, Unreachable) else None
