"""Operators: who may enter the dashboard, by a password or by a link used once, and for how long."""

import hashlib
import hmac
import math
import re
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from wearable_gateway.db.session import Row, Session
from wearable_gateway.developers import passwords
from wearable_gateway.developers.keys import find_developer
from wearable_gateway.developers.models import Operator, OperatorSession
from wearable_gateway.errors import (
    DisallowedError,
    InvalidInputError,
    NotFoundError,
    UnauthenticatedError,
)
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.kit.ids import uuid7

SESSION_LIFETIME = timedelta(hours=12)
LINK_LIFETIME = timedelta(minutes=15)
MOST_FAILURES = 5
FAILURE_WINDOW = timedelta(minutes=15)
_EMAIL = re.compile(r"[^@\s\x00-\x20\x7f]+@[^@\s\x00-\x20\x7f]+")
_LONGEST_EMAIL = 254


def may_see(operator: Operator, dev_id: str) -> bool:
    """Whether this developer's data is `operator`'s business."""
    return operator.dev_id is None or operator.dev_id == dev_id


def same_token(given: str, expected: str) -> bool:
    """In a time that does not depend on where they differ; an empty `expected` matches nothing."""
    return bool(expected) and hmac.compare_digest(given.encode(errors="replace"), expected.encode())


def normalise_email(email: str) -> str:
    """Raises InvalidInputError."""
    address = email.strip().lower()
    if len(address) > _LONGEST_EMAIL or not _EMAIL.fullmatch(address):
        raise InvalidInputError("email", "an e-mail address such as ann@example.org")
    return address


async def create_operator(
    session: Session, email: str, password: str | None = None, dev_id: str | None = None
) -> Operator:
    """Without a password they enter by sign-in links alone. Raises InvalidInputError, NotFoundError."""
    operator = Operator(uuid7(), normalise_email(email), dev_id)
    if dev_id is not None:
        await find_developer(session, dev_id)
    password_hash = None
    if password is not None:
        password_hash = await passwords.hash_password(passwords.check_password(password))
    created = await session.execute(
        "INSERT INTO operators (id, email, dev_id, password_hash, created_at) VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT DO NOTHING",
        operator.id, operator.email, dev_id, password_hash, utc_now(),
    )  # fmt: skip
    if not created:
        raise InvalidInputError("email", f"{operator.email} is an operator already; choose another")
    return operator


async def find_operator(session: Session, email: str) -> Operator:
    """Raises NotFoundError, InvalidInputError."""
    row = await session.fetchrow(
        "SELECT id, email, dev_id FROM operators WHERE email = $1", normalise_email(email)
    )
    if row is None:
        raise NotFoundError("operator")
    return Operator(**row)


async def set_password(session: Session, operator_id: UUID, password: str) -> None:
    """Signs them out everywhere, in case the old one had leaked. Raises InvalidInputError, NotFoundError."""
    password_hash = await passwords.hash_password(passwords.check_password(password))
    if not await _keep_password(session, operator_id, password_hash):
        raise NotFoundError("operator")
    await session.execute("DELETE FROM operator_sessions WHERE operator_id = $1", operator_id)


async def _keep_password(session: Session, operator_id: UUID, password_hash: str) -> bool:
    changed = await session.execute(
        "UPDATE operators SET password_hash = $2 WHERE id = $1", operator_id, password_hash
    )
    return bool(changed)


async def sign_in(session: Session, email: str, password: str, now: datetime) -> tuple[str, OperatorSession]:
    """A new session and its token. Raises UnauthenticatedError; DisallowedError after too many failures.

    `session` is `Database.autocommit`: a failure is raised and must be counted all the same, and no transaction
    waits for a password to be verified.
    """
    try:
        address = normalise_email(email)
    except InvalidInputError as error:
        raise UnauthenticatedError("the e-mail address or the password is not right") from error
    await _count_attempt(session, address, now)
    row = await session.fetchrow(
        "SELECT id, email, dev_id, password_hash FROM operators WHERE email = $1", address
    )
    if not await passwords.is_right(row["password_hash"] if row else None, password) or row is None:
        raise UnauthenticatedError("the e-mail address or the password is not right")
    if passwords.needs_rehash(row["password_hash"]):
        await _keep_password(session, row["id"], await passwords.hash_password(password))
    await session.execute(
        "DELETE FROM sign_in_failures WHERE email = $1 OR since <= $2", address, now - FAILURE_WINDOW
    )
    return await _start_session(session, _operator(row), now)


