"""API keys as somebody makes and ends them: each change with a word to the audit, in the caller's transaction."""

import unicodedata
from uuid import UUID

from wearable_gateway.db.session import Session
from wearable_gateway.developers import audit, keys
from wearable_gateway.developers.keys import KeyHasher
from wearable_gateway.developers.models import ApiKey
from wearable_gateway.errors import InvalidInputError

LONGEST_NAME = 100


async def issue(
    session: Session, hasher: KeyHasher, dev_id: str, name: str = "", *, actor: str
) -> tuple[ApiKey, str]:
    """A new key and its text, which is shown this once. Raises NotFoundError, InvalidInputError."""
    key, text = await keys.issue_key(session, hasher, dev_id, check_name(name))
    await audit.record(
        session, dev_id, actor=actor, action="key.created", subject=_subject(key.id), after=_told(key)
    )
    return key, text


async def revoke(session: Session, dev_id: str, key_id: UUID, *, actor: str) -> None:
    """Ended at once, in every process. Raises NotFoundError; revoking twice is fine."""
    before = await keys.find_key(session, dev_id, key_id)
    if await keys.revoke_key(session, dev_id, key_id):
        await audit.record(
            session, dev_id, actor=actor, action="key.revoked", subject=_subject(key_id), before=_told(before)
        )


def check_name(name: str) -> str:
    """Without spaces around it; empty is fine. Raises InvalidInputError."""
    plain = name.strip()
    if len(plain) > LONGEST_NAME or any(unicodedata.category(one) == "Cc" for one in plain):
        raise InvalidInputError("name", f"what the key is for, in at most {LONGEST_NAME} characters")
    return plain


def _subject(key_id: UUID) -> str:
    return f"key:{key_id}"


def _told(key: ApiKey) -> dict[str, str]:
    return {"name": key.name, "hint": key.hint}
