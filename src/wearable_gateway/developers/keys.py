"""API keys: how they are made, what is kept of them, and whose they are."""

import hmac
import re
import secrets
from uuid import UUID

from wearable_gateway.db.session import Session
from wearable_gateway.developers.models import ApiKey, Developer
from wearable_gateway.errors import InvalidInputError, NotFoundError, UnauthenticatedError
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.kit.ids import uuid7

_PREFIX = "wgk_"
_DEV_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,62}")
_LONGEST_KEY = 128


class KeyHasher:
    """Keys have 256 random bits, so a keyed hash is enough and costs microseconds, not the whole request."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def hash(self, key: str) -> bytes:
        return hmac.digest(self._secret, b"api-key:" + key.encode(), "sha256")


def check_dev_id(dev_id: str) -> str:
    if not _DEV_ID.fullmatch(dev_id):
        raise InvalidInputError("dev-id", "1 to 63 letters, digits and hyphens, not starting with a hyphen")
    return dev_id


async def create_developer(session: Session, name: str, dev_id: str | None = None) -> Developer:
    """Raises InvalidInputError when the name is empty or the dev-id is malformed or taken."""
    if not name.strip():
        raise InvalidInputError("name", "the developer's name as end users shall see it")
    developer = Developer(check_dev_id(dev_id or f"dev-{secrets.token_hex(6)}"), name.strip(), {})
    created = await session.execute(
        "INSERT INTO developers (dev_id, name, settings, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        developer.dev_id, developer.name, developer.settings, utc_now(),
    )  # fmt: skip
    if not created:
        raise InvalidInputError("dev-id", f"{developer.dev_id} exists already; choose another")
    return developer


async def find_developer(session: Session, dev_id: str) -> Developer:
    """Raises NotFoundError."""
    row = await session.fetchrow("SELECT dev_id, name, settings FROM developers WHERE dev_id = $1", dev_id)
    if row is None:
        raise NotFoundError("developer", "list them with `wearable-gateway developer list`")
    return Developer(**row)


async def list_developers(session: Session) -> list[Developer]:
    """Every developer, by name. For operators of the gateway and for the command line."""
    rows = await session.fetch("SELECT dev_id, name, settings FROM developers ORDER BY name, dev_id")
    return [Developer(**row) for row in rows]


async def issue_key(session: Session, hasher: KeyHasher, dev_id: str, name: str = "") -> tuple[ApiKey, str]:
    """A new key and its text, which is shown this once and kept nowhere. Raises NotFoundError."""
    await find_developer(session, dev_id)
    text = _PREFIX + secrets.token_urlsafe(32)
    key = ApiKey(uuid7(), name or "default", text[-4:], utc_now(), None)
    await session.execute(
        "INSERT INTO api_keys (dev_id, id, key_hmac, hint, name, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
        dev_id, key.id, hasher.hash(text), key.hint, key.name, key.created_at,
    )  # fmt: skip
    return key, text


async def list_keys(session: Session, dev_id: str) -> list[ApiKey]:
    rows = await session.fetch(
        "SELECT id, name, hint, created_at, revoked_at FROM api_keys WHERE dev_id = $1 ORDER BY id", dev_id
    )
    return [ApiKey(**row) for row in rows]


async def revoke_key(session: Session, dev_id: str, key_id: UUID) -> None:
    """Works at once in every process. Raises NotFoundError; revoking twice is fine."""
    found = await session.execute(
        "UPDATE api_keys SET revoked_at = coalesce(revoked_at, $3) WHERE dev_id = $1 AND id = $2",
        dev_id, key_id, utc_now(),
    )  # fmt: skip
    if not found:
        raise NotFoundError("API key")


async def authenticate(session: Session, hasher: KeyHasher, dev_id: str | None, key: str | None) -> Developer:
    """The developer whose live key this is. Raises UnauthenticatedError, never saying what was wrong."""
    if not dev_id or not key:
        raise UnauthenticatedError("dev-id or x-api-key headers are missing")
    row = None
    if len(key) <= _LONGEST_KEY and _DEV_ID.fullmatch(dev_id):
        row = await session.fetchrow(
            "SELECT d.dev_id, d.name, d.settings FROM api_keys k JOIN developers d ON d.dev_id = k.dev_id"
            " WHERE k.dev_id = $1 AND k.key_hmac = $2 AND k.revoked_at IS NULL",
            dev_id, hasher.hash(key),
        )  # fmt: skip
    if row is None:
        raise UnauthenticatedError("the dev-id and x-api-key do not match a live key")
    return Developer(**row)
