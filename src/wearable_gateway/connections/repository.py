"""One developer's connections, and separately those of all developers for who may see across them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from wearable_gateway.connections.models import Connection, ConnectionState
from wearable_gateway.connections.searching import Question, find
from wearable_gateway.db.session import Row, Session
from wearable_gateway.errors import NotFoundError
from wearable_gateway.kit.ids import first_uuid7, shifted_uuid7

COLUMNS = (
    "dev_id, id, provider, grant_id, reference_id, consented_scopes, scopes, state,"
    " last_error, last_error_at, last_event_at, created_at, last_polled_at, most_recent_data_at"
)

_OPEN_FOR = timedelta(days=2)


_OPEN_FOR = timedelta(days=2)


def read_connection(row: Row) -> Connection:
    return Connection(
        dev_id=row["dev_id"],
        id=row["id"],
        provider=row["provider"],
        grant_id=row["grant_id"],
        reference_id=row["reference_id"],
        consented_scopes=tuple(row["consented_scopes"]),
        scopes=tuple(row["scopes"]),
        state=ConnectionState(row["state"]),
        last_error=row["last_error"],
        last_error_at=row["last_error_at"],
        last_event_at=row["last_event_at"],
        created_at=row["created_at"],
        last_polled_at=row["last_polled_at"],
        most_recent_data_at=row["most_recent_data_at"],
    )


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What else a search may ask for. Connected from `since` until just before `until`; no event after `silent_since`."""

    without_reference_id: bool = False
    with_error: bool = False
    silent_since: datetime | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def bounds(self) -> tuple[UUID | None, UUID | None]:
        """Between which user_ids they are: an id is made with the link that somebody connects by, hours before at most."""
        return (
            shifted_uuid7(first_uuid7(self.since), -_OPEN_FOR) if self.since else None,
            first_uuid7(self.until) if self.until else None,
        )


ALL = Narrowed()


