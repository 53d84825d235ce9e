"""Stored health records: each belongs to one connection, is found by its natural key, and goes with it.

Here and not in `ingestion`, because a reconnect moves them and a deauthentication erases them.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from wearable_gateway.db.session import Row, Session
from wearable_gateway.kit import json
from wearable_gateway.unified.merging import merge
from wearable_gateway.unified.records import DataType, Record

_FIND = """
SELECT key, digest, body, fetch_number, told_at FROM records
WHERE dev_id = $1 AND user_id = $2 AND type = $3 AND key = ANY ($4)
"""
_STORE = """
INSERT INTO records (dev_id, user_id, type, key, day, digest, body, fetch_number, told_at)
SELECT $1, $2, $3, u.key, u.day, u.digest, u.body, $8, $9
FROM unnest($4::text[], $5::date[], $6::bytea[], $7::jsonb[]) AS u (key, day, digest, body)
ON CONFLICT (dev_id, user_id, type, key) DO UPDATE
SET day = excluded.day, digest = excluded.digest, body = excluded.body,
    fetch_number = greatest(records.fetch_number, excluded.fetch_number), told_at = excluded.told_at
"""
_SEEN = """
UPDATE records SET fetch_number = greatest(fetch_number, $5), told_at = greatest(told_at, $6)
WHERE dev_id = $1 AND user_id = $2 AND type = $3 AND key = ANY ($4)
"""
_FORGET = """
UPDATE records SET body = NULL
WHERE dev_id = $1 AND (user_id, type, key) IN (
  SELECT user_id, type, key FROM records WHERE dev_id = $1 AND day < $2 AND body IS NOT NULL LIMIT 2000
)
"""
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(milliseconds=1)
"""As fine as times are written in `x-terra-ordering-timestamp`."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known after storing: whole records, and the moment from which they stand."""

    all: Sequence[Record]
    changed: Sequence[Record]
    at: datetime


def content_digest(body: Mapping[str, Any]) -> bytes:
    return hashlib.sha256(json.dump_sorted(body)).digest()


class RecordRepository:
    def __init__(self, session: Session, dev_id: str) -> None:
        self._session = session
        self._dev_id = dev_id

    async def store(
        self,
        user_id: UUID,
        kind: DataType,
        found: Sequence[Record],
        *,
        fetch: int,
        keep_since: date,
        now: datetime,
        tell_all: bool = False,
    ) -> Kept:
        """Keep `found`, all of one type, merged with what was known; of days before `keep_since` only a digest.

        The caller holds the connection's row lock and tells the developer what changed, or with `tell_all` all of it.
        `fetch` is the number of the vendor's answer in the order in which they were asked for: an earlier one
        overrules nothing. `Kept.at` is `now`, or later than whatever was told about one of the records before.
        """
        latest = {record.key: record for record in found}
        rows = await self._session.fetch(_FIND, self._dev_id, user_id, kind.value, list(latest))
        known = {row["key"]: row for row in rows}
        at = max([now, *(row["told_at"] + _TICK for row in rows)])
        seen_at = at if tell_all else _LONG_AGO
        whole = [_merged(record, known.get(record.key), fetch) for record in latest.values()]
        digests = {record.key: content_digest(record.body) for record in whole}
        changed = [record for record in whole if _is_news(known.get(record.key), digests[record.key], fetch)]
        if changed:
            await self._session.execute(
                _STORE, self._dev_id, user_id, kind.value,
                [record.key for record in changed],
                [record.day for record in changed],
                [digests[record.key] for record in changed],
                [record.body if record.day >= keep_since else None for record in changed],
                fetch, at,
            )  # fmt: skip
        if len(changed) < len(whole):
            same = list(latest.keys() - {record.key for record in changed})
            await self._session.execute(_SEEN, self._dev_id, user_id, kind.value, same, fetch, seen_at)
        return Kept(whole, changed, at)

    async def remove(self, user_id: UUID, kind: DataType, keys: Sequence[str]) -> None:
        """Forget records that were deleted at the vendor."""
        await self._session.execute(
            "DELETE FROM records WHERE dev_id = $1 AND user_id = $2 AND type = $3 AND key = ANY ($4)",
            self._dev_id, user_id, kind.value, list(keys),
        )  # fmt: skip

    async def forget_before(self, day: date) -> int:
        """Take the content of records of days before `day` away, some thousand at a time; how many it was."""
        return await self._session.execute(_FORGET, self._dev_id, day)

    async def read(self, user_id: UUID, kind: DataType, start: date, end: date) -> list[dict[str, Any]]:
        """The stored bodies of the days `start` to `end`, both included, oldest first."""
        return [record.body for record in await self.records(user_id, kind, start, end)]

    async def records(self, user_id: UUID, kind: DataType, start: date, end: date) -> list[Record]:
        """The same as records."""
        rows = await self._session.fetch(
            "SELECT key, day, body FROM records"
            " WHERE dev_id = $1 AND user_id = $2 AND type = $3 AND day BETWEEN $4 AND $5 AND body IS NOT NULL"
            " ORDER BY day, key",
            self._dev_id, user_id, kind.value, start, end,
        )  # fmt: skip
        return [Record(kind, row["key"], row["day"], row["body"]) for row in rows]

    async def take(self, user_id: UUID, kind: DataType, keys: Sequence[str]) -> list[dict[str, Any]]:
        """Forget records that were deleted at the vendor, and return what was kept of them."""
        rows = await self._session.fetch(
            "DELETE FROM records WHERE dev_id = $1 AND user_id = $2 AND type = $3 AND key = ANY ($4)"
            " RETURNING body",
            self._dev_id, user_id, kind.value, list(keys),
        )  # fmt: skip
        return [row["body"] for row in rows if row["body"] is not None]

    async def move(self, old_user_id: UUID, new_user_id: UUID) -> None:
        await self._session.execute(
            "UPDATE records SET user_id = $3 WHERE dev_id = $1 AND user_id = $2",
            self._dev_id, old_user_id, new_user_id,
        )  # fmt: skip


def _merged(record: Record, known: Row | None, fetch: int) -> Record:
    if known is None or known["body"] is None:
        return record
    # Of an answer that was overtaken by a later one, only what the later one did not know counts.
    older, newer = (
        (known["body"], record.body) if known["fetch_number"] <= fetch else (record.body, known["body"])
    )
    return replace(record, body=merge(older, newer))


def _is_news(known: Row | None, digest: bytes, fetch: int) -> bool:
    return known is None or (
        known["digest"] != digest and (known["fetch_number"] <= fetch or known["body"] is not None)
    )
