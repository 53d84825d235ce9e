"""The log of attempts, who works on what, and recoveries."""

from sqlalchemy import ARRAY, BigInteger, Column, Index, Integer, SmallInteger, Text, Uuid

from wearable_gateway.db.base import developer_table, id_column, moment, shared_table

# Found by delivery; days are partitions, as those of events.
attempts = developer_table(
    "attempts",
    Column("destination_id", Uuid, primary_key=True),
    Column("event_id", Uuid, primary_key=True),
    id_column(),
    Column("number", Integer, nullable=False),
    moment("at"),
    Column("outcome", Text, nullable=False),
    Column("status", Integer),
    Column("duration_ms", Integer, nullable=False),
    Column("detail", Text),
    Column("response_excerpt", Text),
    # The place in the feed of a destination whose events are fetched.
    Column("position", BigInteger),
    postgresql_partition_by="RANGE (id)",
)
# As that of events.
Index("ix_attempts_id", attempts.c.id, postgresql_using="brin", postgresql_with={"autosummarize": "on"})
Index(
    "ix_attempts_position",
    attempts.c.dev_id,
    attempts.c.destination_id,
    attempts.c.position,
    postgresql_where=attempts.c.position.is_not(None),
)

recoveries = developer_table(
    "recoveries",
    id_column(),
    Column("destination_id", Uuid, nullable=False),
    Column("only", Text, nullable=False),
    Column("event_types", ARRAY(Text)),
    moment("since"),
    moment("until"),
    Column("state", Text, nullable=False),
    Column("reason", Text),
    # The last event that was looked at.
    Column("reached", Uuid, nullable=False),
    Column("examined", Integer, nullable=False),
    Column("queued", Integer, nullable=False),
    Column("claims", Integer, nullable=False),
    moment("due_at", nullable=True),
    moment("created_at"),
    moment("finished_at", nullable=True),
)
Index("ix_recoveries_due_at", recoveries.c.due_at, postgresql_where=recoveries.c.due_at.is_not(None))
Index("ix_recoveries_destination", recoveries.c.dev_id, recoveries.c.destination_id, recoveries.c.id)

bucket_leases = shared_table(
    "bucket_leases",
    Column("bucket", SmallInteger, primary_key=True, autoincrement=False),
    Column("owner", Text, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    moment("expires_at"),
)

# A worker that owns nothing yet is seen here by the others, who then give back what is above their share.
delivery_workers = shared_table(
    "delivery_workers",
    Column("owner", Text, primary_key=True),
    moment("expires_at"),
)
