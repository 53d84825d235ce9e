"""Sessions of the dashboard: begun by signing in, found by a cookie, over after twelve hours or when somebody ends them."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from wearable_gateway.db.session import Session
from wearable_gateway.developers import audit
from wearable_gateway.developers.operators import COLUMNS, read_operator
from wearable_gateway.developers.roles import Operator, OperatorSession, Way
from wearable_gateway.errors import NotFoundError
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
    session: Session, operators: Sequence[Operator], way: Way, now: datetime, browser: Browser = Browser()
) -> tuple[str, OperatorSession]:
    """A new session at these places, all of one person, and its token. Told to the audit of each of them."""
    token, token_hash = new_token()
    started = OperatorSession(
        uuid7(), operators[0].email, tuple(operators), secrets.token_urlsafe(32), now, way
    )
    await session.execute("DELETE FROM operator_sessions WHERE expires_at <= $1", now)
    user_agent = browser.user_agent[:_LONGEST_USER_AGENT] if browser.user_agent else None
    await session.execute(
        "INSERT INTO operator_sessions (token_hash, id, email, operator_ids, csrf_token, address, user_agent,"
        " created_at, seen_at, expires_at, opened_with) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $10)",
        token_hash, started.id, started.email, [operator.id for operator in operators], started.csrf_token,
        browser.address, user_agent, now, now + SESSION_LIFETIME, way.value,
    )  # fmt: skip
    for operator in operators:
        await audit.record(
            session, operator.dev_id or audit.GATEWAY, actor=f"operator:{operator.email}",
            action="operator.signed_in", subject=f"operator:{operator.email}", after={"method": way.value},
        )  # fmt: skip
    return token, started


async def find_session(session: Session, token: str, now: datetime) -> OperatorSession | None:
    """None: it is over, or none of its places is left."""
    token_hash = hash_token(token)
    row = await session.fetchrow(
        "SELECT id, email, operator_ids, csrf_token, created_at, seen_at, opened_with FROM operator_sessions"
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
    return OperatorSession(
        row["id"], row["email"], operators, row["csrf_token"], row["created_at"], Way(row["opened_with"])
    )


async def sign_out(session: Session, session_id: UUID) -> None:
    await session.execute("DELETE FROM operator_sessions WHERE id = $1", session_id)


@dataclass(frozen=True, slots=True)
class ListedSession:
    """As its owner may recognise it."""

    id: UUID
    browser: Browser
    created_at: datetime
    seen_at: datetime


async def sessions_beside(session: Session, mine: OperatorSession, now: datetime) -> list[ListedSession]:
    """The sessions that share a place with `mine`, itself included, the last used one first.

    Not all with the same e-mail address: who was let in at one place may not learn that there is another.
    """
    rows = await session.fetch(
        "SELECT id, address, user_agent, created_at, seen_at FROM operator_sessions"
        " WHERE email = $1 AND operator_ids && $2::uuid[] AND expires_at > $3 ORDER BY seen_at DESC, id LIMIT 100",
        mine.email, mine.operator_ids, now,
    )  # fmt: skip
    return [
        ListedSession(
            row["id"], Browser(row["address"], row["user_agent"]), row["created_at"], row["seen_at"]
        )
        for row in rows
    ]


async def end_beside(session: Session, mine: OperatorSession, session_id: UUID) -> None:
    """End another session at the places it shares with `mine`, which for most are all. Raises NotFoundError."""
    shared = await session.fetchval(
        "SELECT operator_ids FROM operator_sessions WHERE id = $1 AND email = $2 AND operator_ids && $3::uuid[]"
        " FOR UPDATE",
        session_id, mine.email, mine.operator_ids,
    )  # fmt: skip
    if shared is None:
        raise NotFoundError("session")
    await session.execute(
        f"UPDATE operator_sessions SET operator_ids = {_WITHOUT} WHERE id = $2", mine.operator_ids, session_id
    )
    await session.execute(
        "DELETE FROM operator_sessions WHERE id = $1 AND cardinality(operator_ids) = 0", session_id
    )
    for operator in mine.operators:
        if operator.id in shared:
            await record_sign_out(session, operator, actor=f"operator:{mine.email}")


async def end_all_beside(session: Session, mine: OperatorSession) -> None:
    """The same for every other session; `mine` goes on."""
    await leave(session, mine.email, mine.operator_ids, but=mine.id)
    for operator in mine.operators:
        await record_sign_out(session, operator, actor=f"operator:{mine.email}")


# The places of a session that are not among $1.
_WITHOUT = "ARRAY(SELECT place FROM unnest(operator_ids) AS place WHERE place <> ALL ($1::uuid[]))"


async def leave(
    session: Session, email: str, operator_ids: Sequence[UUID], *, but: UUID | None = None
) -> None:
    """Every session of this person loses these places, and ends when it has no other; but one, where it is named.

    Sign-in links to them are over too.
    """
    await session.execute(
        f"UPDATE operator_sessions SET operator_ids = {_WITHOUT}"
        " WHERE email = $2 AND operator_ids && $1::uuid[] AND id IS DISTINCT FROM $3",
        list(operator_ids), email, but,
    )  # fmt: skip
    await session.execute(
        "DELETE FROM operator_sessions WHERE email = $1 AND cardinality(operator_ids) = 0", email
    )
    await session.execute("DELETE FROM sign_in_links WHERE operator_ids && $1::uuid[]", list(operator_ids))


async def record_sign_out(session: Session, operator: Operator, *, actor: str) -> None:
    await audit.record(
        session, operator.dev_id or audit.GATEWAY, actor=actor, action="operator.signed_out",
        subject=f"operator:{operator.email}",
    )  # fmt: skip


async def note_seen(session: Session, operator: Operator, now: datetime) -> None:
    """They looked at a page of this place. Told by place: nobody learns from one when they were at another."""
    await session.execute(
        "UPDATE operators SET seen_at = $2 WHERE id = $1 AND (seen_at IS NULL OR seen_at < $3)",
        operator.id, now, now - _SEEN_EVERY,
    )  # fmt: skip
