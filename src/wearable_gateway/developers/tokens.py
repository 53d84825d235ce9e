"""Tokens that an app's front end may hold instead of an API key: short-lived, single use, for beginning a flow."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from wearable_gateway.db.session import Session
from wearable_gateway.developers.keys import check_dev_id, find_developer
from wearable_gateway.developers.models import Developer
from wearable_gateway.errors import InvalidInputError, UnauthenticatedError

LIFETIME = timedelta(seconds=180)
_BYTES = 32


@dataclass(frozen=True, slots=True)
class TokenHolder:
    """Whose token it was. `reference_id` None: it may speak for any of the developer's end users.

    `is_backend`: it was no token but the API key itself, so a backend and not a front end is asking.
    """

    developer: Developer
    reference_id: str | None
    is_backend: bool = False


async def issue_token(session: Session, dev_id: str, reference_id: str | None, *, now: datetime) -> str:
    """The token's text, which is kept nowhere."""
    text = secrets.token_hex(_BYTES)
    await session.execute(
        "INSERT INTO auth_tokens (dev_id, token_hash, reference_id, expires_at) VALUES ($1, $2, $3, $4)",
        dev_id, _hash(text), reference_id, now + LIFETIME,
    )  # fmt: skip
    return text


async def use_token(session: Session, dev_id: str, text: str, *, now: datetime) -> TokenHolder:
    """Raises UnauthenticatedError for a token that was used, is too old, never was, or is another developer's."""
    try:
        row = await session.fetchrow(
            "DELETE FROM auth_tokens WHERE dev_id = $1 AND token_hash = $2 AND expires_at > $3"
            " RETURNING reference_id",
            check_dev_id(dev_id), _hash(text), now,
        )  # fmt: skip
    except InvalidInputError:
        row = None
    if row is None:
        raise UnauthenticatedError("the dev-id and token do not match, or the token was used or is too old")
    return TokenHolder(await find_developer(session, dev_id), row["reference_id"])


def _hash(text: str) -> bytes:
    # 256 random bits need no key, and nothing of them outlives three minutes.
    return hashlib.sha256(text.encode(errors="replace")).digest()
