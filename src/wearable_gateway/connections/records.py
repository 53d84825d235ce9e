"""Stored health records: each belongs to one connection, is found by its natural key, and goes with it.

Here and not in `ingestion`, because a reconnect moves them and a deauthentication erases them.
"""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Date, ForeignKeyConstraint, LargeBinary, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from wearable_gateway.db.base import developer_table, moment
from wearable_gateway.db.session import Session
from wearable_gateway.kit import json
from wearable_gateway.unified.records import DataType, Record

records = developer_table(
    "records",
    Column("user_id", Uuid, primary_key=True),
    Column("type", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("digest", LargeBinary, nullable=False),
    Column("body", JSONB, nullable=False),
    moment("fetched_at"),
    moment("changed_at"),
    ForeignKeyConstraint(["dev_id", "user_id"], ["connections.dev_id", "connections.id"], ondelete="CASCADE"),
)

# A slower fetch that began earlier must not overwrite what a later one stored.
_STORE = """
INSERT INTO records (dev_id, user_id, type, day, key, digest, body, fetched_at, changed_at)
SELECT $1, $2, $3, u.day, u.key, u.digest, u.body, $8, $8
FROM unnest($4::date[], $5::text[], $6::bytea[], $7::jsonb[]) AS u (day, key, digest, body)
ON CONFLICT (dev_id, user_id, type, day, key) DO UPDATE
SET digest = excluded.digest, body = excluded.body, fetched_at = excluded.fetched_at, changed_at = excluded.changed_at
WHERE records.digest IS DISTINCT FROM excluded.digest AND records.fetched_at <= excluded.fetched_at
RETURNING key
"""


def content_digest(record: Record) -> bytes:
    return hashlib.sha256(json.dump_sorted(record.body)).digest()


class RecordRepository:
    def __init__(self, session: Session, dev_id: str) -> None:
        self._session = session
        self._dev_id = dev_id

    async def store(
        self, user_id: UUID, kind: DataType, found: Sequence[Record], *, fetched_at: datetime
    ) -> list[Record]:
        """Keep `found`, all of one type; return those that are new or whose content changed."""
        unique = {(record.day, record.key): record for record in found}
        if not unique:
            return []
        rows = await self._session.fetch(
            _STORE, self._dev_id, user_id, kind.value,
            [record.day for record in unique.values()],
            [record.key for record in unique.values()],
            [content_digest(record) for record in unique.values()],
            [record.body for record in unique.values()],
            fetched_at,
        )  # fmt: skip
        changed = {row["key"] for row in rows}
        return [record for record in unique.values() if record.key in changed]

    async def read(self, user_id: UUID, kind: DataType, start: date, end: date) -> list[dict[str, Any]]:
        """The stored bodies of the days `start` to `end`, both included, oldest first."""
        rows = await self._session.fetch(
            "SELECT body FROM records WHERE dev_id = $1 AND user_id = $2 AND type = $3 AND day BETWEEN $4 AND $5"
            " ORDER BY day, key",
            self._dev_id, user_id, kind.value, start, end,
        )  # fmt: skip
        return [row["body"] for row in rows]

    async def move(self, old_user_id: UUID, new_user_id: UUID) -> None:
        await self._session.execute(
            "UPDATE records SET user_id = $3 WHERE dev_id = $1 AND user_id = $2",
            self._dev_id, old_user_id, new_user_id,
        )  # fmt: skip
