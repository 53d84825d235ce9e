"""Setting a password: one's own, or by whoever works on the gateway's machine."""

from collections.abc import Sequence

from wearable_gateway.db.session import Database, Session
from wearable_gateway.developers import audit, passwords
from wearable_gateway.developers.operators import COLUMNS, keep_password, read_operator
from wearable_gateway.developers.roles import Operator, OperatorSession, Way
from wearable_gateway.developers.sessions import Browser, leave
from wearable_gateway.developers.sign_in import opened_by
from wearable_gateway.developers.sign_in_limits import count_attempt, succeeded
from wearable_gateway.errors import InvalidInputError, NotFoundError
from wearable_gateway.kit.clock import Clock


async def set_password(session: Session, places: Sequence[Operator], password: str, *, actor: str) -> None:
    """The same for all these places of one person; signs them out of them, in case the old one had leaked.

    Raises InvalidInputError, NotFoundError.
    """
    password_hash = await passwords.hash_password(passwords.check_password(password))
    if not await keep_password(session, [place.id for place in places], password_hash):
        raise NotFoundError("operator")
    await leave(session, places[0].email, [place.id for place in places])
    await _record(session, places, actor)


async def is_current_asked_for(session: Session, mine: OperatorSession) -> bool:
    """Not of who came by a link, as those do who forgot it, nor of who never had one."""
    if mine.opened_with is Way.LINK:
        return False
    found = await session.fetchval(
        "SELECT count(*) FROM operators WHERE id = ANY ($1) AND password_hash IS NOT NULL", mine.operator_ids
    )
    return bool(found)


async def change_password(
    db: Database, mine: OperatorSession, current: str, password: str, *, browser: Browser, clock: Clock
) -> None:
    """A new one for the places of this session that `current` opens, and those that have none.

    Other sessions lose these places, this one goes on. Raises InvalidInputError, naming `current` or `password`;
    DisallowedError after too many failures.
    """
    passwords.check_password(password)
    rows = await db.autocommit.fetch(
        f"SELECT {COLUMNS}, password_hash FROM operators WHERE id = ANY ($1) ORDER BY id", mine.operator_ids
    )
    if await is_current_asked_for(db.autocommit, mine):
        await count_attempt(db, mine.email, browser.address, clock())
        right = await opened_by([row for row in rows if row["password_hash"]], current)
        if not right:
            raise InvalidInputError("current", "the password you have now")
        await succeeded(db.autocommit, mine.email, browser.address)
        rows = [row for row in rows if row in right or row["password_hash"] is None]
    places = [read_operator(row) for row in rows]
    ids = [place.id for place in places]
    password_hash = await passwords.hash_password(password)
    async with db.transaction() as tx:
        await keep_password(tx, ids, password_hash)
        await leave(tx, mine.email, ids, but=mine.id)
        if mine.opened_with is Way.LINK:
            await tx.execute(
                "UPDATE operator_sessions SET opened_with = $2 WHERE id = $1", mine.id, Way.PASSWORD.value
            )
        await _record(tx, places, f"operator:{mine.email}")


async def _record(session: Session, places: Sequence[Operator], actor: str) -> None:
    for place in places:
        await audit.record(
            session, place.dev_id or audit.GATEWAY, actor=actor, action="operator.password_changed",
            subject=f"operator:{place.email}",
        )  # fmt: skip
