"""An hourly sign of life to every developer who wants it, with how much was sent."""

from datetime import datetime, timedelta

from wearable_gateway.db.session import Database, Session
from wearable_gateway.developers.settings import DeveloperSettings
from wearable_gateway.events import catalog, outbox
from wearable_gateway.kit.ids import first_uuid7

EVERY = timedelta(hours=1)
_AT_ONCE = 50


async def send_due(db: Database, *, now: datetime) -> bool:
    """Tell those whose hour is over; whether there may be more. An hour nobody worked in is left out."""
    rows = await db.autocommit.fetch(
        "SELECT dev_id FROM developers WHERE healthcheck_at <= $1 ORDER BY healthcheck_at LIMIT $2",
        now,
        _AT_ONCE,
    )
    for row in rows:
        async with db.transaction() as session:
            await _send(session, row["dev_id"], now=now)
    return len(rows) == _AT_ONCE


async def _send(session: Session, dev_id: str, *, now: datetime) -> None:
    due = await session.fetchrow(
        "UPDATE developers SET healthcheck_at = $3 WHERE dev_id = $1 AND healthcheck_at <= $2 RETURNING settings",
        dev_id, now, now + EVERY,
    )  # fmt: skip
    if due is None or not DeveloperSettings.of(due["settings"]).healthcheck:
        return
    sent = await _delivered(session, dev_id, now - EVERY, now)
    before = await _delivered(session, dev_id, now - 2 * EVERY, now - EVERY)
    event = catalog.healthcheck(dev_id, at=now, sent_last_hour=sent, trend_percentage=trend(sent, before))
    await outbox.record(session, [event], now=now)


def trend(sent: int, before: int) -> int:
    """By how many percent more was sent than in the hour before; 0 when there was nothing to compare with."""
    return round(100 * (sent - before) / before) if before else 0


async def _delivered(session: Session, dev_id: str, start: datetime, end: datetime) -> int:
    """Of the events of that time, which are few beside all whose attempts stand in the same day; until its end."""
    count: int = await session.fetchval(
        "SELECT count(*) FROM attempts WHERE dev_id = $1"
        " AND destination_id = ANY (ARRAY(SELECT id FROM destinations WHERE dev_id = $1))"
        " AND event_id >= $2 AND event_id < $3 AND id >= $2 AND id < $3 AND outcome = 'delivered'",
        dev_id, first_uuid7(start), first_uuid7(end),
    )  # fmt: skip
    return count
