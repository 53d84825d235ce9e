"""Counting at the moment it happens, for what leaves nothing behind that could be counted later, and happens rarely."""

from collections.abc import Mapping
from datetime import datetime

from wearable_gateway.counts.models import Subject
from wearable_gateway.counts.spans import hour_of
from wearable_gateway.db.session import Session

_ADD = """
INSERT INTO hourly_counts (dev_id, subject, hour, key, number)
SELECT u.dev_id, $3, $4, '', u.number FROM unnest($1::text[], $2::bigint[]) AS u (dev_id, number)
ON CONFLICT (dev_id, subject, hour, key) DO UPDATE SET number = hourly_counts.number + excluded.number
"""


async def add(session: Session, subject: Subject, numbers: Mapping[str, int], *, now: datetime) -> None:
    """By developer, to what was counted in this hour. The last of a transaction: others wait for its end."""
    if numbers:
        # Sorted, so that of two that add at once neither waits for the other.
        found = sorted(numbers.items())
        await session.execute(
            _ADD,
            [dev_id for dev_id, _ in found],
            [number for _, number in found],
            subject.value,
            hour_of(now),
        )
