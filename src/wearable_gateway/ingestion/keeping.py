"""A connection is given what was fetched: stored as its developer wishes, compared with what was told before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from wearable_gateway.connections.models import Connection
from wearable_gateway.connections.records import Kept, RecordRepository
from wearable_gateway.db.session import Session
from wearable_gateway.developers.keys import find_developer
from wearable_gateway.developers.settings import DeveloperSettings
from wearable_gateway.observability import metrics
from wearable_gateway.providers import PROVIDERS
from wearable_gateway.unified.moments import latest_moment
from wearable_gateway.unified.records import DataType, Record

_NOTE = """
UPDATE connections SET last_polled_at = greatest(last_polled_at, $3),
  most_recent_data_at = greatest(most_recent_data_at, $4), last_event_at = coalesce($5, last_event_at)
WHERE dev_id = $1 AND id = $2
"""


@dataclass(frozen=True, slots=True)
class Fetched:
    """When a vendor was asked, and the how-manieth time it was for this grant."""

    number: int
    at: datetime


def keep_since(history_days: int | None, *, today: date) -> date:
    """The first day whose records are kept whole."""
    if history_days is None:
        return date.min
    return today - timedelta(days=history_days - 1) if history_days else date.max


def entitled(
    connection: Connection, found: Mapping[DataType, Sequence[Record]]
) -> dict[DataType, list[Record]]:
    """What of `found` the end user agreed to share with this connection's developer."""
    provider = PROVIDERS[connection.provider]
    return {
        kind: [one for record in records if (one := provider.limited_to(record, connection.scopes))]
        for kind, records in found.items()
        if provider.allows(kind, connection.scopes)
    }


async def settings_of(session: Session, dev_id: str) -> DeveloperSettings:
    return DeveloperSettings.of((await find_developer(session, dev_id)).settings)


async def keep(
    session: Session,
    connection: Connection,
    kind: DataType,
    records: Sequence[Record],
    *,
    settings: DeveloperSettings,
    fetched: Fetched,
    now: datetime,
    tell_all: bool = False,
) -> Kept:
    """Store `records` of a connection that the caller has locked; see RecordRepository.store."""
    repository = RecordRepository(session, connection.dev_id)
    kept = await repository.store(
        connection.id,
        kind,
        records,
        fetch=fetched.number,
        keep_since=keep_since(settings.history_days, today=now.date()),
        now=now,
        tell_all=tell_all,
    )
    news = len(kept.changed)
    metrics.records.labels(connection.provider, kind, "news").inc(news)
    metrics.records.labels(connection.provider, kind, "known").inc(len(kept.all) - news)
    return kept


async def note(
    session: Session,
    connection: Connection,
    records: Sequence[Record],
    *,
    fetched: Fetched,
    told_at: datetime | None,
) -> None:
    """When the connection's data was asked for, until when it reaches, and when its developer last heard of it."""
    moments = [moment for record in records if (moment := latest_moment(record.body)) is not None]
    newest = min(max(moments), fetched.at) if moments else None
    await session.execute(_NOTE, connection.dev_id, connection.id, fetched.at, newest, told_at)
