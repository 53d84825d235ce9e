"""Who changed what, when and from where: written in the transaction that changes it."""

from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from datetime import timedelta
from typing import Any

from wearable_gateway.db.session import Session
from wearable_gateway.developers.models import AuditEntry
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.kit.ids import first_uuid7, uuid7

GATEWAY = "*"
"""In place of a dev-id, for what belongs to no developer; none can be called so."""

COLUMNS = "id, at, actor, action, subject, before, after, address"
VIEWED = "data.viewed"
_VIEWED_EVERY = timedelta(hours=1)

_address: ContextVar[str | None] = ContextVar("address", default=None)


def comes_from(address: str | None) -> None:
    """Said once for a request, at its beginning: what it changes is then recorded as changed from there."""
    _address.set(address)


async def record(
    session: Session,
    dev_id: str,
    *,
    actor: str,
    action: str,
    subject: str,
    before: Any = None,
    after: Any = None,
) -> None:
    """`actor` and `subject` are written `kind:id`, such as `operator:ann@example.org` and `connection:<uuid>`."""
    await session.execute(
        "INSERT INTO audit_entries (dev_id, id, at, actor, action, subject, before, after, address)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        dev_id, uuid7(), utc_now(), actor, action, subject, before, after, _address.get(),
    )  # fmt: skip


async def record_each(
    session: Session, subjects: Sequence[tuple[str, str]], *, actor: str, action: str, after: Any = None
) -> None:
    """The same for many at once, each a (dev_id, subject) that hears nothing of the others."""
    await session.execute(
        "INSERT INTO audit_entries (dev_id, id, at, actor, action, subject, after, address)"
        " SELECT u.dev_id, u.id, $4, $5, $6, u.subject, $7, $8"
        " FROM unnest($1::text[], $2::uuid[], $3::text[]) AS u (dev_id, id, subject)",
        [dev_id for dev_id, _ in subjects], [uuid7() for _ in subjects], [subject for _, subject in subjects],
        utc_now(), actor, action, after, _address.get(),
    )  # fmt: skip


async def record_view(
    session: Session, dev_id: str, *, actor: str, subject: str, seen: Mapping[str, str]
) -> None:
    """Somebody looked at data of end users; `seen` says what kind of, never what it was.

    Once an hour for the same `kind` of it, so that turning pages does not fill the log.
    """
    now = utc_now()
    await session.execute(
        "INSERT INTO audit_entries (dev_id, id, at, actor, action, subject, after, address)"
        " SELECT $1::text, $2::uuid, $3::timestamptz, $4::text, $5::text, $6::text, $7::jsonb, $8::text"
        " WHERE NOT EXISTS (SELECT 1 FROM audit_entries WHERE dev_id = $1 AND subject = $6 AND id >= $9"
        " AND action = $5 AND actor = $4 AND after ->> 'type' = $10)",
        dev_id, uuid7(), now, actor, VIEWED, subject, dict(seen), _address.get(),
        first_uuid7(now - _VIEWED_EVERY), seen["type"],
    )  # fmt: skip


async def history(session: Session, dev_id: str, subject: str, *, limit: int = 50) -> list[AuditEntry]:
    """What was done to `subject`, newest first; who looked at its data is not among that."""
    rows = await session.fetch(
        f"SELECT {COLUMNS} FROM audit_entries"
        " WHERE dev_id = $1 AND subject = $2 AND action <> $4 ORDER BY id DESC LIMIT $3",
        dev_id, subject, limit, VIEWED,
    )  # fmt: skip
    return [AuditEntry(**row) for row in rows]