class ConnectionRepository:
    def __init__(self, session: Session, dev_id: str) -> None:
        self._session = session
        self._dev_id = dev_id

    async def find(self, user_id: UUID) -> Connection | None:
        row = await self._session.fetchrow(
            f"SELECT {COLUMNS} FROM connections WHERE dev_id = $1 AND id = $2",
            self._dev_id, user_id,
        )  # fmt: skip
        return read_connection(row) if row else None

    async def get(self, user_id: UUID) -> Connection:
        """Raises NotFoundError, also when the connection is another developer's."""
        connection = await self.find(user_id)
        if connection is None:
            raise NotFoundError("user")
        return connection

    async def lock(self, user_id: UUID) -> Connection:
        """The connection, which nobody else changes until the transaction ends. Raises NotFoundError."""
        row = await self._session.fetchrow(
            f"SELECT {COLUMNS} FROM connections WHERE dev_id = $1 AND id = $2 FOR UPDATE",
            self._dev_id,
            user_id,
        )
        if row is None:
            raise NotFoundError("user")
        return read_connection(row)

    async def hold(self, user_id: UUID) -> Connection:
        """The connection, which nobody removes until the transaction ends; others may change it. Raises NotFoundError."""
        row = await self._session.fetchrow(
            f"SELECT {COLUMNS} FROM connections WHERE dev_id = $1 AND id = $2 FOR KEY SHARE",
            self._dev_id, user_id,
        )  # fmt: skip
        if row is None:
            raise NotFoundError("user")
        return read_connection(row)

    async def of_reference(self, reference_id: str) -> list[Connection]:
        rows = await self._session.fetch(
            f"SELECT {COLUMNS} FROM connections WHERE dev_id = $1 AND reference_id = $2 ORDER BY id",
            self._dev_id, reference_id,
        )  # fmt: skip
        return [read_connection(row) for row in rows]

    async def of_ids(self, user_ids: Sequence[UUID]) -> list[Connection]:
        rows = await self._session.fetch(
            f"SELECT {COLUMNS} FROM connections WHERE dev_id = $1 AND id = ANY ($2) ORDER BY id",
            self._dev_id, list(user_ids),
        )  # fmt: skip
        return [read_connection(row) for row in rows]

    async def of_grant(self, grant_id: UUID) -> list[Connection]:
        """This developer's links to one grant that are not revoked, oldest first."""
        rows = await self._session.fetch(
            f"SELECT {COLUMNS} FROM connections"
            " WHERE dev_id = $1 AND grant_id = $2 AND state <> 'revoked' ORDER BY id",
            self._dev_id, grant_id,
        )  # fmt: skip
        return [read_connection(row) for row in rows]

    async def all(self) -> list[Connection]:
        rows = await self._session.fetch(
            f"SELECT {COLUMNS} FROM connections WHERE dev_id = $1 ORDER BY id", self._dev_id
        )
        return [read_connection(row) for row in rows]

    async def page(self, *, limit: int, offset: int = 0) -> list[Connection]:
        rows = await self._session.fetch(
            f"SELECT {COLUMNS} FROM connections WHERE dev_id = $1 ORDER BY id LIMIT $2 OFFSET $3",
            self._dev_id, limit, offset,
        )  # fmt: skip
        return [read_connection(row) for row in rows]

    async def count(self) -> int:
        total: int = await self._session.fetchval(
            "SELECT count(*) FROM connections WHERE dev_id = $1", self._dev_id
        )
        return total

    async def add(self, connection: Connection, *, now: datetime) -> None:
        await self._session.execute(
            "INSERT INTO connections (dev_id, id, provider, grant_id, reference_id, consented_scopes, scopes, state,"
            " created_at, updated_at, paused_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            self._dev_id, connection.id, connection.provider, connection.grant_id, connection.reference_id,
            list(connection.consented_scopes), list(connection.scopes), connection.state.value,
            connection.created_at, now, _paused_at(connection.state, now),
        )  # fmt: skip

    async def change(
        self, user_id: UUID, *, reference_id: str | None, state: ConnectionState, now: datetime
    ) -> None:
        await self._session.execute(
            "UPDATE connections SET reference_id = $3, state = $4, updated_at = $5, paused_at = $6"
            " WHERE dev_id = $1 AND id = $2",
            self._dev_id, user_id, reference_id, state.value, now, _paused_at(state, now),
        )  # fmt: skip

    async def remove(self, user_id: UUID) -> bool:
        """Whether this call removed it; its records go with it."""
        removed = await self._session.execute(
            "DELETE FROM connections WHERE dev_id = $1 AND id = $2", self._dev_id, user_id
        )
        return bool(removed)

    async def search(
        self,
        *,
        text: str | None = None,
        provider: str | None = None,
        state: ConnectionState | None = None,
        before: UUID | None = None,
        limit: int = 50,
        narrowed: Narrowed = ALL,
    ) -> list[Connection]:
        """Newest first, older than `before`. `text` is a user_id, or the beginning of a reference_id."""
        since, until = narrowed.bounds
        user_id = as_uuid(text)
        question = Question(self._dev_id)
        question.is_placed("id", "=", user_id)
        question.is_placed("id", "<", before)
        question.is_placed("id", "<", until)
        question.is_placed("id", ">=", since)
        if user_id is None:
            question.asks_for_beginning("reference_id", text)
        question.asks("provider =", provider)
        question.asks("state =", state.value if state else None)
        if state is ConnectionState.PAUSED:
            question.has("paused_at IS NOT NULL")
        if narrowed.without_reference_id:
            question.has("reference_id IS NULL")
        if narrowed.with_error:
            question.has("last_error IS NOT NULL", gathers=True)
        question.asks("coalesce(last_event_at, '-infinity') <", narrowed.silent_since)
        question.asks("created_at >=", narrowed.since)
        question.asks("created_at <", narrowed.until)
        return [read_connection(row) for row in await find(self._session, question, COLUMNS, limit)]

    async def known(self, user_ids: Sequence[UUID]) -> dict[UUID, tuple[str | None, ConnectionState]]:
        """Of those among `user_ids` that there are, reference_id and state."""
        rows = await self._session.fetch(
            "SELECT id, reference_id, state FROM connections WHERE dev_id = $1 AND id = ANY ($2)",
            self._dev_id, list(user_ids),
        )  # fmt: skip
        return {row["id"]: (row["reference_id"], ConnectionState(row["state"])) for row in rows}

    async def known_references(self, reference_ids: Sequence[str]) -> dict[str, int]:
        """Of those among `reference_ids` that somebody has, how many connections have it."""
        rows = await self._session.fetch(
            "SELECT reference_id, count(*) AS connections FROM connections"
            " WHERE dev_id = $1 AND reference_id = ANY ($2) GROUP BY reference_id",
            self._dev_id, list(reference_ids),
        )  # fmt: skip
        return {row["reference_id"]: row["connections"] for row in rows}

    async def some_of_reference(self, reference_id: str, *, limit: int) -> list[UUID]:
        """The user_ids of the oldest connections with this reference_id."""
        rows = await self._session.fetch(
            "SELECT id FROM connections WHERE dev_id = $1 AND reference_id = $2 ORDER BY id LIMIT $3",
            self._dev_id, reference_id, limit,
        )  # fmt: skip
        return [row["id"] for row in rows]


def _paused_at(state: ConnectionState, now: datetime) -> datetime | None:
    return now if state is ConnectionState.PAUSED else None


def as_uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


class ConnectionsAcrossDevelopers:
    """What only the worker and ingestion may ask: who is linked to a grant, whoever they belong to."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def of_grant(
        self,
        grant_id: UUID,
        *,
        after: tuple[str, UUID] | None = None,
        limit: int = 500,
        paused_too: bool = False,
    ) -> list[Connection]:
        """Active connections in pages, keyed by (dev_id, id)."""
        rows = await self._session.fetch(
            f"SELECT {COLUMNS} FROM connections WHERE grant_id = $1"
            " AND (state = 'active' OR ($5 AND state = 'paused'))"
            " AND ($2::text IS NULL OR (dev_id, id) > ($2, $3::uuid)) ORDER BY dev_id, id LIMIT $4",
            grant_id, after[0] if after else None, after[1] if after else None, limit, paused_too,
        )  # fmt: skip
        return [read_connection(row) for row in rows]

    async def count_linked(self, grant_id: UUID) -> int:
        """How many connections still need the grant; paused ones do."""
        count: int = await self._session.fetchval(
            "SELECT count(*) FROM connections WHERE grant_id = $1 AND state <> 'revoked'", grant_id
        )
        return count

    async def revoke_all(self, grant_id: UUID, *, now: datetime) -> list[Connection]:
        """Mark every connection of the grant revoked and return, as they are now, those that were not so before."""
        rows = await self._session.fetch(
            "UPDATE connections SET state = 'revoked', updated_at = $2 WHERE grant_id = $1 AND state <> 'revoked'"
            f" RETURNING {COLUMNS}",
            grant_id, now,
        )  # fmt: skip
        return [read_connection(row) for row in rows]
