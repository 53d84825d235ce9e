"""Who changed what, when and from where: written in the transaction that changes it."""

from contextvars import ContextVar
from typing import Any

from wearable_gateway.db.session import Session
from wearable_gateway.developers.models import AuditEntry
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.kit.ids import uuid7

GATEWAY = "*"
"""In place of a dev-id, for what belongs to no developer; none can be called so."""

COLUMNS = "id, at, actor, action, subject, before, after, address"

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


async def history(session: Session, dev_id: str, subject: str, *, limit: int = 50) -> list[AuditEntry]:
    """What was done to `subject`, newest first."""
    rows = await session.fetch(
        f"SELECT {COLUMNS} FROM audit_entries"
        " WHERE dev_id = $1 AND subject = $2 ORDER BY id DESC LIMIT $3",
        dev_id, subject, limit,
    )  # fmt: skip
    return [AuditEntry(**row) for row in rows]
