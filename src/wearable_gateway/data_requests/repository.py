"""One developer's data requests; and for the worker, which of all of them are due."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from wearable_gateway.data_requests.models import DataRequest, RequestState, Window, WindowState
from wearable_gateway.db.session import Row, Session
from wearable_gateway.kit.ids import uuid7
from wearable_gateway.unified.records import DataType

_COLUMNS = (
    "dev_id, id, user_id, type, start_date, end_date, with_samples, is_large, state, reason, payload_ids, claims,"
    " created_at, finished_at"
)
_SEND_CHUNKS = """
INSERT INTO events (dev_id, id, type, user_id, reference, body, chunk, created_at)
SELECT c.dev_id, u.id, $3, c.user_id, c.request_id, c.body,
       CASE WHEN $4 THEN row_number() OVER (ORDER BY c.window_number, c.position) END, c.created_at
FROM data_request_chunks c JOIN unnest($5::uuid[], $6::uuid[]) AS u (chunk_id, id) ON u.chunk_id = c.event_id
WHERE c.dev_id = $1 AND c.request_id = $2
"""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Data of a window as it will be sent; `created_at` is the moment from which it stands."""

    event_id: UUID
    body: bytes
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Progress:
    """Of the deliveries of a request's payloads: those still under way, and payloads somebody never took."""

    due: int
    undelivered: int


def _read(row: Row) -> DataRequest:
    return DataRequest(
        dev_id=row["dev_id"],
        id=row["id"],
        user_id=row["user_id"],
        type=DataType(row["type"]),
        start=row["start_date"],
        end=row["end_date"],
        with_samples=row["with_samples"],
        is_large=row["is_large"],
        state=RequestState(row["state"]),
        reason=row["reason"],
        payload_ids=None if row["payload_ids"] is None else tuple(row["payload_ids"]),
        claims=row["claims"],
        created_at=row["created_at"],
        finished_at=row["finished_at"],
    )


