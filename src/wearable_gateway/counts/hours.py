"""The worker's count of what happened, an hour or a part of one at a time; whichever worker comes first does it."""

from datetime import datetime, timedelta

from wearable_gateway.counts.models import AUTH_FAILED, EVERYBODY, Mark, Subject
from wearable_gateway.counts.spans import Span, hour_of, next_span
from wearable_gateway.db.session import Database, Session
from wearable_gateway.kit.ids import first_uuid7

KEPT_FOR = timedelta(days=31)
_AT_ONCE = 5000

# Found by a BRIN index on the ids, which stand in the table in nearly their own order.
_COUNTS = {
    Subject.EVENTS: f"""
INSERT INTO hourly_counts (dev_id, subject, hour, key, number)
SELECT dev_id, $3, $4, CASE WHEN type = 'auth' AND user_id IS NULL THEN '{AUTH_FAILED}' ELSE type END AS kind, count(*)
FROM events WHERE id >= $1 AND id < $2 GROUP BY dev_id, kind
""",
    Subject.ATTEMPTS: """
INSERT INTO hourly_counts (dev_id, subject, hour, key, number)
SELECT dev_id, $3, $4, outcome, count(*) FROM attempts WHERE id >= $1 AND id < $2 GROUP BY dev_id, outcome
""",
}
_ADDED = (
    " ON CONFLICT (dev_id, subject, hour, key) DO UPDATE SET number = hourly_counts.number + excluded.number"
)
_REPLACED = " ON CONFLICT (dev_id, subject, hour, key) DO UPDATE SET number = excluded.number"
_SUM = f"""
INSERT INTO hourly_counts (dev_id, subject, hour, key, number)
SELECT '{EVERYBODY}', subject, hour, key, sum(number) FROM hourly_counts
WHERE subject = $1 AND hour = $2 AND dev_id <> '{EVERYBODY}' GROUP BY subject, hour, key
ON CONFLICT (dev_id, subject, hour, key) DO UPDATE SET number = excluded.number
"""
_FORGET = """
DELETE FROM hourly_counts WHERE (dev_id, subject, hour, key) IN (
  SELECT dev_id, subject, hour, key FROM hourly_counts WHERE hour < $1 LIMIT $2
)
"""


async def count_next(db: Database, *, now: datetime) -> bool:
    """One span of each subject; whether there may be more to count at once."""
    return any([await _count(db, subject, now) for subject in Subject])


async def _count(db: Database, subject: Subject, now: datetime) -> bool:
    async with db.transaction() as session:
        mark = await _held(session, subject, now)
        span = next_span(mark, now) if mark else None
        if mark is None or span is None:
            return False
        if statement := _COUNTS.get(subject):
            await session.execute(
                statement + (_REPLACED if span.settles else _ADDED),
                first_uuid7(span.start), first_uuid7(span.end), subject.value, span.hour,
            )  # fmt: skip
        await session.execute(_SUM, subject.value, span.hour)
        after = span.mark_after(mark)
        await session.execute(
            "UPDATE count_marks SET counted_to = $2, settled_to = $3 WHERE subject = $1",
            subject.value, after.counted_to, after.settled_to,
        )  # fmt: skip
    return _is_behind(span)


def _is_behind(span: Span) -> bool:
    return span.settles or span.end == hour_of(span.end)


async def _held(session: Session, subject: Subject, now: datetime) -> Mark | None:
    """Until the transaction ends nobody else counts it. None: somebody does, or there is nothing to count yet."""
    row = await session.fetchrow(
        "SELECT counted_to, settled_to FROM count_marks WHERE subject = $1 FOR UPDATE SKIP LOCKED",
        subject.value,
    )
    if row is None and await _begin(session, subject, now):
        return await _held(session, subject, now)
    return Mark(**row) if row else None


async def _begin(session: Session, subject: Subject, now: datetime) -> bool:
    """Make the mark, at the first developer's beginning or as long ago as is kept. False when it is there."""
    first = await session.fetchval("SELECT min(created_at) FROM developers WHERE dev_id IS NOT NULL")
    if first is None:
        return False
    start = max(hour_of(first), hour_of(now - KEPT_FOR))
    made = await session.execute(
        "INSERT INTO count_marks (subject, counted_to, settled_to, due_at) VALUES ($1, $2, $2, $3)"
        " ON CONFLICT DO NOTHING",
        subject.value, start, now,
    )  # fmt: skip
    return made > 0


async def forget(session: Session, *, now: datetime) -> bool:
    """Some of what is older than anybody may ask for; whether there may be more."""
    return await session.execute(_FORGET, now - KEPT_FOR, _AT_ONCE) == _AT_ONCE
