"""Admin tokens: for programs that administer the gateway, and so see every developer."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from wearable_gateway.db.session import Session
from wearable_gateway.developers import audit
from wearable_gateway.developers.keys import KeyHasher
from wearable_gateway.errors import InvalidInputError, NotFoundError, UnauthenticatedError
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.kit.ids import uuid7

_PREFIX = "wga_"
_LABEL = "admin-token"
_LONGEST_TOKEN = 128
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class AdminToken:
    """A token as it can be shown: never the token itself."""

    id: UUID
    name: str
    created_at: datetime
    revoked_at: datetime | None

    @property
    def actor(self) -> str:
        """How the audit calls whoever acts with it."""
        return f"admin-token:{self.id}"


async def issue_admin_token(
    session: Session, hasher: KeyHasher, name: str, *, actor: str
) -> tuple[AdminToken, str]:
    """A new token and its text, which is shown this once and kept nowhere. Audited. Raises InvalidInputError."""
    if not 1 <= len(name.strip()) <= _LONGEST_NAME:
        raise InvalidInputError("name", f"what the token is for, in 1 to {_LONGEST_NAME} characters")
    text = _PREFIX + secrets.token_urlsafe(32)
    token = AdminToken(uuid7(), name.strip(), utc_now(), None)
    await session.execute(
        "INSERT INTO admin_tokens (id, token_hmac, name, created_at) VALUES ($1, $2, $3, $4)",
        token.id, hasher.hash(text, label=_LABEL), token.name, token.created_at,
    )  # fmt: skip
    await audit.record(
        session, audit.GATEWAY, actor=actor, action="admin_token.created", subject=token.actor,
        after={"name": token.name},
    )  # fmt: skip
    return token, text


async def list_admin_tokens(session: Session) -> list[AdminToken]:
    rows = await session.fetch("SELECT id, name, created_at, revoked_at FROM admin_tokens ORDER BY id")
    return [AdminToken(**row) for row in rows]


async def find_admin_token(session: Session, token_id: UUID) -> AdminToken:
    """Raises NotFoundError."""
    row = await session.fetchrow(
        "SELECT id, name, created_at, revoked_at FROM admin_tokens WHERE id = $1", token_id
    )
    if row is None:
        raise NotFoundError("admin token")
    return AdminToken(**row)


async def revoke_admin_token(session: Session, token_id: UUID, *, actor: str) -> None:
    """Works at once in every process; audited. Raises NotFoundError; revoking twice is fine."""
    token = await find_admin_token(session, token_id)
    revoked = await session.execute(
        "UPDATE admin_tokens SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL", token_id, utc_now()
    )
    if revoked:
        await audit.record(
            session, audit.GATEWAY, actor=actor, action="admin_token.revoked", subject=token.actor,
            before={"name": token.name},
        )  # fmt: skip


async def authenticate_admin(session: Session, hasher: KeyHasher, text: str | None) -> AdminToken:
    """The live token this is. Raises UnauthenticatedError, never saying what was wrong."""
    row = None
    if text and text.startswith(_PREFIX) and len(text) <= _LONGEST_TOKEN:
        row = await session.fetchrow(
            "SELECT id, name, created_at, revoked_at FROM admin_tokens"
            " WHERE token_hmac = $1 AND revoked_at IS NULL",
            hasher.hash(text, label=_LABEL),
        )
    if row is None:
        raise UnauthenticatedError("an `Authorization: Bearer` header with a live admin token is required")
    return AdminToken(**row)
