"""The audit log as it is read: newest first, narrowed, a page at a time."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from wearable_gateway.db.session import Session
from wearable_gateway.developers.audit import COLUMNS
from wearable_gateway.developers.models import AuditEntry
from wearable_gateway.kit.ids import first_uuid7

_AT_A_TIME = 1000
_FIRST = datetime(1970, 1, 1, tzinfo=UTC)
"""Ids count from here."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """None: any. `until` itself is not included."""

    actor: str | None = None
    action: str | None = None
    subject: str | None = None
    since: datetime | None = None
    until: datetime | None = None


async def page(
    session: Session, dev_id: str, wanted: Wanted, *, before: UUID | None = None, limit: int
) -> list[AuditEntry]:
    """Entries of a developer, or of `audit.GATEWAY`, that are older than the one with the id `before`."""
    # Only what is asked for stands in the statement: each of its forms has an index that it reads backwards.
    bounds = {
        "actor = ": wanted.actor,
        "action = ": wanted.action,
        "subject = ": wanted.subject,
        "id >= ": _from(wanted.since),
        "id < ": _earlier(before, _from(wanted.until)),
    }
    given = {condition: value for condition, value in bounds.items() if value is not None}
    narrowed = "".join(f" AND {condition}${number}" for number, condition in enumerate(given, start=3))
    rows = await session.fetch(
        f"SELECT {COLUMNS} FROM audit_entries WHERE dev_id = $1{narrowed} ORDER BY id DESC LIMIT $2",
        dev_id, limit, *given.values(),
    )  # fmt: skip
    return [AuditEntry(**row) for row in rows]


async def everything(session: Session, dev_id: str, wanted: Wanted) -> AsyncIterator[AuditEntry]:
    """The same to the end, each page with a statement of its own."""
    before: UUID | None = None
    while True:
        found = await page(session, dev_id, wanted, before=before, limit=_AT_A_TIME)
        for entry in found:
            yield entry
        if len(found) < _AT_A_TIME:
            return
        before = found[-1].id


def _from(moment: datetime | None) -> UUID | None:
    return None if moment is None else first_uuid7(max(moment, _FIRST))


def _earlier(one: UUID | None, other: UUID | None) -> UUID | None:
    return min((bound for bound in (one, other) if bound is not None), default=None)
