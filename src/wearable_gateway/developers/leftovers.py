"""What developers leave behind that time alone makes useless; the worker removes it, for all of them at once."""

from datetime import datetime

from wearable_gateway.db.session import Session


async def forget_request_counts(session: Session, moment: datetime) -> int:
    """Remove the counts of the minutes before `moment`."""
    return await session.execute("DELETE FROM request_counts WHERE minute < $1", moment)


async def forget_auth_tokens(session: Session, moment: datetime) -> int:
    """Remove the tokens that nobody used before they expired, earlier than `moment`."""
    return await session.execute("DELETE FROM auth_tokens WHERE expires_at < $1", moment)


async def forget_idempotency_keys(session: Session, moment: datetime) -> int:
    """Remove the answers to requests that were first sent before `moment`."""
    return await session.execute("DELETE FROM idempotency_keys WHERE created_at < $1", moment)


async def forget_invitations(session: Session, moment: datetime) -> int:
    """Remove the invitations that were over before `moment`, and that nobody renewed."""
    return await session.execute("DELETE FROM invitations WHERE expires_at < $1", moment)


async def forget_sessions(session: Session, moment: datetime) -> int:
    """Remove the sessions and the sign-in links that were over before `moment`."""
    await session.execute("DELETE FROM sign_in_links WHERE expires_at < $1", moment)
    return await session.execute("DELETE FROM operator_sessions WHERE expires_at < $1", moment)
