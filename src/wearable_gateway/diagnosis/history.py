"""What happened to a user: what people changed, and what became of the connection, as one list."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from wearable_gateway.db.session import Session
from wearable_gateway.events.catalog import EventType
from wearable_gateway.kit import json

_TYPES = [
    one.value
    for one in (
        EventType.AUTH, EventType.DEAUTH, EventType.USER_REAUTH, EventType.ACCESS_REVOKED,
        EventType.CONNECTION_ERROR, EventType.PERMISSION_CHANGE,
    )
]  # fmt: skip
_AUDIT = """
SELECT id, at, actor, action, before, after, address FROM audit_entries
WHERE dev_id = $1 AND subject = $2 AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4
"""
_EVENTS = """
SELECT id, created_at, type, body FROM events
WHERE dev_id = $1 AND user_id = $2 AND type = ANY ($3) AND ($4::uuid IS NULL OR id < $4) ORDER BY id DESC LIMIT $5
"""


@dataclass(frozen=True, slots=True)
class Changed:
    """Somebody changed the user: an audit entry. `actor` is written `kind:id`."""

    id: UUID
    at: datetime
    actor: str
    action: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    address: str | None


@dataclass(frozen=True, slots=True)
class Happened:
    """An event that the developer was told; `detail` is what it adds to its type."""

    id: UUID
    at: datetime
    type: str
    detail: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """The newest first; `next` is where to go on, None at the end."""

    entries: list[Changed | Happened]
    next: UUID | None


async def history(
    session: Session, dev_id: str, user_id: UUID, *, before: UUID | None = None, limit: int
) -> Page:
    """Ids of both kinds sort by their time. Events are there as long as events are kept."""
    changes = await session.fetch(_AUDIT, dev_id, f"connection:{user_id}", before, limit + 1)
    events = await session.fetch(_EVENTS, dev_id, user_id, _TYPES, before, limit + 1)
    merged: list[Changed | Happened] = [
        *(Changed(**{**row, "before": row["before"] or {}, "after": row["after"] or {}}) for row in changes),
        *(
            Happened(row["id"], row["created_at"], row["type"], _detail(row["type"], row["body"]))
            for row in events
        ),
    ]
    merged.sort(key=lambda entry: entry.id, reverse=True)
    shown = merged[:limit]
    return Page(shown, shown[-1].id if len(merged) > limit else None)


def _detail(kind: str, body: bytes) -> str | None:
    """None of the events read here holds a health value."""
    content = json.load(body)
    if kind == EventType.CONNECTION_ERROR:
        return str(content["message"]).removeprefix("Connection degraded: ")
    if kind == EventType.PERMISSION_CHANGE:
        words = {"added": content["scopes_added"], "withdrawn": content["scopes_removed"]}
        return "; ".join(f"{what}: {scopes}" for what, scopes in words.items() if scopes)
    if kind == EventType.USER_REAUTH:
        return f"instead of {content['old_user']['user_id']}"
    return str(content["reason"]) if content.get("reason") else None
