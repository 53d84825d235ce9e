"""The inbox of notices: verified and stored before the vendor is answered, each repeat recognised."""

import asyncio
import hashlib
from dataclasses import fields
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import structlog

from wearable_gateway.connections.access import app_access
from wearable_gateway.db.session import Session
from wearable_gateway.db.wakeups import NOTICES
from wearable_gateway.developers.models import ProviderApp
from wearable_gateway.ingestion.models import KeptNotice, StoredNotice
from wearable_gateway.kit.ids import uuid7
from wearable_gateway.providers._base.notices import Notice, NoticeKind, NoticeRequest
from wearable_gateway.providers._base.provider import Provider
from wearable_gateway.unified.records import DataType

log = structlog.get_logger()

CLAIM = timedelta(minutes=1)
"""Work that takes longer may be begun again beside it, which repeats nothing: what is stored is compared."""
_LARGE = 256 * 1024

_INSERT = """
INSERT INTO notices
  (id, provider, provider_app_id, dedupe_key, kind, account_id, content, state, attempts, received_at, due_at)
SELECT u.id, $1, $2, u.dedupe_key, u.kind, u.account_id, u.content, 'due', 0, $3, $3
FROM unnest($4::uuid[], $5::bytea[], $6::text[], $7::text[], $8::jsonb[]) AS u (id, dedupe_key, kind, account_id, content)
ON CONFLICT (provider_app_id, dedupe_key) DO NOTHING
"""

_CLAIM = """
UPDATE notices SET due_at = $2, attempts = attempts + 1
WHERE id = (
  SELECT id FROM notices WHERE state = 'due' AND due_at <= $1 ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED
)
RETURNING id, provider, provider_app_id, content, attempts, received_at
"""


async def accept(session: Session, provider: Provider, app: ProviderApp, request: NoticeRequest) -> int:
    """Store what a vendor told us and return how much of it is new. Raises NoticeRefusedError, storing nothing."""
    provider.verify(request, app_access(app))
    if len(request.body) > _LARGE:
        # Whoever else calls meanwhile must not wait for megabytes to be read.
        found, contents = await asyncio.to_thread(_read_request, provider, request)
    else:
        found, contents = _read_request(provider, request)
    if not found:
        return 0
    new = await session.execute(
        _INSERT, provider.slug, app.id, request.received_at,
        [uuid7() for _ in found], list(found), [notice.kind.value for notice in found.values()],
        [_without_nul(notice.account_id) for notice in found.values()], contents,
    )  # fmt: skip
    session.wake(NOTICES)
    log.info("notice.accepted", provider=provider.slug, notices=len(found), new=new)
    return new


def _read_request(
    provider: Provider, request: NoticeRequest
) -> tuple[dict[bytes, Notice], list[dict[str, Any]]]:
    """The notices of `request` by what tells repeats apart, and what is kept of each. Raises NoticeRefusedError."""
    found = {_dedupe_key(notice): notice for notice in provider.notices_in(request)}
    return found, [_content(notice) for notice in found.values()]


def _content(notice: Notice) -> dict[str, Any]:
    """Its fields as JSON has them, whose names are plain text."""
    content = {field.name: getattr(notice, field.name) for field in fields(notice)}
    return content | {"documents": {kind.value: found for kind, found in notice.documents.items()}}


def _without_nul(text: str | None) -> str | None:
    """PostgreSQL keeps none in text; what stands around it is no worse for that. JSON is written without any."""
    return text and text.replace("\x00", "")


def _dedupe_key(notice: Notice) -> bytes:
    return hashlib.sha256(notice.key.encode()).digest()


async def claim(session: Session, *, now: datetime) -> StoredNotice | None:
    """One due notice, this worker's for a minute; should it die, another one's afterwards."""
    row = await session.fetchrow(_CLAIM, now, now + CLAIM)
    if row is None:
        return None
    return StoredNotice(
        id=row["id"],
        provider=row["provider"],
        provider_app_id=row["provider_app_id"],
        notice=_read(row["content"]),
        attempts=row["attempts"],
        received_at=row["received_at"],
    )


async def finish(session: Session, notice_id: UUID, outcome: str) -> None:
    """It is done with; the health records it may have carried are kept, if at all, with the connections."""
    await session.execute(
        "UPDATE notices SET state = 'done', outcome = $2, content = content - 'documents' - 'hints' WHERE id = $1",
        notice_id, outcome,
    )  # fmt: skip


async def retry(
    session: Session, notice_id: UUID, outcome: str, *, due_at: datetime, counted: bool = True
) -> None:
    """Again at `due_at`; an attempt that is not `counted` did not fail, there was only no room for it."""
    await session.execute(
        "UPDATE notices SET outcome = $2, due_at = $3, attempts = attempts - $4 WHERE id = $1",
        notice_id, outcome, due_at, 0 if counted else 1,
    )  # fmt: skip


async def last_of_account(
    session: Session, provider_app_id: UUID, account_id: str
) -> tuple[datetime, str, str | None] | None:
    """When the vendor last told us about an account, of what kind that was, and what became of it so far."""
    row = await session.fetchrow(
        "SELECT received_at, kind, outcome FROM notices WHERE provider_app_id = $1 AND account_id = $2"
        " ORDER BY id DESC LIMIT 1",
        provider_app_id, account_id,
    )  # fmt: skip
    return (row["received_at"], row["kind"], row["outcome"]) if row else None


async def forget_older(session: Session, moment: datetime) -> int:
    """Remove finished notices received before `moment`, a few thousand at a time; return how many."""
    return await session.execute(
        "DELETE FROM notices WHERE id IN"
        " (SELECT id FROM notices WHERE state = 'done' AND received_at < $1 LIMIT 5000)",
        moment,
    )  # fmt: skip


def _read(content: dict[str, Any]) -> Notice:
    def day(name: str) -> date | None:
        return date.fromisoformat(content[name]) if content[name] else None

    return Notice(
        key=content["key"],
        kind=NoticeKind(content["kind"]),
        account_id=content["account_id"],
        occurred_at=datetime.fromisoformat(content["occurred_at"]) if content["occurred_at"] else None,
        data_types=tuple(DataType(name) for name in content["data_types"]),
        start=day("start"),
        end=day("end"),
        scopes=tuple(content["scopes"]) if content["scopes"] is not None else None,
        record_keys=tuple(content.get("record_keys", ())),
        documents={DataType(name): found for name, found in content.get("documents", {}).items()},
        hints=content.get("hints", {}),
    )


async def of_account(
    session: Session, provider_app_id: UUID, account_id: str, *, limit: int = 20
) -> list[KeptNotice]:
    """What the vendor told us of an account of late, newest first, without its content."""
    rows = await session.fetch(
        "SELECT id, kind, state, outcome, attempts, received_at, due_at FROM notices"
        " WHERE provider_app_id = $1 AND account_id = $2 ORDER BY id DESC LIMIT $3",
        provider_app_id, account_id, limit,
    )  # fmt: skip
    return [KeptNotice(**row) for row in rows]
