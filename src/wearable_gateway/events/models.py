"""Events, where developers want them, and what is still to be delivered.

Destinations stand here and not in `deliveries`, because an event and its deliveries are written in one
transaction with what caused them (docs/adr/0004); `deliveries` sends them.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Column, Index, Integer, LargeBinary, SmallInteger, Text, Uuid

from wearable_gateway.db.base import developer_table, id_column, moment

BUCKETS = 64

destinations = developer_table(
    "destinations",
    id_column(),
    Column("url", Text, nullable=False),
    Column("event_types", ARRAY(Text)),
    Column("signing_secret", LargeBinary, nullable=False),
    Column("bucket", SmallInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("state_reason", Text),
    moment("created_at"),
)

events = developer_table(
    "events",
    id_column(),
    Column("type", Text, nullable=False),
    Column("user_id", Uuid),
    Column("reference", Uuid, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("chunk", Integer),
    moment("created_at"),
)

deliveries = developer_table(
    "deliveries",
    Column("event_id", Uuid, primary_key=True),
    Column("destination_id", Uuid, primary_key=True),
    Column("bucket", SmallInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    moment("next_at"),
    # Rows are short-lived and rewritten at each retry; room on the page keeps that cheap.
    postgresql_with={"fillfactor": "70", "autovacuum_vacuum_scale_factor": "0.02"},
)
Index(
    "ix_deliveries_due",
    deliveries.c.bucket,
    deliveries.c.next_at,
    deliveries.c.event_id,
    postgresql_where=deliveries.c.state == "due",
)


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event about to be recorded; `body` is what will be sent, to the byte.

    `at` is when what it says was so, if that is not the moment of recording.
    """

    dev_id: str
    id: UUID
    type: str
    user_id: UUID | None
    reference: UUID
    body: bytes
    at: datetime | None = None
