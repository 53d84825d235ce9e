"""Which rows of a file name somebody of this developer's? Another developer's users are like those nobody has."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

from wearable_gateway.bulk.models import JobKind, Row, RowState
from wearable_gateway.connections.models import ConnectionState
from wearable_gateway.connections.repository import ConnectionRepository

NO_USER = "you have no user with this user_id"
NO_REFERENCE = "you have no user with this reference_id"
REVOKED = "the end user withdrew access: they have to connect again"
BY_USER_ID = "name each user by user_id"
_AT_ONCE = 5000

T = TypeVar("T")


async def check(repository: ConnectionRepository, rows: Sequence[Row], kind: JobKind) -> list[Row]:
    """`rows`, those marked broken that name nobody."""
    users: dict[UUID, tuple[str | None, ConnectionState]] = {}
    references: dict[str, int] = {}
    for ids in _pieces([row.user_id for row in rows if row.user_id]):
        users |= await repository.known(ids)
    for names in _pieces([row.reference_id for row in rows if row.reference_id and not row.user_id]):
        references |= await repository.known_references(names)
    return [_judged(row, kind, users, references) for row in rows]


def _judged(
    row: Row,
    kind: JobKind,
    users: dict[UUID, tuple[str | None, ConnectionState]],
    references: dict[str, int],
) -> Row:
    reason = None
    if row.state is not RowState.WAITING:
        return row
    if row.user_id is not None:
        found = users.get(row.user_id)
        if found is None:
            reason = NO_USER
        elif kind in {JobKind.PAUSE, JobKind.RESUME} and found[1] is ConnectionState.REVOKED:
            reason = REVOKED
    elif kind in {JobKind.PAUSE, JobKind.RESUME}:
        reason = BY_USER_ID
    elif row.reference_id not in references:
        reason = NO_REFERENCE
    return replace(row, state=RowState.BROKEN, reason=reason) if reason else row


def _pieces(values: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]
