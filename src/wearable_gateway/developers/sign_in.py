"""Signing in, by a password or by a link used once; how often somebody may try."""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from wearable_gateway.db.session import Row, Session
from wearable_gateway.developers import passwords
from wearable_gateway.developers.operators import COLUMNS, keep_password, normalise_email, read_operator
from wearable_gateway.developers.roles import OperatorSession
from wearable_gateway.developers.sessions import Browser, hash_token, new_token, start_session
from wearable_gateway.errors import DisallowedError, InvalidInputError, UnauthenticatedError

LINK_LIFETIME = timedelta(minutes=15)
MOST_FAILURES = 5
FAILURE_WINDOW = timedelta(minutes=15)
_NOT_RIGHT = "the e-mail address or the password is not right"


async def sign_in(
    session: Session, email: str, password: str, now: datetime, browser: Browser = Browser()
) -> tuple[str, OperatorSession]:
    """A new session at every place with this password, and its token.

    Raises UnauthenticatedError; DisallowedError after too many failures. `session` is `Database.autocommit`: a failure
    is raised and must be counted all the same, and no transaction waits for a password to be verified.
    """
    try:
        address = normalise_email(email)
    except InvalidInputError as error:
        raise UnauthenticatedError(_NOT_RIGHT) from error
    await _count_attempt(session, address, now)
    rows = await session.fetch(
        f"SELECT {COLUMNS}, password_hash FROM operators WHERE email = $1 ORDER BY id", address
    )
    opened = await _opened_by(rows, password)
    if not opened:
        raise UnauthenticatedError(_NOT_RIGHT)
    if any(passwords.needs_rehash(row["password_hash"]) for row in opened):
        await keep_password(session, [row["id"] for row in opened], await passwords.hash_password(password))
    await session.execute(
        "DELETE FROM sign_in_failures WHERE email = $1 OR since <= $2", address, now - FAILURE_WINDOW
    )
    return await start_session(session, [read_operator(row) for row in opened], now, browser)


async def _opened_by(rows: Sequence[Row], password: str) -> list[Row]:
    """The places whose password this is. Those that share a hash, set together, are verified once."""
    hashes = {row["password_hash"] for row in rows} or {None}
    right = {kept for kept in hashes if await passwords.is_right(kept, password)}
    return [row for row in rows if row["password_hash"] in right]


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
    session: Session, operator_ids: Sequence[UUID], now: datetime, *, lifetime: timedelta = LINK_LIFETIME
) -> str:
    """The token of a link that signs its user in once, at these places, all of one person."""
    token, token_hash = new_token()
    await session.execute("DELETE FROM sign_in_links WHERE expires_at <= $1", now)
    await session.execute(
        "INSERT INTO sign_in_links (token_hash, operator_ids, expires_at) VALUES ($1, $2, $3)",
        token_hash, list(operator_ids), now + lifetime,
    )  # fmt: skip
    return token


async def use_sign_in_link(
    session: Session, token: str, now: datetime, browser: Browser = Browser()
) -> tuple[str, OperatorSession]:
    """A new session and its token. Raises DisallowedError for a link that was used, expired or never was."""
    operator_ids = await session.fetchval(
        "DELETE FROM sign_in_links WHERE token_hash = $1 AND expires_at > $2 RETURNING operator_ids",
        hash_token(token), now,
    )  # fmt: skip
    rows = await session.fetch(
        f"SELECT {COLUMNS} FROM operators WHERE id = ANY ($1) ORDER BY id", operator_ids or []
    )
    if not rows:
        raise DisallowedError("this sign-in link was used already or is too old: ask for a new one")
    return await start_session(session, [read_operator(row) for row in rows], now, browser)
