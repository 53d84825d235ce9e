"""Admin tokens: for programs that administer the gateway, or one of its developers, as far as their scopes go."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from wearable_gateway.db.session import Row, Session
from wearable_gateway.developers import audit
from wearable_gateway.developers.keys import KeyHasher, find_developer
from wearable_gateway.developers.scopes import EVERYTHING, check_scopes, covers
from wearable_gateway.errors import (
    DisallowedError,
    InvalidInputError,
    NotFoundError,
    UnauthenticatedError,
)
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.kit.ids import uuid7

_COLUMNS = "id, name, scopes, dev_id, created_at, revoked_at"
_PREFIX = "wga_"
_LABEL = "admin-token"
_LONGEST_TOKEN = 128
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class AdminToken:
    """A token as it can be shown: never the token itself."""

    id: UUID
    name: str
    scopes: tuple[str, ...]
    dev_id: str | None
    """The one developer it reaches; None: all of them, and the gateway."""
    created_at: datetime
    revoked_at: datetime | None

    @property
    def actor(self) -> str:
        """How the audit calls whoever acts with it."""
        return f"admin-token:{self.id}"


async def issue_admin_token(
    session: Session,
    hasher: KeyHasher,
    name: str,
    scopes: Sequence[str] = (EVERYTHING,),
    dev_id: str | None = None,
    *,
    actor: str,
) -> tuple[AdminToken, str]:
    """A new token and its text, which is shown this once and kept nowhere. Audited.

    Raises InvalidInputError, NotFoundError.
    """
    if not 1 <= len(name.strip()) <= _LONGEST_NAME:
        raise InvalidInputError("name", f"what the token is for, in 1 to {_LONGEST_NAME} characters")
    if dev_id is not None:
        await find_developer(session, dev_id)
    text = _PREFIX + secrets.token_urlsafe(32)
    token = AdminToken(uuid7(), name.strip(), check_scopes(scopes), dev_id, utc_now(), None)
    await session.execute(
        "INSERT INTO admin_tokens (id, token_hmac, name, scopes, dev_id, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
        token.id, hasher.hash(text, label=_LABEL), token.name, list(token.scopes), dev_id, token.created_at,
    )  # fmt: skip
    await audit.record(
        session, audit.GATEWAY, actor=actor, action="admin_token.created", subject=token.actor,
        after={"name": token.name, "scopes": token.scopes, "dev_id": dev_id},
    )  # fmt: skip
    return token, text


async def issue_for(
    session: Session,
    hasher: KeyHasher,
    issuer: AdminToken,
    name: str,
    *,
    scopes: Sequence[str],
    dev_id: str | None,
) -> tuple[AdminToken, str]:
    """A token that may do no more than the one that asks for it. Raises DisallowedError besides."""
    for scope in check_scopes(scopes):
        if not covers(issuer.scopes, scope):
            raise DisallowedError(f"a token makes none that may do more than itself: it lacks {scope}")
    return await issue_admin_token(session, hasher, name, scopes, dev_id, actor=issuer.actor)


async def list_admin_tokens(session: Session) -> list[AdminToken]:
    rows = await session.fetch(f"SELECT {_COLUMNS} FROM admin_tokens ORDER BY id")
    return [_read(row) for row in rows]


async def page_of_admin_tokens(session: Session, *, after: UUID | None, limit: int) -> list[AdminToken]:
    """By id, which is by age, from the one behind `after` on."""
    rows = await session.fetch(
        f"SELECT {_COLUMNS} FROM admin_tokens WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT $2",
        after,
        limit,
    )
    return [_read(row) for row in rows]


async def find_admin_token(session: Session, token_id: UUID) -> AdminToken:
    """Raises NotFoundError."""
    row = await session.fetchrow(f"SELECT {_COLUMNS} FROM admin_tokens WHERE id = $1", token_id)
    if row is None:
        raise NotFoundError("admin token")
    return _read(row)


async def revoke_admin_token(session: Session, token_id: UUID, *, actor: str) -> None:
    """Works at once in every process; audited. Raises NotFoundError; revoking twice is fine."""
    token = await find_admin_token(session, token_id)
    revoked = await session.execute(
        "UPDATE admin_tokens SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL", token_id, utc_now()
    )
    if revoked:
        await audit.record(
            session, audit.GATEWAY, actor=actor, action="admin_token.revoked", subject=token.actor,
            before={"name": token.name, "scopes": token.scopes, "dev_id": token.dev_id},
        )  # fmt: skip


async def authenticate_admin(session: Session, hasher: KeyHasher, text: str | None) -> AdminToken:
    """The live token this is. Raises UnauthenticatedError, never saying what was wrong."""
    row = None
    if text and text.startswith(_PREFIX) and len(text) <= _LONGEST_TOKEN:
        row = await session.fetchrow(
            f"SELECT {_COLUMNS} FROM admin_tokens WHERE token_hmac = $1 AND revoked_at IS NULL",
            hasher.hash(text, label=_LABEL),
        )
    if row is None:
        raise UnauthenticatedError("an `Authorization: Bearer` header with a live admin token is required")
    return _read(row)


def _read(row: Row) -> AdminToken:
    return AdminToken(
        id=row["id"],
        name=row["name"],
        scopes=tuple(row["scopes"]),
        dev_id=row["dev_id"],
        created_at=row["created_at"],
        revoked_at=row["revoked_at"],
    )
