"""Signing in: by a password, by a link used once, or as somebody whose e-mail address another service vouches for."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from wearable_gateway.db.session import Database, Row, Session
from wearable_gateway.developers import passwords
from wearable_gateway.developers.operators import COLUMNS, keep_password, normalise_email, read_operator
from wearable_gateway.developers.roles import OperatorSession, Way
from wearable_gateway.developers.sessions import Browser, hash_token, new_token, start_session
from wearable_gateway.developers.sign_in_limits import count_attempt, succeeded
from wearable_gateway.errors import DisallowedError, InvalidInputError, UnauthenticatedError

LINK_LIFETIME = timedelta(minutes=15)
_NOT_RIGHT = "the e-mail address or the password is not right"


async def sign_in(
    db: Database, email: str, password: str, now: datetime, browser: Browser = Browser()
) -> tuple[str, OperatorSession]:
    """A new session at every place with this password, and its token.

    Raises UnauthenticatedError; DisallowedError after too many failures. No transaction waits for a password to be
    verified.
    """
    try:
        address = normalise_email(email)
    except InvalidInputError as error:
        raise UnauthenticatedError(_NOT_RIGHT) from error
    await count_attempt(db, address, browser.address, now)
    rows = await db.autocommit.fetch(
        f"SELECT {COLUMNS}, password_hash FROM operators WHERE email = $1 ORDER BY id", address
    )
    opened = await opened_by(rows, password)
    fresh = await _fresh_hash(opened, password)
    async with db.transaction() as tx:
        # Whose password was changed meanwhile is not let in by the old one.
        still = await tx.fetch(
            f"SELECT {COLUMNS} FROM operators WHERE id = ANY ($1) AND password_hash = ANY ($2) ORDER BY id"
            " FOR UPDATE",
            [row["id"] for row in opened], [row["password_hash"] for row in opened],
        )  # fmt: skip
        if not still:
            raise UnauthenticatedError(_NOT_RIGHT)
        if fresh is not None:
            await keep_password(tx, [row["id"] for row in still], fresh)
        await succeeded(tx, address, browser.address)
        return await start_session(tx, [read_operator(row) for row in still], Way.PASSWORD, now, browser)


async def opened_by(rows: Sequence[Row], password: str) -> list[Row]:
    """The places whose password this is. Those that share a hash, set together, are verified once."""
    hashes = {row["password_hash"] for row in rows} or {None}
    right = {kept for kept in hashes if await passwords.is_right(kept, password)}
    return [row for row in rows if row["password_hash"] in right]


async def _fresh_hash(opened: Sequence[Row], password: str) -> str | None:
    """The password's hash as hashes are made today, where one of these was made otherwise."""
    if any(passwords.needs_rehash(row["password_hash"]) for row in opened):
        return await passwords.hash_password(password)
    return None


async def sign_in_as(
    session: Session, email: str, now: datetime, browser: Browser = Browser()
) -> tuple[str, OperatorSession]:
    """A new session at every place of an e-mail address that was verified elsewhere. Raises DisallowedError."""
    rows = await session.fetch(
        f"SELECT {COLUMNS} FROM operators WHERE email = $1 ORDER BY id", normalise_email(email)
    )
    if not rows:
        raise DisallowedError(f"{email} has no place here yet: ask for an invitation")
    return await start_session(
        session, [read_operator(row) for row in rows], Way.SINGLE_SIGN_ON, now, browser
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
    return await start_session(session, [read_operator(row) for row in rows], Way.LINK, now, browser)
