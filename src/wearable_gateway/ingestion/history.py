"""Health records are kept as long as their developer wants them kept."""

from datetime import datetime

from wearable_gateway.connections.records import RecordRepository
from wearable_gateway.db.session import Database
from wearable_gateway.developers.keys import list_developers
from wearable_gateway.developers.settings import DeveloperSettings
from wearable_gateway.ingestion.keeping import keep_since


async def forget_old_records(db: Database, *, now: datetime) -> bool:
    """Take away the content of records that are too old, some of each developer's; whether there may be more."""
    more = False
    for developer in await list_developers(db.autocommit):
        days = DeveloperSettings.of(developer.settings).history_days
        if days is not None:
            first = keep_since(days, today=now.date())
            more |= await RecordRepository(db.autocommit, developer.dev_id).forget_before(first) > 0
    return more
