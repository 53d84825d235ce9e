"""Somebody looks at the health records of a connection: what they see is read here, and that they saw it is written down."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from wearable_gateway.connections.models import Connection
from wearable_gateway.connections.repository import ConnectionRepository
from wearable_gateway.connections.stored_records import Days, Part, Place, StoredRecords
from wearable_gateway.db.session import Session
from wearable_gateway.developers import audit
from wearable_gateway.errors import NotFoundError
from wearable_gateway.unified.records import DataType, Record


@dataclass(frozen=True, slots=True)
class Viewer:
    """`actor` as the audit calls them; they see nothing of which it does not say that they did."""

    session: Session
    dev_id: str
    actor: str

    async def connection(self, user_id: UUID) -> Connection:
        """Raises NotFoundError."""
        return await ConnectionRepository(self.session, self.dev_id).get(user_id)

    async def page(
        self, user_id: UUID, kind: DataType, days: Days, *, before: Place | None = None, limit: int
    ) -> list[Record]:
        """The newest first. Raises NotFoundError for a connection that is not there."""
        await self.connection(user_id)
        found = await self.stored(user_id, kind).page(days, before=before, limit=limit)
        if found:
            await self._note(user_id, kind, since=str(days.since), until=str(days.until))
        return found

    async def record(self, user_id: UUID, kind: DataType, key: str) -> Record:
        """Raises NotFoundError."""
        await self.connection(user_id)
        found = await self.stored(user_id, kind).find(key)
        if found is None:
            raise NotFoundError("record")
        await self._note(user_id, kind, since=str(found.day), until=str(found.day))
        return found

    async def parts(
        self, user_id: UUID, kind: DataType, days: Days, path: Sequence[str], *, limit: int
    ) -> list[Part]:
        """One field of each record."""
        await self._note(user_id, kind, since=str(days.since), until=str(days.until))
        return await self.stored(user_id, kind).parts(days, path, limit=limit)

    def stored(self, user_id: UUID, kind: DataType) -> StoredRecords:
        return StoredRecords(self.session, self.dev_id, user_id, kind)

    async def _note(self, user_id: UUID, kind: DataType, **days: Any) -> None:
        await audit.record_view(
            self.session, self.dev_id, actor=self.actor, subject=f"connection:{user_id}",
            seen={"type": kind.value, **days},
        )  # fmt: skip
