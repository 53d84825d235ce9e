"""Data requests, and what they have brought so far."""

from sqlalchemy import (
    ARRAY,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from wearable_gateway.db.base import developer_table, id_column, moment

# No foreign key to the connection: what became of a request can be asked after the connection is gone.
data_requests = developer_table(
    "data_requests",
    id_column(),
    Column("user_id", Uuid, nullable=False),
    Column("type", Text, nullable=False),
    Column("start_date", Date, nullable=False),
    Column("end_date", Date, nullable=False),
    Column("with_samples", Boolean, nullable=False),
    Column("is_large", Boolean, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text),
    Column("payload_ids", ARRAY(Uuid)),
    Column("claims", Integer, nullable=False),
    moment("due_at", nullable=True),
    moment("created_at"),
    moment("finished_at", nullable=True),
    CheckConstraint("state IN ('processing', 'sending', 'completed', 'failed')", name="state"),
)
Index("ix_data_requests_due_at", data_requests.c.due_at, postgresql_where=data_requests.c.due_at.is_not(None))
Index("ix_data_requests_user_id", data_requests.c.dev_id, data_requests.c.user_id, data_requests.c.id)

data_request_windows = developer_table(
    "data_request_windows",
    Column("request_id", Uuid, primary_key=True),
    Column("number", SmallInteger, primary_key=True),
    Column("start_date", Date, nullable=False),
    Column("end_date", Date, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("records", Integer, nullable=False),
    Column("reason", Text),
    moment("retrying_at", nullable=True),
    CheckConstraint("state IN ('waiting', 'done', 'failed')", name="state"),
    ForeignKeyConstraint(
        ["dev_id", "request_id"], ["data_requests.dev_id", "data_requests.id"], ondelete="CASCADE"
    ),
)

# Health data: gone with its connection.
data_request_chunks = developer_table(
    "data_request_chunks",
    Column("request_id", Uuid, primary_key=True),
    Column("window_number", SmallInteger, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("user_id", Uuid, nullable=False),
    Column("event_id", Uuid, nullable=False),
    Column("body", LargeBinary, nullable=False),
    moment("created_at"),
    ForeignKeyConstraint(
        ["dev_id", "request_id"], ["data_requests.dev_id", "data_requests.id"], ondelete="CASCADE"
    ),
    ForeignKeyConstraint(["dev_id", "user_id"], ["connections.dev_id", "connections.id"], ondelete="CASCADE"),
)
Index("ix_data_request_chunks_user_id", data_request_chunks.c.dev_id, data_request_chunks.c.user_id)

# What each connection's requests of the last hour asked for: [[minute, days], …].
day_budgets = developer_table(
    "day_budgets",
    Column("user_id", Uuid, primary_key=True),
    Column("spent", JSONB, nullable=False),
    ForeignKeyConstraint(["dev_id", "user_id"], ["connections.dev_id", "connections.id"], ondelete="CASCADE"),
)
