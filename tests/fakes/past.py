"""What happened before a test begins, written without a worker: events, rows of the queue, attempts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from wearable_gateway.db.session import Database
from wearable_gateway.deliveries.destinations import bucket_of
from wearable_gateway.developers import keys
from wearable_gateway.kit.ids import first_uuid7, uuid7


@dataclass
class Past:
    """One developer's."""

    db: Database
    dev_id: str = "acme"

    @classmethod
    async def of(cls, db: Database, dev_id: str = "acme") -> "Past":
        await keys.create_developer(db.autocommit, dev_id.title(), dev_id)
        return cls(db, dev_id)

    async def destination(
        self,
        url: str | None = "https://acme.example/hooks",
        *,
        event_types: Sequence[str] | None = None,
        state: str = "enabled",
    ) -> UUID:
        made, now = uuid7(), datetime.now(UTC)
        await self.db.autocommit.execute(
            "INSERT INTO destinations (dev_id, id, url, event_types, signing_secret, old_secrets, bucket, state,"
            " retry_schedule, parkings, feed_position, created_at, updated_at)"
            " VALUES ($1, $2, $3, $4, '', '[]', $5, $6, 'standard', 0, 0, $7, $7)",
            self.dev_id, made, url, event_types, bucket_of(made), state, now,
        )  # fmt: skip
        return made

    async def set_state(self, destination_id: UUID, state: str) -> None:
        await self.db.autocommit.execute(
            "UPDATE destinations SET state = $3 WHERE dev_id = $1 AND id = $2",
            self.dev_id, destination_id, state,
        )  # fmt: skip

    async def events(
        self,
        count: int = 1,
        kind: str = "activity",
        *,
        ago: timedelta = timedelta(),
        body: bytes = b'{"type":"activity","weight":80.50}',
        chunk: int | None = None,
    ) -> list[UUID]:
        """In order; the first is `ago` old, and each a millisecond younger than the one before."""
        start = datetime.now(UTC) - ago
        if ago:
            noise = uuid7().int & ((1 << 62) - 1)
            first = first_uuid7(start).int
            ids = [UUID(int=(first + (number << 80)) | noise) for number in range(count)]
        else:
            ids = [uuid7() for _ in range(count)]
        await self.db.autocommit.executemany(
            "INSERT INTO events (dev_id, id, type, user_id, reference, body, chunk, created_at)"
            " VALUES ($1, $2, $3, NULL, $2, $4, $5, $6)",
            [(self.dev_id, one, kind, body, chunk, start) for one in ids],
        )
        return ids

    async def queued(
        self, destination_id: UUID, event_ids: Sequence[UUID], state: str = "due", *, attempts: int = 0
    ) -> None:
        next_at = datetime.now(UTC) + timedelta(hours=1)
        await self.db.autocommit.executemany(
            "INSERT INTO deliveries (dev_id, destination_id, event_id, bucket, state, attempts, next_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7)",
            [
                (self.dev_id, destination_id, one, bucket_of(destination_id), state, attempts, next_at)
                for one in event_ids
            ],
        )

    async def tried(
        self,
        destination_id: UUID,
        event_ids: Sequence[UUID],
        outcome: str = "delivered",
        *,
        number: int = 1,
        first_position: int | None = None,
    ) -> None:
        await self.db.autocommit.executemany(
            "INSERT INTO attempts (dev_id, destination_id, event_id, id, number, at, outcome, status, duration_ms,"
            " detail, response_excerpt, position) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 12, NULL, 'seen', $9)",
            [
                (
                    self.dev_id, destination_id, one, uuid7(), number, datetime.now(UTC), outcome,
                    {"delivered": 200, "refused": 500}.get(outcome),
                    None if first_position is None else first_position + offset,
                )
                for offset, one in enumerate(event_ids)
            ],
        )  # fmt: skip

    async def queue(self, destination_id: UUID) -> dict[UUID, tuple[str, int]]:
        """By event its state and attempts."""
        rows = await self.db.autocommit.fetch(
            "SELECT event_id, state, attempts FROM deliveries WHERE dev_id = $1 AND destination_id = $2",
            self.dev_id, destination_id,
        )  # fmt: skip
        return {row["event_id"]: (row["state"], row["attempts"]) for row in rows}
