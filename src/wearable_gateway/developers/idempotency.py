"""Idempotency keys: a request that is sent again with its key is not carried out again, and gets the same answer for a day.

https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from wearable_gateway.db.session import Session
from wearable_gateway.errors import AlreadyUnderWayError, InvalidInputError, RefusedError
from wearable_gateway.kit import json
from wearable_gateway.kit.encryption import Keyring

KEPT_FOR = timedelta(hours=24)
CLAIMED_FOR = timedelta(minutes=2)
"""Longer than any request takes: a process that still holds a claim after that is no more."""
_KEY = re.compile(r"[\x21-\x7e]{1,255}")


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class Claim:
    """`key_hash` says whose key it is, `fingerprint` which request it came with."""

    key_hash: bytes
    fingerprint: bytes


def check_key(key: str) -> str:
    """Raises InvalidInputError."""
    if not _KEY.fullmatch(key):
        raise InvalidInputError("Idempotency-Key", "1 to 255 printable characters without spaces")
    return key


async def claim(session: Session, keyring: Keyring, wanted: Claim, *, now: datetime) -> Answer | None:
    """None: the request is yours to carry out. Otherwise the answer that it got before.

    Raises InvalidInputError for a key that came with another request; AlreadyUnderWayError while that one is carried out;
    RefusedError when it was, and nobody knows the answer.
    """
    taken = await session.fetchval(
        "INSERT INTO idempotency_keys AS k (key_hash, fingerprint, is_done, answer, claimed_until, created_at)"
        " VALUES ($1, $2, false, NULL, $3, $4) ON CONFLICT (key_hash) DO UPDATE SET"
        " fingerprint = excluded.fingerprint, is_done = false, answer = NULL,"
        " claimed_until = excluded.claimed_until, created_at = excluded.created_at"
        " WHERE k.created_at <= $5 OR (k.fingerprint = $2 AND NOT k.is_done AND k.claimed_until <= $4)"
        " RETURNING true",
        wanted.key_hash, wanted.fingerprint, now + CLAIMED_FOR, now, now - KEPT_FOR,
    )  # fmt: skip
    if taken:
        return None
    row = await session.fetchrow(
        "SELECT fingerprint, is_done, answer, claimed_until FROM idempotency_keys WHERE key_hash = $1",
        wanted.key_hash,
    )
    if row is None or (row["answer"] is None and row["claimed_until"] > now):
        raise AlreadyUnderWayError("the first request with this Idempotency-Key is still being carried out")
    if row["fingerprint"] != wanted.fingerprint:
        raise InvalidInputError("Idempotency-Key", "a new one: this one came with another request before")
    if row["answer"] is None:
        raise RefusedError(
            "the first request with this Idempotency-Key was carried out, at least in part, and its answer was lost:"
            " see what is there, and send what is missing with a new key"
        )
    return _opened(keyring, wanted, row["answer"])


async def mark_done(session: Session, wanted: Claim) -> None:
    """In each transaction that the request commits, so that what was done and this are never apart."""
    await session.execute("UPDATE idempotency_keys SET is_done = true WHERE key_hash = $1", wanted.key_hash)


async def keep(session: Session, keyring: Keyring, wanted: Claim, answer: Answer) -> None:
    """Encrypted, because an answer may hold a secret that is shown once."""
    plain = json.dump([answer.status, answer.headers, answer.body.decode("latin-1")])
    await session.execute(
        "UPDATE idempotency_keys SET is_done = true, answer = $2 WHERE key_hash = $1",
        wanted.key_hash, keyring.encrypt(plain, identity=_identity(wanted)),
    )  # fmt: skip


async def give_back(session: Session, wanted: Claim) -> bool:
    """Whether nothing was done, so that whoever comes next with the key begins anew."""
    removed = await session.execute(
        "DELETE FROM idempotency_keys WHERE key_hash = $1 AND NOT is_done", wanted.key_hash
    )
    return bool(removed)


def _opened(keyring: Keyring, wanted: Claim, sealed: bytes) -> Answer:
    status, headers, body = json.load(keyring.decrypt(sealed, identity=_identity(wanted)))
    return Answer(status, tuple((name, value) for name, value in headers), body.encode("latin-1"))


def _identity(wanted: Claim) -> str:
    return f"idempotency_keys:{wanted.key_hash.hex()}:answer"
