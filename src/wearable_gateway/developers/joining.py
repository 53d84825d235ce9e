"""Accepting an invitation: with a new password, as somebody signed in already, or vouched for by another service.

Nothing here looks at what else an e-mail address may open: only a session that was opened by whoever accepts says so.
"""

from datetime import datetime

from wearable_gateway.db.session import Database, Session
from wearable_gateway.developers import audit, passwords
from wearable_gateway.developers.invitations import Invitation, find_invitation, use_invitation
from wearable_gateway.developers.operators import add_operator
from wearable_gateway.developers.roles import Operator, OperatorSession, Way
from wearable_gateway.developers.sessions import Browser, sign_out, start_session
from wearable_gateway.developers.sign_in import sign_in_as
from wearable_gateway.errors import DisallowedError


def joins_signed_in(invitation: Invitation, session: OperatorSession | None) -> bool:
    """Whether this session is enough to accept. One opened by a link is not: no password that it knows of goes with it."""
    return (
        session is not None
        and session.email == invitation.email
        and session.opened_with in {Way.PASSWORD, Way.SINGLE_SIGN_ON}
    )


async def join_with_password(
    db: Database,
    token: str,
    password: str,
    before: OperatorSession | None,
    *,
    now: datetime,
    browser: Browser = Browser(),
) -> tuple[str, OperatorSession]:
    """A session at the new place, and its token. It takes over from `before`, the one that this browser had.

    Raises InvalidInputError for such a password, DisallowedError for such an invitation.
    """
    passwords.check_password(password)
    await find_invitation(db.autocommit, token, now)
    password_hash = await passwords.hash_password(password)
    async with db.transaction() as tx:
        operator = await _join(tx, token, password_hash, now)
        if before is not None:
            await sign_out(tx, before.id)
        # A session by password holds what this password opens, and nothing else.
        if before is not None and before.email == operator.email and before.opened_with is Way.LINK:
            return await start_session(tx, [*before.operators, operator], Way.LINK, now, browser)
        return await start_session(tx, [operator], Way.PASSWORD, now, browser)


async def join_signed_in(
    session: Session, token: str, mine: OperatorSession, now: datetime, browser: Browser = Browser()
) -> tuple[str, OperatorSession]:
    """The same with the password that this session was opened with, or none. Raises DisallowedError."""
    if not joins_signed_in(await find_invitation(session, token, now), mine):
        raise DisallowedError("this invitation is for somebody else than who is signed in")
    password_hash = None
    if mine.opened_with is Way.PASSWORD:
        password_hash = await session.fetchval(
            "SELECT password_hash FROM operators WHERE id = ANY ($1) AND password_hash IS NOT NULL LIMIT 1",
            mine.operator_ids,
        )
    operator = await _join(session, token, password_hash, now)
    # Begun anew: whoever had got hold of the old token shall not gain by it.
    await sign_out(session, mine.id)
    return await start_session(session, [*mine.operators, operator], mine.opened_with, now, browser)


async def join_as(
    session: Session, token: str, email: str, now: datetime, browser: Browser = Browser()
) -> tuple[str, OperatorSession]:
    """The same for an e-mail address that was verified elsewhere, at all of its places. Raises DisallowedError."""
    invitation = await find_invitation(session, token, now)
    if invitation.email != email:
        raise DisallowedError(f"this invitation is for another e-mail address than {email}")
    await _join(session, token, None, now)
    return await sign_in_as(session, email, now, browser)


async def _join(session: Session, token: str, password_hash: str | None, now: datetime) -> Operator:
    invitation = await use_invitation(session, token, now)
    operator = await add_operator(
        session, invitation.email, invitation.dev_id, invitation.role, password_hash
    )
    await audit.record(
        session, operator.dev_id or audit.GATEWAY, actor=f"operator:{operator.email}", action="operator.joined",
        subject=f"operator:{operator.email}",
        after={"role": operator.role.value, "invited_by": invitation.invited_by},
    )  # fmt: skip
    return operator
