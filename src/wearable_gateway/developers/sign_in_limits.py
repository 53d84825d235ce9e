"""How often may somebody try to sign in? By e-mail address, and by the address they come from.

An e-mail address has a few failures in a quarter of an hour. A network address has many, and then one for each
`Limit.every` that passes: whoever guesses gets no further, and the others behind the address never wait for long.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from wearable_gateway.db.session import Database, Session
from wearable_gateway.errors import DisallowedError

MOST_FAILURES = 5
FAILURE_WINDOW = timedelta(minutes=15)
_SITE_BITS = 64


@dataclass(frozen=True, slots=True)
class Limit:
    """`burst` attempts at once, then one for each `every` that passes."""

    burst: int
    every: timedelta


PER_ADDRESS = Limit(burst=30, every=timedelta(seconds=20))


@dataclass(frozen=True, slots=True)
class Verdict:
    """`drained_at`: when all that was taken will have come back. `wait`: until the next attempt, nothing if it may be made."""

    drained_at: datetime
    wait: timedelta = timedelta()


def attempt(limit: Limit, drained_at: datetime | None, now: datetime) -> Verdict:
    """One more attempt. One that has to wait takes nothing, so that trying again does not prolong it."""
    taken = max(drained_at or now, now) + limit.every
    wait = taken - now - limit.burst * limit.every
    if wait > timedelta():
        return Verdict(taken - limit.every, wait)
    return Verdict(taken)


def counted_as(address: str) -> str:
    """What attempts from `address` are counted under: of IPv6 the site, within which anybody has addresses enough."""
    try:
        known = ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(known, IPv6Address):
        if known.ipv4_mapped:
            return str(known.ipv4_mapped)
        return str(ip_network((int(known), _SITE_BITS), strict=False))
    return str(known)


async def count_attempt(db: Database, email: str, address: str | None, now: datetime) -> None:
    """Each counts as a failure until it succeeds, so that many at the same time get no further. Raises DisallowedError."""
    if address is not None:
        await _count_by_address(db, counted_as(address), now)
    await _count_by_email(db.autocommit, email, now)


async def _count_by_address(db: Database, address: str, now: datetime) -> None:
    async with db.transaction() as tx:
        await tx.execute(
            "INSERT INTO sign_in_addresses (address, drained_at) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            address, now,
        )  # fmt: skip
        drained_at = await tx.fetchval(
            "SELECT drained_at FROM sign_in_addresses WHERE address = $1 FOR UPDATE", address
        )
        verdict = attempt(PER_ADDRESS, drained_at, now)
        await tx.execute(
            "UPDATE sign_in_addresses SET drained_at = $2 WHERE address = $1", address, verdict.drained_at
        )
    if verdict.wait:
        seconds = max(1, math.ceil(verdict.wait / timedelta(seconds=1)))
        raise DisallowedError(
            f"too many failed attempts from your network: wait {seconds} second{'s' if seconds > 1 else ''}"
            " and try again"
        )


async def _count_by_email(session: Session, email: str, now: datetime) -> None:
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


async def succeeded(session: Session, email: str, address: str | None) -> None:
    """The attempt was none of those that are counted."""
    await session.execute("DELETE FROM sign_in_failures WHERE email = $1", email)
    if address is not None:
        await session.execute(
            "UPDATE sign_in_addresses SET drained_at = drained_at - $2::interval WHERE address = $1",
            counted_as(address), PER_ADDRESS.every,
        )  # fmt: skip


async def forget_attempts(session: Session, now: datetime) -> None:
    """Remove what no longer counts."""
    await session.execute("DELETE FROM sign_in_failures WHERE since <= $1", now - FAILURE_WINDOW)
    await session.execute("DELETE FROM sign_in_addresses WHERE drained_at <= $1", now)
