"""Sessions of the dashboard: begun by signing in, found by a cookie, over after twelve hours or when somebody ends them."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from wearable_gateway.db.session import Session
from wearable_gateway.developers.operators import COLUMNS, read_operator
from wearable_gateway.developers.roles import Operator, OperatorSession
from wearable_gateway.kit.ids import uuid7

SESSION_LIFETIME = timedelta(hours=12)
_SEEN_EVERY = timedelta(minutes=1)
_LONGEST_USER_AGENT = 300


@dataclass(frozen=True, slots=True)
class Browser:
    """What somebody signs in with, as they shall recognise it in a list of their sessions."""

    address: str | None = None
    user_agent: str | None = None


def same_token(given: str, expected: str) -> bool:
    """In a time that does not depend on where they differ; an empty `expected` matches nothing."""
    return bool(expected) and hmac.compare_digest(given.encode(errors="replace"), expected.encode())


def new_token() -> tuple[str, bytes]:
    """A secret, and what is kept of it."""
    token = secrets.token_urlsafe(32)
    return token, hash_token(token)


def hash_token(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="replace")).digest()


async def start_session(
    session: Session, operators: Sequence[Operator], now: datetime, browser: Browser = Browser()
) -> tuple[str, OperatorSession]:
    """A new session at these places, all of one person, and its token."""
    token, token_hash = new_token()
    started = OperatorSession(uuid7(), operators[0].email, tuple(operators), secrets.token_urlsafe(32), now)
    await session.execute("DELETE FROM operator_sessions WHERE expires_at <= $1", now)
    user_agent = browser.user_agent[:_LONGEST_USER_AGENT] if browser.user_agent else None
    await session.execute(
        "INSERT INTO operator_sessions (token_hash, id, email, operator_ids, csrf_token, address, user_agent,"
        " created_at, seen_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9)",
        token_hash, started.id, started.email, [operator.id for operator in operators], started.csrf_token,
        browser.address, user_agent, now, now + SESSION_LIFETIME,
    )  # fmt: skip
    return token, started


async def find_session(session: Session, token: str, now: datetime) -> OperatorSession | None:
    """None: it is over, or none of its places is left."""
    token_hash = hash_token(token)
    row = await session.fetchrow(
        "SELECT id, email, operator_ids, csrf_token, created_at, seen_at FROM operator_sessions"
        " WHERE token_hash = $1 AND expires_at > $2",
        token_hash, now,
    )  # fmt: skip
    if row is None:
        return None
    places = await session.fetch(
        f"SELECT {COLUMNS} FROM operators WHERE id = ANY ($1) ORDER BY id", row["operator_ids"]
    )
    if not places:
        return None
    if row["seen_at"] < now - _SEEN_EVERY:
        await session.execute(
            "UPDATE operator_sessions SET seen_at = $2 WHERE token_hash = $1", token_hash, now
        )
    operators = tuple(read_operator(place) for place in places)
    return OperatorSession(row["id"], row["email"], operators, row["csrf_token"], row["created_at"])


async def sign_out(session: Session, session_id: UUID) -> None:
    await session.execute("DELETE FROM operator_sessions WHERE id = $1", session_id)
