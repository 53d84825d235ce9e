"""What was counted, and how far."""

from sqlalchemy import BigInteger, Column, DateTime, Index, Text

from wearable_gateway.db.base import developer_table, moment, shared_table

# How often something happened in an hour. The rows of nobody, `*`, are the sums over all developers.
hourly_counts = developer_table(
    "hourly_counts",
    Column("subject", Text, primary_key=True),
    Column("hour", DateTime(timezone=True), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("number", BigInteger, nullable=False),
    # The rows of the running hour are written again and again.
    postgresql_with={"fillfactor": "80"},
)
Index("ix_hourly_counts_hour", hourly_counts.c.hour)

# How many connections there are; `troubled` of them are active and were refused by their provider last.
connection_counts = developer_table(
    "connection_counts",
    Column("provider", Text, primary_key=True),
    Column("state", Text, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("troubled", BigInteger, nullable=False),
)

count_marks = shared_table(
    "count_marks",
    Column("subject", Text, primary_key=True),
    # Of what happened before, everything that was committed in time is counted.
    moment("counted_to"),
    # Hours before are counted for good.
    moment("settled_to"),
    moment("due_at"),
)
