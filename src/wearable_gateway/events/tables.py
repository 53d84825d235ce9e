"""Destinations, events and the queue of deliveries."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from wearable_gateway.db.base import developer_table, id_column, moment

destinations = developer_table(
    "destinations",
    id_column(),
    # Without a url nothing is sent there: its events are fetched.
    Column("url", Text),
    Column("description", Text),
    Column("event_types", ARRAY(Text)),
    Column("signing_secret", LargeBinary, nullable=False),
    # Secrets that still sign beside it: [{"sealed": base64, "until": ISO 8601}].
    Column("old_secrets", JSONB, nullable=False),
    Column("bucket", SmallInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("state_reason", Text),
    Column("retry_schedule", Text, nullable=False),
    Column("rate_limit", Integer),
    Column("concurrency", Integer),
    # What follows is written by the worker that has the bucket; see `deliveries.health` and `deliveries.waiting`.
    Column("failing_since", DateTime(timezone=True)),
    Column("parked_until", DateTime(timezone=True)),
    Column("parkings", Integer, nullable=False),
    Column("waiting_mark", BigInteger),
    Column("feed_position", BigInteger, nullable=False),
    moment("created_at"),
    moment("updated_at"),
)
Index(
    "ix_destinations_waiting",
    destinations.c.bucket,
    postgresql_where=destinations.c.waiting_mark.is_not(None),
)

# Days are partitions, by the time in the id: forgetting a day is dropping a table (docs/adr/0017).
events = developer_table(
    "events",
    id_column(),
    Column("type", Text, nullable=False),
    Column("user_id", Uuid),
    Column("reference", Uuid, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("chunk", Integer),
    # The destination it was made for; None: for all that want its type.
    Column("only_for", Uuid),
    moment("created_at"),
    postgresql_partition_by="RANGE (id)",
)
# What happened in a part of the time, whoever it was; the rows stand in nearly the order of their ids.
Index("ix_events_id", events.c.id, postgresql_using="brin", postgresql_with={"autosummarize": "on"})
Index(
    "ix_events_user_id",
    events.c.dev_id,
    events.c.user_id,
    events.c.id,
    postgresql_where=events.c.user_id.is_not(None),
)

deliveries = developer_table(
    "deliveries",
    Column("destination_id", Uuid, primary_key=True),
    Column("event_id", Uuid, primary_key=True),
    Column("bucket", SmallInteger, nullable=False),
    # due: to be sent at `next_at` · waiting: its destination takes no more for now · exhausted: given up
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    # Of these, those before somebody had it sent again: the schedule of retries began anew then.
    Column("tried_before", Integer, nullable=False, server_default="0"),
    moment("next_at"),
    # Rows are short-lived and rewritten at each retry; room on the page keeps that cheap.
    postgresql_with={
        "fillfactor": "70",
        "autovacuum_vacuum_scale_factor": "0.02",
        "autovacuum_vacuum_cost_delay": "0",
    },
)
Index(
    "ix_deliveries_due",
    deliveries.c.bucket,
    deliveries.c.next_at,
    deliveries.c.event_id,
    postgresql_where=deliveries.c.state == "due",
)
Index(
    "ix_deliveries_aside",
    deliveries.c.dev_id,
    deliveries.c.destination_id,
    deliveries.c.state,
    deliveries.c.event_id,
    postgresql_where=deliveries.c.state != "due",
)
