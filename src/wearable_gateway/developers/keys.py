"""API keys: how they are made, what is kept of them, and whose they are."""

import hashlib
import hmac
import re
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from wearable_gateway.db.session import Row, Session
from wearable_gateway.developers.models import ApiKey, Developer, Environment
from wearable_gateway.errors import InvalidInputError, NotFoundError, UnauthenticatedError
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.kit.ids import uuid7

_PREFIX = "wgk_"
_COLUMNS = "dev_id, name, settings, account, environment"
_KEY_COLUMNS = "id, name, hint, created_at, last_used_at, revoked_at"
_DEV_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,62}")
_LONGEST_KEY = 128
_USE_IS_NOTED_EVERY = timedelta(hours=1)
FIRST_HEALTHCHECK = timedelta(hours=1)


class KeyHasher:
    """Keys have 256 random bits, so a keyed hash is enough and costs microseconds, not the whole request."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def hash(self, key: str, *, label: str = "api-key") -> bytes:
        """`label` keeps one kind of key from ever being taken for another."""
        return hmac.digest(self._secret, f"{label}:{key}".encode(), "sha256")


def check_dev_id(dev_id: str) -> str:
    if not _DEV_ID.fullmatch(dev_id):
        raise InvalidInputError("dev-id", "1 to 63 letters, digits and hyphens, not starting with a hyphen")
    return dev_id


def _check_account(account: str) -> str:
    if not _DEV_ID.fullmatch(account):
        raise InvalidInputError("account", "1 to 63 letters, digits and hyphens, not starting with a hyphen")
    return account


async def create_developer(
    session: Session,
    name: str,
    dev_id: str | None = None,
    *,
    environment: Environment = Environment.PRODUCTION,
    account: str | None = None,
) -> Developer:
    """One environment of a developer account; without `account`, the first one of a new account.

    Raises InvalidInputError when the name is empty, the dev-id or account is malformed, or the dev-id or this
    environment of the account is taken.
    """
    if not name.strip():
        raise InvalidInputError("name", "the developer's name as end users shall see it")
    known = check_dev_id(dev_id or f"dev-{secrets.token_hex(6)}")
    developer = Developer(known, name.strip(), {}, _check_account(account or known), environment)
    await _check_environment(session, developer)
    now = utc_now()
    created = await session.execute(
        "INSERT INTO developers (dev_id, name, account, environment, settings, healthcheck_at, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
        developer.dev_id, developer.name, developer.account, developer.environment.value, developer.settings,
        now + FIRST_HEALTHCHECK, now,
    )  # fmt: skip
    if not created:
        raise InvalidInputError("dev-id", f"{developer.dev_id} exists already; choose another")
    return developer


async def _check_environment(session: Session, developer: Developer) -> None:
    # No unique key can say this, because all of them begin with dev_id: one account's creations take turns instead.
    turn = hashlib.sha256(f"account:{developer.account}".encode()).digest()
    await session.execute("SELECT pg_advisory_xact_lock($1)", int.from_bytes(turn[:8], signed=True))
    taken = await session.fetchval(
        "SELECT dev_id FROM developers WHERE account = $1 AND environment = $2 AND dev_id <> $3",
        developer.account, developer.environment.value, developer.dev_id,
    )  # fmt: skip
    if taken is not None:
        raise InvalidInputError(
            "environment",
            f"another one; the {developer.environment} of account {developer.account} is {taken}",
        )


async def find_developer(session: Session, dev_id: str) -> Developer:
    """Raises NotFoundError."""
    row = await session.fetchrow(f"SELECT {_COLUMNS} FROM developers WHERE dev_id = $1", dev_id)
    if row is None:
        raise NotFoundError("developer")
    return _read(row)


async def lock_developer(session: Session, dev_id: str) -> Developer:
    """The developer, whose settings nobody else changes until the transaction ends. Raises NotFoundError."""
    # Not FOR UPDATE: what refers to the developer may go on being written.
    row = await session.fetchrow(
        f"SELECT {_COLUMNS} FROM developers WHERE dev_id = $1 FOR NO KEY UPDATE", dev_id
    )
    if row is None:
        raise NotFoundError("developer")
    return _read(row)


def _read(row: Row) -> Developer:
    return Developer(
        dev_id=row["dev_id"],
        name=row["name"],
        settings=row["settings"],
        account=row["account"],
        environment=Environment(row["environment"]),
    )


async def list_developers(session: Session) -> list[Developer]:
    """Every developer, by name. For operators of the gateway and for the command line."""
    rows = await session.fetch(f"SELECT {_COLUMNS} FROM developers ORDER BY name, dev_id")
    return [_read(row) for row in rows]


async def page_of_developers(
    session: Session, *, after: str = "", limit: int = 100
) -> list[tuple[Developer, datetime]]:
    """Developers by dev-id, from the one behind `after` on, each with the moment it was created."""
    rows = await session.fetch(
        f"SELECT {_COLUMNS}, created_at FROM developers WHERE dev_id > $1 ORDER BY dev_id LIMIT $2",
        after,
        limit,
    )
    return [(_read(row), row["created_at"]) for row in rows]


async def issue_key(session: Session, hasher: KeyHasher, dev_id: str, name: str = "") -> tuple[ApiKey, str]:
    """A new key and its text, which is shown this once and kept nowhere. Raises NotFoundError."""
    await find_developer(session, dev_id)
    text = _PREFIX + secrets.token_urlsafe(32)
    key = ApiKey(uuid7(), name or "default", text[-4:], utc_now(), None, None)
    await session.execute(
        "INSERT INTO api_keys (dev_id, id, key_hmac, hint, name, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
        dev_id, key.id, hasher.hash(text), key.hint, key.name, key.created_at,
    )  # fmt: skip
    return key, text


async def list_keys(session: Session, dev_id: str) -> list[ApiKey]:
    rows = await session.fetch(f"SELECT {_KEY_COLUMNS} FROM api_keys WHERE dev_id = $1 ORDER BY id", dev_id)
    return [ApiKey(**row) for row in rows]


async def find_key(session: Session, dev_id: str, key_id: UUID) -> ApiKey:
    """Raises NotFoundError."""
    row = await session.fetchrow(
        f"SELECT {_KEY_COLUMNS} FROM api_keys WHERE dev_id = $1 AND id = $2", dev_id, key_id
    )
    if row is None:
        raise NotFoundError("API key")
    return ApiKey(**row)


async def revoke_key(session: Session, dev_id: str, key_id: UUID) -> bool:
    """Works at once in every process. Whether it was this call that ended it. Raises NotFoundError."""
    revoked = await session.execute(
        "UPDATE api_keys SET revoked_at = $3 WHERE dev_id = $1 AND id = $2 AND revoked_at IS NULL",
        dev_id, key_id, utc_now(),
    )  # fmt: skip
    if not revoked:
        await find_key(session, dev_id, key_id)
    return bool(revoked)


async def authenticate(session: Session, hasher: KeyHasher, dev_id: str | None, key: str | None) -> Developer:
    """The developer whose live key this is. Raises UnauthenticatedError, never saying what was wrong."""
    if not dev_id or not key:
        raise UnauthenticatedError("dev-id or x-api-key headers are missing")
    row = None
    if len(key) <= _LONGEST_KEY and _DEV_ID.fullmatch(dev_id):
        row = await session.fetchrow(
            "SELECT d.dev_id, d.name, d.settings, d.account, d.environment, k.id, k.last_used_at"
            " FROM api_keys k JOIN developers d ON d.dev_id = k.dev_id"
            " WHERE k.dev_id = $1 AND k.key_hmac = $2 AND k.revoked_at IS NULL",
            dev_id, hasher.hash(key),
        )  # fmt: skip
    if row is None:
        raise UnauthenticatedError("the dev-id and x-api-key do not match a live key")
    await _note_use(session, row)
    return _read(row)


async def _note_use(session: Session, key: Row) -> None:
    """Once an hour, so that a request costs no write."""
    now = utc_now()
    if key["last_used_at"] is None or key["last_used_at"] < now - _USE_IS_NOTED_EVERY:
        await session.execute(
            "UPDATE api_keys SET last_used_at = $3 WHERE dev_id = $1 AND id = $2",
            key["dev_id"],
            key["id"],
            now,
        )
