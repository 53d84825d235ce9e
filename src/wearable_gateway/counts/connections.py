"""How many connections there are: counted anew now and then, because a count kept by every change of one would be a
row for which all changes of a developer's connections wait.
"""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from wearable_gateway.counts.models import EVERYBODY
from wearable_gateway.db.session import Database, Row, Session

SUBJECT = "connections"
SHORTEST_PAUSE = timedelta(seconds=10)
PAUSE_PER_DURATION = 20
"""So a count, which reads the whole table, never takes more than a twentieth of the time."""

_CHANGED = f"""
SELECT coalesce(f.dev_id, k.dev_id) AS dev_id, coalesce(f.provider, k.provider) AS provider,
       coalesce(f.state, k.state) AS state, coalesce(f.number, 0) AS number, coalesce(f.troubled, 0) AS troubled
FROM (
  SELECT dev_id, provider, state, count(*) AS number,
         count(*) FILTER (WHERE last_error IS NOT NULL AND state = 'active') AS troubled
  FROM connections GROUP BY dev_id, provider, state
) AS f
FULL JOIN (SELECT * FROM connection_counts WHERE dev_id <> '{EVERYBODY}') AS k
  ON k.dev_id = f.dev_id AND k.provider = f.provider AND k.state = f.state
WHERE coalesce(f.number, 0) <> coalesce(k.number, 0) OR coalesce(f.troubled, 0) <> coalesce(k.troubled, 0)
"""
_WRITE = """
INSERT INTO connection_counts (dev_id, provider, state, number, troubled)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[])
ON CONFLICT (dev_id, provider, state) DO UPDATE SET number = excluded.number, troubled = excluded.troubled
"""
_SUM = f"""
INSERT INTO connection_counts (dev_id, provider, state, number, troubled)
SELECT '{EVERYBODY}', provider, state, sum(number), sum(troubled) FROM connection_counts
WHERE dev_id <> '{EVERYBODY}' GROUP BY provider, state
ON CONFLICT (dev_id, provider, state) DO UPDATE SET number = excluded.number, troubled = excluded.troubled
"""


async def count_connections(db: Database, *, now: datetime) -> bool:
    """Unless another worker does, or did a moment ago. Whether there is more to count at once: never."""
    async with db.transaction() as session:
        if not await _is_due(session, now):
            return False
        started = time.monotonic()
        changed = await session.fetch(_CHANGED)
        if changed:
            await session.execute(_WRITE, *_columns(changed))
            await session.execute(_SUM)
        took = timedelta(seconds=time.monotonic() - started)
        await session.execute(
            "UPDATE count_marks SET counted_to = $2, settled_to = $2, due_at = $3 WHERE subject = $1",
            SUBJECT, now, now + max(SHORTEST_PAUSE, PAUSE_PER_DURATION * took),
        )  # fmt: skip
    return False


def _columns(rows: Sequence[Row]) -> list[list[object]]:
    return [[row[name] for row in rows] for name in ("dev_id", "provider", "state", "number", "troubled")]


async def _is_due(session: Session, now: datetime) -> bool:
    """Whether it is for this worker to count; nobody else does until the transaction ends."""
    made = await session.execute(
        "INSERT INTO count_marks (subject, counted_to, settled_to, due_at) VALUES ($1, $2, $2, $2)"
        " ON CONFLICT DO NOTHING",
        SUBJECT, now,
    )  # fmt: skip
    if made:
        return True
    row = await session.fetchrow(
        "SELECT due_at FROM count_marks WHERE subject = $1 FOR UPDATE SKIP LOCKED", SUBJECT
    )
    return row is not None and row["due_at"] <= now