async def _count_attempt(session: Session, email: str, now: datetime) -> None:
    """Each attempt counts as a failure until it succeeds, so that many at the same time get no further."""
    row = await session.fetchrow(
        "INSERT INTO sign_in_failures AS f (email, failures, since) VALUES ($1, 1, $2)"
        " ON CONFLICT (email) DO UPDATE SET"
        " failures = CASE WHEN f.since <= $3 THEN 1 ELSE f.failures + 1 END,"
        " since = CASE WHEN f.since <= $3 THEN $2 ELSE f.since END"
        " RETURNING failures, since",
        email, now, now - FAILURE_WINDOW,
    )  # fmt: skip
    if row and row["failures"] > MOST_FAILURES:
        minutes = max(1, math.ceil((row["since"] + FAILURE_WINDOW - now) / timedelta(minutes=1)))
        raise DisallowedError(
            f"too many failed attempts: wait {minutes} minute{'s' if minutes > 1 else ''} and try again"
        )


async def issue_sign_in_link(
    session: Session, operator_id: UUID, now: datetime, *, lifetime: timedelta = LINK_LIFETIME
) -> str:
    """The token of a link that signs `operator_id` in once."""
    token, token_hash = _new_token()
    await session.execute("DELETE FROM sign_in_links WHERE expires_at <= $1", now)
    await session.execute(
        "INSERT INTO sign_in_links (token_hash, operator_id, expires_at) VALUES ($1, $2, $3)",
        token_hash, operator_id, now + lifetime,
    )  # fmt: skip
    return token


async def use_sign_in_link(session: Session, token: str, now: datetime) -> tuple[str, OperatorSession]:
    """A new session and its token. Raises DisallowedError for a link that was used, expired or never was."""
    operator_id = await session.fetchval(
        "DELETE FROM sign_in_links WHERE token_hash = $1 AND expires_at > $2 RETURNING operator_id",
        _hash(token), now,
    )  # fmt: skip
    row = await session.fetchrow("SELECT id, email, dev_id FROM operators WHERE id = $1", operator_id)
    if row is None:
        raise DisallowedError("this sign-in link was used already or is too old: ask for a new one")
    return await _start_session(session, _operator(row), now)


async def _start_session(session: Session, operator: Operator, now: datetime) -> tuple[str, OperatorSession]:
    token, token_hash = _new_token()
    csrf_token = secrets.token_urlsafe(32)
    await session.execute("DELETE FROM operator_sessions WHERE expires_at <= $1", now)
    await session.execute(
        "INSERT INTO operator_sessions (token_hash, operator_id, csrf_token, created_at, expires_at)"
        " VALUES ($1, $2, $3, $4, $5)",
        token_hash, operator.id, csrf_token, now, now + SESSION_LIFETIME,
    )  # fmt: skip
    return token, OperatorSession(operator, csrf_token)


async def find_session(session: Session, token: str, now: datetime) -> OperatorSession | None:
    row = await session.fetchrow(
        "SELECT o.id, o.email, o.dev_id, s.csrf_token FROM operator_sessions s"
        " JOIN operators o ON o.id = s.operator_id WHERE s.token_hash = $1 AND s.expires_at > $2",
        _hash(token), now,
    )  # fmt: skip
    return OperatorSession(_operator(row), row["csrf_token"]) if row else None


async def sign_out(session: Session, token: str) -> None:
    await session.execute("DELETE FROM operator_sessions WHERE token_hash = $1", _hash(token))


def _operator(row: Row) -> Operator:
    return Operator(row["id"], row["email"], row["dev_id"])


def _new_token() -> tuple[str, bytes]:
    token = secrets.token_urlsafe(32)
    return token, _hash(token)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="replace")).digest()