class DataRequestRepository:
    def __init__(self, session: Session, dev_id: str) -> None:
        self._session = session
        self._dev_id = dev_id

    async def add(self, request: DataRequest, windows: Iterable[Window]) -> None:
        await self._session.execute(
            "INSERT INTO data_requests (dev_id, id, user_id, type, start_date, end_date, with_samples, is_large, state,"
            " claims, due_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10, $10)",
            self._dev_id, request.id, request.user_id, request.type.value, request.start, request.end,
            request.with_samples, request.is_large, request.state.value, request.created_at,
        )  # fmt: skip
        await self._session.executemany(
            "INSERT INTO data_request_windows (dev_id, request_id, number, start_date, end_date, state, attempts, records)"
            " VALUES ($1, $2, $3, $4, $5, 'waiting', 0, 0)",
            [(self._dev_id, request.id, one.number, one.start, one.end) for one in windows],
        )

    async def find(self, request_id: UUID) -> DataRequest | None:
        row = await self._session.fetchrow(
            f"SELECT {_COLUMNS} FROM data_requests WHERE dev_id = $1 AND id = $2", self._dev_id, request_id
        )
        return _read(row) if row else None

    async def of_user(self, user_id: UUID, *, limit: int) -> list[DataRequest]:
        """The newest first."""
        rows = await self._session.fetch(
            f"SELECT {_COLUMNS} FROM data_requests WHERE dev_id = $1 AND user_id = $2 ORDER BY id DESC LIMIT $3",
            self._dev_id, user_id, limit,
        )  # fmt: skip
        return [_read(row) for row in rows]

    async def windows(self, request_id: UUID) -> list[Window]:
        rows = await self._session.fetch(
            "SELECT number, start_date, end_date, state, attempts, records, reason, retrying_at"
            " FROM data_request_windows WHERE dev_id = $1 AND request_id = $2 ORDER BY number",
            self._dev_id, request_id,
        )  # fmt: skip
        return [
            Window(
                row["number"], row["start_date"], row["end_date"], WindowState(row["state"]), row["attempts"],
                row["records"], row["reason"], row["retrying_at"],
            )
            for row in rows
        ]  # fmt: skip

    async def claim(self, request_id: UUID, *, now: datetime, until: datetime) -> DataRequest | None:
        """The request, if it is due and nobody else has it; this claim's until `until`."""
        row = await self._session.fetchrow(
            "UPDATE data_requests SET due_at = $4, claims = claims + 1"
            f" WHERE dev_id = $1 AND id = $2 AND due_at <= $3 RETURNING {_COLUMNS}",
            self._dev_id, request_id, now, until,
        )  # fmt: skip
        return _read(row) if row else None

    async def hold(self, request: DataRequest, *, due_at: datetime) -> bool:
        """Lock the request and keep it until `due_at`. False when somebody claimed it after `request` was claimed."""
        held = await self._session.execute(
            "UPDATE data_requests SET due_at = $4 WHERE dev_id = $1 AND id = $2 AND claims = $3 AND due_at IS NOT NULL",
            self._dev_id, request.id, request.claims, due_at,
        )  # fmt: skip
        return bool(held)

    async def set_window(self, request_id: UUID, window: Window) -> None:
        await self._session.execute(
            "UPDATE data_request_windows SET state = $4, attempts = $5, records = $6, reason = $7, retrying_at = $8"
            " WHERE dev_id = $1 AND request_id = $2 AND number = $3",
            self._dev_id, request_id, window.number, window.state.value, window.attempts, window.records,
            window.reason, window.retrying_at,
        )  # fmt: skip

    async def stage(self, request: DataRequest, window: Window, found: Iterable[Chunk]) -> None:
        """Keep what a window brought until all the others have come to their end."""
        await self._session.executemany(
            "INSERT INTO data_request_chunks"
            " (dev_id, request_id, window_number, position, user_id, event_id, body, created_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            (
                (
                    self._dev_id, request.id, window.number, position, request.user_id, one.event_id, one.body,
                    one.created_at,
                )
                for position, one in enumerate(found)
            ),
        )  # fmt: skip

    async def send(self, request: DataRequest) -> list[UUID]:
        """Make events of the chunks, numbered when the request is large; their ids, in order.

        The ids are made now, however long ago the chunks were fetched: events are counted by the time in their ids.
        """
        rows = await self._session.fetch(
            "SELECT event_id FROM data_request_chunks WHERE dev_id = $1 AND request_id = $2"
            " ORDER BY window_number, position",
            self._dev_id, request.id,
        )  # fmt: skip
        event_ids = [uuid7() for _ in rows]
        await self._session.execute(
            _SEND_CHUNKS, self._dev_id, request.id, request.type.value, request.is_large,
            [row["event_id"] for row in rows], event_ids,
        )  # fmt: skip
        await self._session.execute(
            "DELETE FROM data_request_chunks WHERE dev_id = $1 AND request_id = $2", self._dev_id, request.id
        )
        return event_ids

    async def set_sending(self, request_id: UUID, payload_ids: Sequence[UUID], *, due_at: datetime) -> None:
        await self._session.execute(
            "UPDATE data_requests SET state = 'sending', payload_ids = $3, due_at = $4 WHERE dev_id = $1 AND id = $2",
            self._dev_id, request_id, list(payload_ids), due_at,
        )  # fmt: skip

    async def finish(
        self, request: DataRequest, state: RequestState, reason: str | None, *, now: datetime
    ) -> None:
        await self._session.execute(
            "UPDATE data_requests SET state = $3, reason = $4, due_at = NULL, finished_at = $5"
            " WHERE dev_id = $1 AND id = $2",
            self._dev_id, request.id, state.value, reason, now,
        )  # fmt: skip
        await self._session.execute(
            "DELETE FROM data_request_chunks WHERE dev_id = $1 AND request_id = $2", self._dev_id, request.id
        )

    async def progress(self, payload_ids: Sequence[UUID]) -> Progress:
        row = await self._session.fetchrow(
            "SELECT count(*) FILTER (WHERE state <> 'exhausted') AS due,"
            " count(DISTINCT event_id) FILTER (WHERE state = 'exhausted') AS undelivered"
            " FROM deliveries WHERE dev_id = $1 AND event_id = ANY ($2)"
            " AND destination_id = ANY (ARRAY(SELECT id FROM destinations WHERE dev_id = $1))",
            self._dev_id, list(payload_ids),
        )  # fmt: skip
        assert row is not None  # noqa: S101 - an aggregate has one row
        return Progress(row["due"], row["undelivered"])


class DataRequestsAcrossDevelopers:
    """What only the worker may ask."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def due(self, *, now: datetime, limit: int = 20) -> Sequence[tuple[str, UUID]]:
        """Developer and id of requests that wait for a worker, the longest waiting first."""
        rows = await self._session.fetch(
            "SELECT dev_id, id FROM data_requests WHERE due_at <= $1 ORDER BY due_at LIMIT $2", now, limit
        )
        return [(row["dev_id"], row["id"]) for row in rows]

    async def forget_finished(self, before: datetime) -> int:
        """Remove requests that ended before `before`, some thousand at a time; how many it was."""
        rows = await self._session.fetch(
            "SELECT dev_id, id FROM data_requests WHERE finished_at < $1 LIMIT 1000", before
        )
        await self._session.executemany(
            "DELETE FROM data_requests WHERE dev_id = $1 AND id = $2",
            [(row["dev_id"], row["id"]) for row in rows],
        )
        return len(rows)


def retried(window: Window, reason: str, retrying_at: datetime | None) -> Window:
    """`window` after an attempt that brought nothing; without `retrying_at` it is given up."""
    state = WindowState.WAITING if retrying_at else WindowState.FAILED
    return replace(window, state=state, attempts=window.attempts + 1, reason=reason, retrying_at=retrying_at)
