"""Stored records as people look at them: newest first, a page at a time, or one field of many."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from wearable_gateway.db.session import Row, Session
from wearable_gateway.unified.records import ALWAYS, DataType, Record

_DAY_LETTERS = 10

Part = tuple[date, Any, str | None]
"""Of which day a record is, one field of it, and when the record begins."""


@dataclass(frozen=True, slots=True)
class Days:
    """Both included. An athlete, who is found under no day, is in all of them."""

    since: date
    until: date

    def bounds(self, kind: DataType) -> tuple[date, date]:
        return (ALWAYS, ALWAYS) if kind is DataType.ATHLETE else (self.since, self.until)


@dataclass(frozen=True, slots=True)
class Place:
    """A record's place in the order of a list, which as text is `2026-11-20.KEY`."""

    day: date
    key: str

    @classmethod
    def read(cls, text: str) -> "Place":
        """Raises ValueError."""
        day, key = text[:_DAY_LETTERS], text[_DAY_LETTERS:]
        if not key.startswith(".") or not key.isprintable():
            raise ValueError("a day, a point and a key")
        return cls(date.fromisoformat(day), key[1:])

    def __str__(self) -> str:
        return f"{self.day.isoformat()}.{self.key}"


class StoredRecords:
    """Those of one connection and one type."""

    def __init__(self, session: Session, dev_id: str, user_id: UUID, kind: DataType) -> None:
        self._session = session
        self._whose = dev_id, user_id, kind.value
        self._kind = kind

    async def page(self, days: Days, *, before: Place | None = None, limit: int) -> list[Record]:
        """The newest of `days` that are older than `before`, as far as their content is kept."""
        first, last = days.bounds(self._kind)
        rows = await self._session.fetch(
            "SELECT key, day, body FROM records"
            " WHERE dev_id = $1 AND user_id = $2 AND type = $3 AND day BETWEEN $4 AND $5 AND body IS NOT NULL"
            " AND ($6::date IS NULL OR (day, key) < ($6, $7::text)) ORDER BY day DESC, key DESC LIMIT $8",
            *self._whose, first, min(last, before.day) if before else last, before.day if before else None,
            before.key if before else None, limit,
        )  # fmt: skip
        return [self._read(row) for row in rows]

    async def find(self, key: str) -> Record | None:
        """None also when its content is not kept."""
        row = await self._session.fetchrow(
            "SELECT key, day, body FROM records"
            " WHERE dev_id = $1 AND user_id = $2 AND type = $3 AND key = $4 AND body IS NOT NULL",
            *self._whose, key,
        )  # fmt: skip
        return self._read(row) if row else None

    async def parts(self, days: Days, path: Sequence[str], *, limit: int) -> list[Part]:
        """What stands at `path` in each record that has it, newest first."""
        rows = await self._session.fetch(
            "SELECT day, body #> $6 AS found, body #>> '{metadata,start_time}' AS begins FROM records"
            " WHERE dev_id = $1 AND user_id = $2 AND type = $3 AND day BETWEEN $4 AND $5"
            " AND jsonb_typeof(body #> $6) <> 'null' ORDER BY day DESC, key DESC LIMIT $7",
            *self._whose, *days.bounds(self._kind), list(path), limit,
        )  # fmt: skip
        return [(row["day"], row["found"], row["begins"]) for row in rows]

    async def has_forgotten(self, days: Days) -> bool:
        """Whether there were records of `days` whose content is not kept."""
        found = await self._session.fetchval(
            "SELECT 1 FROM records WHERE dev_id = $1 AND user_id = $2 AND type = $3 AND day BETWEEN $4 AND $5"
            " AND body IS NULL LIMIT 1",
            *self._whose, *days.bounds(self._kind),
        )  # fmt: skip
        return found is not None

    async def newest_day(self) -> date | None:
        """Of which the content is kept, in whatever days."""
        found: date | None = await self._session.fetchval(
            "SELECT day FROM records WHERE dev_id = $1 AND user_id = $2 AND type = $3 AND body IS NOT NULL"
            " ORDER BY day DESC LIMIT 1",
            *self._whose,
        )  # fmt: skip
        return found

    def _read(self, row: Row) -> Record:
        return Record(self._kind, row["key"], row["day"], row["body"])
