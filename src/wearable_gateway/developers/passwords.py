"""Passwords of operators: how they are kept, and whether one is right."""

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from wearable_gateway.errors import InvalidInputError

SHORTEST = 12
LONGEST = 1024

# https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#argon2id
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# One at a time: a flood of sign-ins costs one processor and 19 MiB, and leaves asyncio's own threads alone.
_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="passwords")


def check_password(password: str) -> str:
    """Raises InvalidInputError when it is too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise InvalidInputError("password", f"{SHORTEST} to {LONGEST} characters")
    return password


async def hash_password(password: str) -> str:
    return await asyncio.get_running_loop().run_in_executor(_thread, _hasher.hash, password)


async def is_right(kept: str | None, password: str) -> bool:
    """Takes as long when `kept` is None, so that nobody learns which operators there are."""
    return await asyncio.get_running_loop().run_in_executor(_thread, _verify, kept, password)


def needs_rehash(kept: str) -> bool:
    return _hasher.check_needs_rehash(kept)


@cache
def _nobodys_hash() -> str:
    return _hasher.hash(secrets.token_urlsafe())


def _verify(kept: str | None, password: str) -> bool:
    try:
        # One character too many matches nothing, and the rest would only cost time.
        _hasher.verify(kept or _nobodys_hash(), password[: LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None
